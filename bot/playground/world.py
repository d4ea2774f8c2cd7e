"""The state of everything: who there is, what was said, and what happened in which order."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from itertools import count
from typing import Literal

from bot.playground.ballots import Poll
from bot.playground.chats import IN_CHARGE, PRESENT, Chat, ChatType, Message, Status, User
from bot.playground.entities import utf16_slice
from bot.playground.errors import ImpossibleError
from bot.playground.faults import Faults
from bot.playground.journal import Journal
from bot.playground.limits import Limits
from bot.playground.queries import CallbackQuery, InlineCache, InlineQuery
from bot.playground.signals import Signal
from bot.playground.updates import Updates
from bot.playground.wire import Json

EventKind = Literal["message", "edit", "delete", "action", "answer", "poll"]
FIRST_USER_ID = 5_100_000_001
FIRST_GROUP_ID = -4_200_000_001
FIRST_SUPERGROUP_ID = -1_002_100_000_001
FIRST_UNSEEN_ID = -9_000_000_000_001
EVENTS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a person in the chat could see. `number` rises by one over all chats."""

    number: int
    kind: EventKind
    chat_id: int
    by_bot: bool
    thread_id: int | None
    content: Json

    def json(self) -> Json:
        return {
            "number": self.number,
            "kind": self.kind,
            "chat_id": self.chat_id,
            "by_bot": self.by_bot,
            "message_thread_id": self.thread_id,
            "content": self.content,
        }


