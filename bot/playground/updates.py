"""The queue of updates that `getUpdates` reads."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from http import HTTPStatus
from itertools import count
from typing import get_args

from bot.playground.errors import ApiError, ImpossibleError
from bot.playground.parameters import UpdateKind
from bot.playground.signals import Signal
from bot.playground.wire import Json

LEFT_OUT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
BY_DEFAULT = frozenset(get_args(UpdateKind)) - LEFT_OUT_BY_DEFAULT
FIRST_ID = 730_100_000
LONGEST_POLL_SECONDS = 50
KEPT = 10_000


class Updates:
    """Updates wait here until an offset confirms them; the newest stay known for redelivery."""

    def __init__(self, signal: Signal) -> None:
        self._signal = signal
        self._ids = count(FIRST_ID)
        self._waiting: deque[Json] = deque()
        self._again: list[Json] = []
        self._polls = 0
        self.allowed: frozenset[str] = BY_DEFAULT
        self.history: deque[Json] = deque(maxlen=KEPT)

    def __len__(self) -> int:
        return len(self._waiting) + len(self._again)

    def allow(self, kinds: Iterable[str]) -> None:
        """Keep to these kinds from now on; none at all means the default."""
        self.allowed = frozenset(kinds) or BY_DEFAULT

    def add(self, kind: UpdateKind, content: Json) -> int | None:
        """Queue an update; its id, or None when the bot doesn't want this kind."""
        if kind not in self.allowed:
            return None
        update: Json = {"update_id": next(self._ids), kind: content}
        self._waiting.append(update)
        self.history.append(update)
        self._signal.notify()
        return int(update["update_id"])

    def redeliver(self, update_id: int | None = None) -> int:
        """Hand out an update once more (the newest one when none is named), also when it was confirmed."""
        for update in reversed(self.history):
            if update_id in (None, update["update_id"]):
                self._again.append(update)
                self._signal.notify()
                return int(update["update_id"])
        raise ImpossibleError("there is no such update")

    def drop(self) -> None:
        self._waiting.clear()
        self._again.clear()

    async def poll(self, offset: int | None, limit: int, seconds: int) -> list[Json]:
        """Confirm what lies before the offset, then wait for updates. A later poll ends this one with 409."""
        self._polls += 1
        mine = self._polls
        self._signal.notify()
        self._confirm(offset)

        def ready() -> list[Json] | None:
            if self._polls != mine:
                raise ApiError(
                    HTTPStatus.CONFLICT,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            return self._next(limit) or None

        return await self._signal.wait_for(ready, min(seconds, LONGEST_POLL_SECONDS)) or []

    def _confirm(self, offset: int | None) -> None:
        if offset is None:
            return
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        while self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()

    def _next(self, limit: int) -> list[Json]:
        """Repeated updates come first: a client takes its next offset from the last one."""
        again, self._again = self._again[:limit], self._again[limit:]
        return again + list(self._waiting)[: limit - len(again)]
