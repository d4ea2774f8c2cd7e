"""Stand-ins for what tests can't have: a clock that goes when told to, and a Telegram that fails on demand."""

import asyncio
import datetime as dt
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count

from telegram.request import BaseRequest, RequestData

from knowledge.posts import Post, PostItem

IDLE_ROUNDS = 20  # of the event loop: more than any chain of callbacks takes

SENT = {"message_id": 1, "date": 1_750_000_000, "chat": {"id": 7, "type": "private"}}

POLL = {
    "id": "5",
    "question": "?",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": False,
    "type": "quiz",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}

STICKER = {  # as a message carries one
    "file_id": "CAAC",
    "file_unique_id": "AgAD",
    "type": "regular",
    "width": 512,
    "height": 512,
    "is_animated": False,
    "is_video": False,
}


@dataclass
class Clock:
    """Seconds since the epoch; sleeping passes the time at once, when all others have done what they can do now."""

    now: float = 1_750_000_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        for _ in range(IDLE_ROUNDS):
            await asyncio.sleep(0)
        self.slept.append(seconds)
        self.now += seconds


def one_fact_a_day(date: dt.date, *, seen: Mapping[str, dt.date], seed: str) -> Post:  # noqa: ARG001 - as a Composer
    """A post of one fact: the first that was not seen."""
    fact = next(name for n in count() if (name := f"fact-{n}") not in seen)
    says = f"This is {fact} & no other."
    return Post(date, (PostItem("none", None, "", says, fact, (), solemn=False),))


def refusal(code: int, description: str, **parameters: int) -> tuple[int, dict[str, object]]:
    """An answer of Telegram's that says no."""
    return code, {"ok": False, "error_code": code, "description": description, "parameters": parameters}


class FailingTelegram(BaseRequest):
    """The way to Telegram: meets the first calls with what it was given, later ones with success."""

    def __init__(self, *failures: tuple[int, dict[str, object]] | Exception) -> None:
        self._failures = deque(failures)
        self.sent: list[dict[str, str]] = []
        self._called = asyncio.Event()
        self._answering = asyncio.Event()
        self._answering.set()

    def fail_next(self, failure: tuple[int, dict[str, object]] | Exception) -> None:
        """Meet the next call with this."""
        self._failures.append(failure)

    def hold(self, until: asyncio.Event) -> None:
        """Answer nothing until then."""
        self._answering = until

    async def until_sent(self, number: int) -> None:
        """Wait until so many calls have come."""
        async with asyncio.timeout(10):
            while len(self.sent) < number:
                self._called.clear()
                await self._called.wait()

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: object, **__: object
    ) -> tuple[int, bytes]:
        """Note the call, then fail or answer."""
        assert method == "POST"
        self.sent.append(request_data.json_parameters if request_data else {})
        self._called.set()
        await self._answering.wait()
        failure = self._failures.popleft() if self._failures else None
        if isinstance(failure, Exception):
            raise failure
        result: object = SENT if url.endswith(("sendMessage", "sendPhoto")) else True
        if url.endswith("sendPoll"):
            result = {**SENT, "poll": POLL}
        status, answer = failure or (HTTPStatus.OK, {"ok": True, "result": result})
        return int(status), json.dumps(answer).encode()
