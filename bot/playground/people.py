"""What people do: write, press buttons, block the bot, found groups, come and go."""

from __future__ import annotations

from collections.abc import Iterable

from bot.playground.chats import IN_CHARGE, PRESENT, Chat, ChatType, Message, User
from bot.playground.entities import FormattedText, with_automatic
from bot.playground.errors import ImpossibleError
from bot.playground.queries import CallbackQuery
from bot.playground.wire import Json
from bot.playground.world import World

LONGEST_TEXT = 4096


def say(
    world: World,
    user: User,
    chat: Chat,
    text: str,
    *,
    reply_to: int | None = None,
    thread_id: int | None = None,
    anonymous: bool = False,
) -> Message:
    """Write a message. Writing in the private chat starts the bot; in a channel only administrators write.

    An administrator can write in the group's name, and then does everything else hidden behind it too.
    """
    must_be_able_to_write(chat, user)
    if anonymous:
        must_be_in_charge(chat, user)
        if chat.type != "supergroup":
            raise ImpossibleError("only in a supergroup an administrator writes in its name")
        chat.anonymous.add(user.id)
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise ImpossibleError(f"a message has 1 to {LONGEST_TEXT} characters")
    if thread_id is not None and thread_id not in chat.topics:
        raise ImpossibleError(f"there is no topic {thread_id}")
    replied = chat.message(reply_to)
    if reply_to is not None and replied is None:
        raise ImpossibleError(f"there is no message {reply_to} to reply to")
    if chat.type == "private":
        user.started = True
    formatted = with_automatic(FormattedText(text.strip()))
    content: Json = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = list(formatted.entities)
    thread_id = thread_id if replied is None else _thread_of_reply(chat, replied)
    return world.post(chat, user, content, thread_id=thread_id, reply_to=replied, is_anonymous=anonymous)


def press(
    world: World, user: User, chat: Chat, message_id: int, *, text: str | None = None, data: str | None = None
) -> CallbackQuery:
    """Press a button of the bot's message, found by its text or its data."""
    must_be_in(chat, user)
    message = chat.message(message_id)
    if message is None:
        raise ImpossibleError(f"there is no message {message_id}")
    if chat.type == "private" and chat.owner is user and user.blocked:
        raise ImpossibleError(f"{user.first_name} has blocked the bot")
    buttons = [button for row in message.inline_keyboard for button in row]
    fitting = [b for b in buttons if text in (None, b["text"]) and data in (None, b.get("callback_data"))]
    if (text is None and data is None) or not fitting:
        raise ImpossibleError(f"no button {text or data!r} among {[button['text'] for button in buttons]}")
    if "callback_data" not in fitting[0]:
        raise ImpossibleError(f"the button {fitting[0]['text']!r} asks the bot nothing")
    return world.ask(user, message, fitting[0]["callback_data"])


def block(world: World, user: User) -> None:
    """Block the bot in the private chat."""
    world.change_status(world.chat(user.id), world.bot, "kicked", user)
    user.blocked = True


def unblock(world: World, user: User) -> None:
    world.change_status(world.chat(user.id), world.bot, "member", user)
    user.blocked = False


def found_chat(
    world: World,
    chat_type: ChatType,
    title: str,
    members: Iterable[User],
    *,
    administrators: Iterable[User] = (),
    username: str | None = None,
    is_forum: bool = False,
) -> Chat:
    """A group or channel whose first member is its owner."""
    owner, *others = members
    chat = world.add_chat(chat_type, title, owner, username=username, is_forum=is_forum)
    chat.statuses |= {user.id: "member" for user in others}
    chat.statuses |= {user.id: "administrator" for user in administrators if user is not owner}
    return chat


def open_topic(world: World, chat: Chat, user: User, name: str) -> int:
    """A new topic; its id is that of the service message that opens it."""
    must_be_in(chat, user)
    if not chat.is_forum:
        raise ImpossibleError("the chat has no topics")
    thread_id = len(chat.messages) + 1
    chat.topics[thread_id] = name
    world.post(chat, user, {"forum_topic_created": {"name": name, "icon_color": 7_322_096}}, thread_id=thread_id)
    return thread_id


def close_topic(world: World, chat: Chat, thread_id: int) -> None:
    """Close a topic: only administrators write there from now on."""
    if thread_id not in chat.topics or chat.owner is None:
        raise ImpossibleError(f"there is no topic {thread_id}")
    chat.closed.add(thread_id)
    world.post(chat, chat.owner, {"forum_topic_closed": {}}, thread_id=thread_id)


def upgrade(world: World, chat: Chat) -> Chat:
    """Turn a group into a supergroup with another id, as Telegram does behind everybody's back."""
    if chat.type != "group" or chat.migrated_to is not None or chat.owner is None:
        raise ImpossibleError("only a group can be upgraded")
    upgraded = world.add_chat("supergroup", chat.title, chat.owner)
    upgraded.statuses = dict(chat.statuses)
    world.post(chat, chat.owner, {"migrate_to_chat_id": upgraded.id})
    chat.migrated_to = upgraded.id
    world.post(upgraded, chat.owner, {"migrate_from_chat_id": chat.id})
    return upgraded


def must_be_in(chat: Chat, user: User) -> None:
    """Nobody does anything in a chat from outside, or in a group that has become a supergroup."""
    if not chat.is_unseen and chat.status(user) not in PRESENT:
        raise ImpossibleError(f"{user.first_name} is not in the chat")
    if chat.migrated_to is not None:
        raise ImpossibleError(f"the group has moved to {chat.migrated_to}")


def must_be_able_to_write(chat: Chat, user: User) -> None:
    """In a channel only administrators write, and nobody does to a bot that they have blocked."""
    must_be_in(chat, user)
    if chat.type == "channel" and not chat.is_unseen:
        must_be_in_charge(chat, user)
    if chat.type == "private" and chat.owner is user and user.blocked:
        raise ImpossibleError(f"{user.first_name} has blocked the bot")


def must_be_in_charge(chat: Chat, user: User) -> None:
    """Only the owner and administrators let others in or out."""
    if chat.status(user) not in IN_CHARGE:
        raise ImpossibleError(f"{user.first_name} is not in charge of the chat")


def _thread_of_reply(chat: Chat, replied: Message) -> int | None:
    """In a supergroup without topics too, replies carry the id of the message that began the thread."""
    if replied.thread_id is not None or chat.type != "supergroup" or chat.is_forum:
        return replied.thread_id
    return replied.message_id