class World:
    """One bot, the people around it, and their chats."""

    def __init__(self, bot_id: int, *, bot_name: str = "Footnote", bot_username: str = "footnote_bot") -> None:
        self.bot = User(bot_id, bot_name, username=bot_username, is_bot=True)
        self.reads_all_messages = False
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, CallbackQuery] = {}
        self.inline_mode = True
        self.inline_feedback = False
        self.inline_queries: dict[str, InlineQuery] = {}
        self.inline_cache = InlineCache()
        self.inline_messages: dict[str, Message] = {}
        self.polls: dict[str, Poll] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.signal = Signal()
        self.updates = Updates(self.signal)
        self.events: deque[Event] = deque(maxlen=EVENTS_KEPT)
        self.journal = Journal()
        self.faults = Faults()
        self.limits = Limits()
        self._event_numbers = count(1)
        self._user_ids = count(FIRST_USER_ID)
        self._group_ids = count(FIRST_GROUP_ID, -1)
        self._supergroup_ids = count(FIRST_SUPERGROUP_ID, -1)
        self.poll_ids = count(5_300_000_000_000_000_001)
        self._unseen_ids = count(FIRST_UNSEEN_ID, -1)
        self._query_ids = count(4_800_000_000_000_000_001)

    @property
    def position(self) -> int:
        """The number of the newest event."""
        return self.events[-1].number if self.events else 0

    def close(self) -> None:
        """Let everybody go who waits, and stop the clocks of the polls."""
        for poll in self.polls.values():
            poll.stop_clock()
        self.signal.close()

    def user(self, user_id: int) -> User:
        if user_id == self.bot.id:
            return self.bot
        if user_id not in self.users:
            raise ImpossibleError(f"there is no user {user_id}")
        return self.users[user_id]

    def chat(self, chat_id: int) -> Chat:
        if chat_id not in self.chats:
            raise ImpossibleError(f"there is no chat {chat_id}")
        return self.chats[chat_id]

    def find_chat(self, chat_id: int | str) -> Chat | None:
        """By id, or a public supergroup or channel by its @name; as the bot finds it."""
        if isinstance(chat_id, int):
            chat = self.chats.get(chat_id)
            return None if chat is None or chat.is_unseen else chat
        name = chat_id.removeprefix("@").lower()
        public = (chat for chat in self.chats.values() if chat.type in ("supergroup", "channel") and chat.username)
        return next((chat for chat in public if chat.username and chat.username.lower() == name), None)

    def add_user(
        self,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
        user_id: int | None = None,
        started: bool = False,
    ) -> User:
        """A new person, with a private chat that the bot may not write to before it is spoken to (`started`)."""
        number = user_id or next(self._user_ids)
        user = User(number, first_name, last_name, username, language_code, started=started)
        if user.id in self.users or user.id == self.bot.id:
            raise ImpossibleError(f"there is a user {user.id} already")
        self.users[user.id] = user
        self.chats[user.id] = Chat(user.id, "private", owner=user, statuses={user.id: "member", self.bot.id: "member"})
        return user

    def add_chat(
        self, chat_type: ChatType, title: str, owner: User, *, username: str | None = None, is_forum: bool = False
    ) -> Chat:
        """A new group with nobody but its owner."""
        if chat_type == "private":
            raise ImpossibleError("a private chat comes with its user")
        if (chat_type == "group" and username) or (chat_type != "supergroup" and is_forum):
            raise ImpossibleError("only a supergroup has topics, and a group no username")
        chat_id = next(self._group_ids if chat_type == "group" else self._supergroup_ids)
        chat = Chat(chat_id, chat_type, title, username, is_forum, owner, {owner.id: "creator"})
        self.chats[chat.id] = chat
        return chat

    def add_unseen_chat(self, chat_type: ChatType) -> Chat:
        """A chat of people whom the bot will meet only by what they press."""
        chat = Chat(next(self._unseen_ids), chat_type, "Somewhere", is_unseen=True)
        self.chats[chat.id] = chat
        return chat

    def post(
        self,
        chat: Chat,
        sender: User,
        content: Json,
        *,
        thread_id: int | None = None,
        reply_to: Message | None = None,
        markup: Json | None = None,
        is_anonymous: bool = False,
        is_protected: bool = False,
        via_bot: User | None = None,
        inline_message_id: str | None = None,
    ) -> Message:
        """Put a message into a chat; people's messages go to the bot as far as it may read them."""
        message = Message(chat, len(chat.messages) + 1, sender, int(time.time()), content, thread_id, reply_to, markup)
        message.is_anonymous, message.is_protected = is_anonymous, is_protected
        message.via_bot, message.inline_message_id = via_bot, inline_message_id
        chat.messages[message.message_id] = message
        self.record("message", message)
        if sender is not self.bot and self._reaches_bot(message):
            self.updates.add("channel_post" if chat.type == "channel" else "message", message.json())
        return message

    def record(self, kind: EventKind, message: Message) -> Event:
        by_bot = self.bot in (message.sender, message.via_bot)
        return self.note(kind, message.chat, message.json(), by_bot=by_bot, thread_id=message.thread_id)

    def note(
        self, kind: EventKind, chat: Chat, content: Json, *, by_bot: bool = True, thread_id: int | None = None
    ) -> Event:
        event = Event(next(self._event_numbers), kind, chat.id, by_bot, thread_id, content)
        self.events.append(event)
        self.signal.notify()
        return event

    def change_status(
        self, chat: Chat, user: User, status: Status, by: User, lacking: frozenset[str] = frozenset()
    ) -> None:
        """Let somebody join, leave or rise, or take rights away, and tell the bot what it is told of that."""
        before, told_before = chat.status(user), chat.member_json(user)
        if (before, chat.lacking.get(user.id, frozenset())) == (status, lacking):
            raise ImpossibleError(f"{user.first_name} is {status} already")
        chat.statuses[user.id], chat.lacking[user.id] = status, lacking
        change = {
            "chat": chat.json(),
            "from": by.json(),
            "date": int(time.time()),
            "old_chat_member": told_before,
            "new_chat_member": chat.member_json(user),
        }
        if user is self.bot:
            self.updates.add("my_chat_member", change)
        elif chat.status(self.bot) in IN_CHARGE:
            self.updates.add("chat_member", change)
        if chat.type not in ("private", "channel"):
            self._tell_of_change(chat, user, came=before not in PRESENT, gone=status not in PRESENT, by=by)

    def _tell_of_change(self, chat: Chat, user: User, *, came: bool, gone: bool, by: User) -> None:
        if came and not gone:
            self.post(chat, by, {"new_chat_members": [user.json()]})
        elif gone and not came:
            self.post(chat, by, {"left_chat_member": user.json()})

    def next_query_id(self) -> str:
        return str(next(self._query_ids))

    def ask(self, user: User, message: Message, data: str) -> CallbackQuery:
        """A press on a button of the bot's message."""
        query = CallbackQuery(self.next_query_id(), user, message, data)
        self.queries[query.id] = query
        self.updates.add("callback_query", query.json())
        return query

    def _reaches_bot(self, message: Message) -> bool:
        """Privacy mode: of a group's talk, a bot that isn't in charge sees only what is meant for it."""
        chat = message.chat
        if chat.is_unseen:
            return False
        if chat.type == "private":
            return True  # a channel's posts reach it as an administrator, the only thing that it can be there
        status = chat.status(self.bot)
        if status not in PRESENT:
            return False
        if self.reads_all_messages or status in IN_CHARGE or message.is_service or message.via_bot is self.bot:
            return True
        replied = message.reply_to is not None and message.reply_to.sender is self.bot
        return replied or any(self._calls_bot(message, entity) for entity in message.content.get("entities", ()))

    def _calls_bot(self, message: Message, entity: Json) -> bool:
        covered = utf16_slice(message.content.get("text", ""), entity["offset"], entity["length"]).lower()
        name = f"@{self.bot.username}".lower()
        if entity["type"] == "bot_command":
            return entity["offset"] == 0 and covered.partition("@")[1:] in (("", ""), ("@", name[1:]))
        return bool(entity["type"] == "mention" and covered == name)
