"""Telegram's flood limits, as far as it tells of them: off until they are turned on."""

from __future__ import annotations

import math
import re
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.playground.errors import too_many_requests
from bot.playground.wire import Json

COUNTED = re.compile(r"(send(?!ChatAction)|edit|copy|forward|stopPoll)\w*", re.IGNORECASE)
OVERALL_PER_SECOND = 30
BURST = 3  # messages to one person at once; after them one a second
GROUP_PER_MINUTE = 20


@dataclass(slots=True)
class Limits:
    """Counts what is sent, and refuses what is too much. A refused call doesn't count."""

    enforced: bool = False
    passed: int = 0
    refused: int = 0
    _overall: deque[float] = field(default_factory=deque)
    _groups: dict[int | str, deque[float]] = field(default_factory=dict)
    _people: dict[int | str, tuple[float, float]] = field(default_factory=dict)  # how many may be sent, as of when

    def check(self, method: str, given: Mapping[str, object]) -> None:
        """Count a call; ApiError 429 where it is one too many."""
        if not self.enforced or not COUNTED.fullmatch(method):
            return
        now, place = time.monotonic(), _place(given)
        wait = max(_wait(self._overall, OVERALL_PER_SECOND, 1.0, now), self._chat_wait(place, now))
        if wait > 0:
            self.refused += 1
            raise too_many_requests(math.ceil(wait))
        self.passed += 1
        self._overall.append(now)
        if place is None:
            return
        if _is_group(place):
            self._groups[place].append(now)
        else:
            self._people[place] = (self._allowance(place, now) - 1, now)

    def json(self) -> Json:
        return {"enforced": self.enforced, "passed": self.passed, "refused": self.refused}

    def _chat_wait(self, place: int | str | None, now: float) -> float:
        if place is None:
            return 0.0
        if _is_group(place):
            return _wait(self._groups.setdefault(place, deque()), GROUP_PER_MINUTE, 60.0, now)
        return max(0.0, 1 - self._allowance(place, now))

    def _allowance(self, chat_id: int | str, now: float) -> float:
        left, since = self._people.get(chat_id, (float(BURST), now))
        return min(float(BURST), left + now - since)


def _wait(times: deque[float], most: int, seconds: float, now: float) -> float:
    """Seconds until a span of so many seconds has room for one more."""
    while times and times[0] <= now - seconds:
        times.popleft()
    return times[0] + seconds - now if len(times) >= most else 0.0


def _place(given: Mapping[str, object]) -> int | str | None:
    """The chat that a call is for, or the inline message, whose chat nobody tells."""
    if inline_message_id := given.get("inline_message_id"):
        return str(inline_message_id)
    try:
        return int(str(given.get("chat_id")))
    except ValueError:
        return None


def _is_group(place: int | str) -> bool:
    """An inline message may stand in a group, so it is held to a group's limit."""
    return isinstance(place, str) or place < 0
