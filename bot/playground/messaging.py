"""The Bot API methods that put messages into chats, change them, and answer presses."""

from __future__ import annotations

import time
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from bot.playground.chats import IN_CHARGE, PRESENT, Chat, Message
from bot.playground.contents import as_json, read, text_content, told_entities
from bot.playground.entities import trimmed, with_automatic
from bot.playground.errors import ApiError, bad_request, forbidden
from bot.playground.parameters import (
    AnswerCallbackQuery,
    ChatId,
    DeleteMessage,
    EditMessageReplyMarkup,
    EditMessageText,
    Formatted,
    ReplyParameters,
    SendChatAction,
    SendMessage,
    SendPhoto,
    Sent,
    SentMessage,
)
from bot.playground.photos import measured
from bot.playground.wire import Json
from bot.playground.world import World

LONGEST_CAPTION = 1024
GENERAL_TOPIC = 1
DELETABLE_FOR = timedelta(hours=48)


def send_message(world: World, given: SendMessage) -> Json:
    content = text_content(world, given, too_long="message is too long")
    return send(world, given, content, "can_send_messages", "text messages").json()


def send_photo(world: World, given: SendPhoto) -> Json:
    width, height = measured(given.photo)
    caption = Formatted(text=given.caption, parse_mode=given.parse_mode, entities=given.caption_entities)
    formatted = with_automatic(trimmed(read(caption)))
    if len(formatted.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    number = sha256(given.photo).hexdigest()
    size = {"file_id": f"photo-{number[:24]}", "file_unique_id": number[:12], "width": width, "height": height}
    content: Json = {"photo": [{**size, "file_size": len(given.photo)}]}
    if formatted.text:
        content["caption"] = formatted.text
    if entities := told_entities(world, formatted):
        content["caption_entities"] = entities
    return send(world, given, content, "can_send_photos", "photos").json()


def send(world: World, given: Sent, content: Json, right: str, what: str) -> Message:
    """Put the content into the chat that it is meant for, if the bot has this right there."""
    chat = writable_chat(world, given.chat_id)
    if not chat.has_right(world.bot, right):
        raise ApiError(400, f"Bad Request: not enough rights to send {what} to the chat", is_violation=False)
    thread_id = _thread(world, chat, given.message_thread_id)
    reply_to = _replied(chat, given.reply_parameters)
    if reply_to is not None and thread_id is None:
        thread_id = reply_to.thread_id
    return world.post(
        chat,
        world.bot,
        content,
        thread_id=thread_id,
        reply_to=reply_to,
        markup=as_json(given.reply_markup),
        is_protected=given.protect_content,
    )


def edit_message_text(world: World, given: EditMessageText) -> Json | bool:
    message = _own_message(world, given)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    content = text_content(world, given, too_long="MESSAGE_TOO_LONG")
    return _edit(world, message, content, as_json(given.reply_markup))


def edit_message_reply_markup(world: World, given: EditMessageReplyMarkup) -> Json | bool:
    message = _own_message(world, given)
    return _edit(world, message, message.content, as_json(given.reply_markup))


def delete_message(world: World, given: DeleteMessage) -> bool:
    chat = writable_chat(world, given.chat_id)
    message = chat.message(given.message_id)
    if message is None:
        raise bad_request("message to delete not found")
    own_or_in_charge = message.sender is world.bot or chat.type == "private" or chat.status(world.bot) in IN_CHARGE
    if not own_or_in_charge or time.time() - message.date > DELETABLE_FOR.total_seconds():
        raise bad_request("message can't be deleted")
    message.deleted = True
    world.record("delete", message)
    return True


def send_chat_action(world: World, given: SendChatAction) -> bool:
    chat = writable_chat(world, given.chat_id)
    thread_id = _thread(world, chat, given.message_thread_id)
    world.note("action", chat, {"action": given.action}, thread_id=thread_id)
    return True


def answer_callback_query(world: World, given: AnswerCallbackQuery) -> bool:
    query = world.queries.get(given.callback_query_id)
    if query is None or not query.is_open:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if given.url is not None and not _opens_the_bot(world, given.url):
        raise bad_request("URL_INVALID")
    query.answer = {"text": given.text or "", "show_alert": given.show_alert, "url": given.url}
    world.note("answer", query.message.chat, {"id": query.id, **query.answer}, thread_id=query.message.thread_id)
    return True


def known_chat(world: World, chat_id: ChatId) -> Chat:
    """The chat, if the bot has ever met it."""
    chat = world.find_chat(chat_id)
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        description = "Bad Request: group chat was upgraded to a supergroup chat"
        raise ApiError(400, description, migrated_to=chat.migrated_to)
    return chat


def writable_chat(world: World, chat_id: ChatId) -> Chat:
    """The chat, if the bot may write to it."""
    chat = known_chat(world, chat_id)
    if chat.type == "private" and chat.owner is not None:
        if chat.owner.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.owner.started:
            raise forbidden("bot can't initiate conversation with a user")
    elif (status := chat.status(world.bot)) not in PRESENT:
        happened = "was kicked from" if status == "kicked" else "is not a member of"
        raise forbidden(f"bot {happened} the {chat.type} chat")
    elif chat.type == "channel" and not (status in IN_CHARGE and chat.has_right(world.bot, "can_post_messages")):
        raise ApiError(400, "Bad Request: need administrator rights in the channel chat", is_violation=False)
    return chat


def _thread(world: World, chat: Chat, thread_id: int | None) -> int | None:
    if thread_id is not None and (thread_id == GENERAL_TOPIC or thread_id not in chat.topics):
        raise bad_request("message thread not found")
    if thread_id in chat.closed and chat.status(world.bot) not in IN_CHARGE:
        raise ApiError(400, "Bad Request: TOPIC_CLOSED", is_violation=False)
    return thread_id


def _replied(chat: Chat, given: ReplyParameters | None) -> Message | None:
    if given is None:
        return None
    elsewhere = given.chat_id not in (None, chat.id)
    message = None if elsewhere else chat.message(given.message_id)
    if message is None and not given.allow_sending_without_reply:
        raise bad_request("message to be replied not found")
    if message and given.quote is not None and given.quote not in message.content.get("text", ""):
        raise bad_request("QUOTE_TEXT_INVALID")
    return message


def _own_message(world: World, given: SentMessage) -> Message:
    if given.inline_message_id is not None or given.chat_id is None:
        return _inline_message(world, given)
    message = writable_chat(world, given.chat_id).message(given.message_id)
    if message is None:
        raise bad_request("message to edit not found")
    has_other_keyboard = message.markup is not None and "inline_keyboard" not in message.markup
    if message.sender is not world.bot or message.is_service or has_other_keyboard:
        raise bad_request("message can't be edited")
    return message


def _inline_message(world: World, given: SentMessage) -> Message:
    if given.chat_id is not None or given.message_id is not None:
        raise bad_request("inline_message_id can't be combined with chat_id and message_id")
    message = world.inline_messages.get(given.inline_message_id or "")
    if message is None:
        raise bad_request("MESSAGE_ID_INVALID")
    return message


def _edit(world: World, message: Message, content: Json, markup: Json | None) -> Json | bool:
    """An edit that doesn't name the keyboard takes it away. An inline message is not told back."""
    rows = (markup or {}).get("inline_keyboard", [])
    if content == message.content and rows == message.inline_keyboard:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    message.earlier.append({**message.content, "reply_markup": message.markup, "at": message.shown_since})
    message.content, message.markup = content, markup
    message.shown_since = time.time()
    message.edit_date = int(message.shown_since)
    world.record("edit", message)
    return True if message.inline_message_id is not None else message.json()


def _opens_the_bot(world: World, url: str) -> bool:
    parts = urlsplit(url if "://" in url else f"https://{url}")
    return parts.hostname == "t.me" and parts.path.strip("/") == world.bot.username and bool(parts.query)
