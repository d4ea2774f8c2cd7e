"""Faults on demand: calls that are refused, fail or lose their connection, before or after they are carried out."""

from __future__ import annotations

import random
import re
from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.playground.errors import ApiError, too_many_requests


class Fault(BaseModel):
    """What happens to the next `times` calls whose method matches; `times=None` goes on until it is cleared.

    With a `probability` below 1 it strikes only so often. A slow call is carried out, and answered after `seconds`.
    """

    model_config = ConfigDict(extra="forbid")

    method: str
    kind: Literal["flood", "error", "drop", "slow"]
    when: Literal["before", "after"] = "before"
    times: int | None = Field(default=1, ge=1)
    probability: float = Field(default=1.0, gt=0, le=1)
    seconds: float = Field(default=2.0, ge=0)
    retry_after: int = Field(default=1, ge=0)
    code: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR
    description: str | None = None

    @field_validator("method")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return pattern

    @field_validator("code")
    @classmethod
    def _is_an_error(cls, code: HTTPStatus) -> HTTPStatus:
        if code < HTTPStatus.BAD_REQUEST:
            raise ValueError("a fault has a status of 400 or more")
        return code

    def strikes(self, method: str) -> bool:
        fits = re.fullmatch(self.method, method, re.IGNORECASE) is not None
        return fits and random.random() < self.probability  # noqa: S311 - no secret hangs on it

    def error(self) -> ApiError | None:
        """What the bot is told in the place of the call's result."""
        if self.kind == "slow":
            return None
        if self.kind == "flood":
            return too_many_requests(self.retry_after)
        return ApiError(self.code, self.description or self.code.phrase)


class Faults:
    """The faults that wait for their calls, in the order they were ordered."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault.model_copy())

    def clear(self) -> None:
        self._waiting.clear()

    def waiting(self) -> list[Fault]:
        return [fault.model_copy() for fault in self._waiting]

    def take(self, method: str) -> Fault | None:
        """The fault that strikes this call, used up once."""
        for fault in self._waiting:
            if fault.strikes(method):
                if fault.times is not None:
                    fault.times -= 1
                    if not fault.times:
                        self._waiting.remove(fault)
                return fault
        return None
