"""Stand-ins for what tests can't have: a clock that goes when told to, and a Telegram that fails on demand."""

import json
from collections import deque
from dataclasses import dataclass, field
from http import HTTPStatus

from telegram.request import BaseRequest, RequestData

SENT = {"message_id": 1, "date": 1_750_000_000, "chat": {"id": 7, "type": "private"}}

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
    """Seconds since the epoch; sleeping passes the time at once."""

    now: float = 1_750_000_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def refusal(code: int, description: str, **parameters: int) -> tuple[int, dict[str, object]]:
    """An answer of Telegram's that says no."""
    return code, {"ok": False, "error_code": code, "description": description, "parameters": parameters}


class FailingTelegram(BaseRequest):
    """The way to Telegram: meets the first calls with what it was given, later ones with success."""

    def __init__(self, *failures: tuple[int, dict[str, object]] | Exception) -> None:
        self._failures = deque(failures)
        self.sent: list[dict[str, str]] = []

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
        failure = self._failures.popleft() if self._failures else None
        if isinstance(failure, Exception):
            raise failure
        result = SENT if url.endswith("sendMessage") else True
        status, answer = failure or (HTTPStatus.OK, {"ok": True, "result": result})
        return int(status), json.dumps(answer).encode()
