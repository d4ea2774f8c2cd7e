"""Waiting for the world to change, without polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


class Signal:
    """Wakes all who wait whenever something has changed."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._closed = False

    def notify(self) -> None:
        event, self._event = self._event, asyncio.Event()
        event.set()

    def close(self) -> None:
        """Let everybody go, now and from now on."""
        self._closed = True
        self.notify()

    async def wait_for(self, look: Callable[[], T | None], seconds: float) -> T | None:
        """The first thing that `look` finds, or None when the time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while (found := look()) is None and not self._closed:
                    await self._event.wait()
                return found
        return look()
