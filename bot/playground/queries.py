"""What people ask the bot and wait for an answer to: pressed buttons and inline queries."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bot.playground.chats import Message, User
from bot.playground.wire import Json

CALLBACK_LIFETIME_SECONDS = 60
INLINE_LIFETIME_SECONDS = 30  # how long it really is Telegram doesn't tell
InlineChatType: TypeAlias = Literal["sender", "private", "group", "supergroup", "channel"]


@dataclass(slots=True, eq=False)
class CallbackQuery:
    """A pressed button. It can be answered once, within CALLBACK_LIFETIME_SECONDS."""

    id: str
    user: User
    message: Message
    data: str
    asked_at: float = field(default_factory=time.monotonic)
    expired: bool = False
    answer: Json | None = None

    @property
    def is_open(self) -> bool:
        in_time = time.monotonic() - self.asked_at < CALLBACK_LIFETIME_SECONDS
        return self.answer is None and in_time and not self.expired

    def json(self) -> Json:
        """Of a message that was sent inline, the bot is told nothing but the id."""
        inline_message_id = self.message.inline_message_id
        return {
            "id": self.id,
            "from": self.user.json(),
            **({"inline_message_id": inline_message_id} if inline_message_id else {"message": self.message.json()}),
            "chat_instance": str(7_300_000_000_000_000_000 + self.message.chat.id),
            "data": self.data,
        }


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One thing to choose: how it is shown in the list, and the message that it becomes."""

    id: str
    shown: Json
    content: Json
    markup: Json | None


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What the bot offers. `is_personal` keeps it from others who type the same."""

    results: Sequence[InlineResult]
    next_offset: str
    button: Json | None
    cache_time: int
    is_personal: bool

    def json(self) -> Json:
        return {
            "results": [result.shown for result in self.results],
            "next_offset": self.next_offset,
            "button": self.button,
            "cache_time": self.cache_time,
            "is_personal": self.is_personal,
        }


@dataclass(slots=True, eq=False)
class InlineQuery:
    """What somebody typed after the bot's name. It can be answered once, within INLINE_LIFETIME_SECONDS."""

    id: str
    user: User
    query: str
    offset: str
    chat_type: InlineChatType
    asked_at: float = field(default_factory=time.monotonic)
    expired: bool = False
    answer: InlineAnswer | None = None
    is_cached: bool = False

    @property
    def is_open(self) -> bool:
        in_time = time.monotonic() - self.asked_at < INLINE_LIFETIME_SECONDS
        return self.answer is None and in_time and not self.expired

    def json(self) -> Json:
        return {
            "id": self.id,
            "from": self.user.json(),
            "chat_type": self.chat_type,
            "query": self.query,
            "offset": self.offset,
        }


class InlineCache:
    """Answers that Telegram gives by itself to who types the same again."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, int | None], tuple[float, InlineAnswer]] = {}

    def keep(self, query: InlineQuery, answer: InlineAnswer) -> None:
        if answer.cache_time:
            reader = query.user.id if answer.is_personal else None
            self._kept[query.query, query.offset, reader] = (time.monotonic() + answer.cache_time, answer)

    def find(self, query: InlineQuery) -> InlineAnswer | None:
        for reader in (query.user.id, None):
            until, answer = self._kept.get((query.query, query.offset, reader), (0.0, None))
            if time.monotonic() < until:
                return answer
        return None
