"""The record of what the bot called and what it was told."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from bot.playground.errors import ApiError
from bot.playground.wire import Json

KEPT = 10_000
CUT_OFF = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One API call. `code` is the status the bot got to see, CUT_OFF if its connection was dropped."""

    number: int
    method: str
    parameters: Mapping[str, object]
    code: int
    description: str | None
    seconds: float
    at: float

    def json(self) -> Json:
        return asdict(self)


@dataclass(slots=True)
class Journal:
    """The newest calls and violations, oldest first."""

    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT))
    violations: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT))
    written: int = 0

    def write(
        self,
        method: str,
        parameters: Mapping[str, object],
        *,
        code: int,
        description: str | None,
        seconds: float,
        mistake: ApiError | None = None,
    ) -> None:
        """Add a call. `mistake` is what the bot did wrong, also where a fault kept it from hearing so."""
        self.written += 1
        readable = {
            name: f"{len(value)} bytes" if isinstance(value, bytes) else value for name, value in parameters.items()
        }
        call = Call(self.written, method, readable, int(code), description, round(seconds, 6), time.time())
        self.calls.append(call)
        if mistake is not None:
            self.violations.append(replace(call, code=int(mistake.code), description=mistake.description))
