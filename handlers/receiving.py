"""Asking Telegram for more only when the votes that it gave last are counted.

What is asked past counts as received: what waits in memory would be lost with the process. Who presses a button in vain
presses it again, and who wrote writes again, but a vote in a poll can be given only once.
"""

import asyncio
import contextlib
from typing import Any

from telegram import Update
from telegram.request import HTTPXRequest

LONGEST_WAIT = 5.0  # seconds; what takes longer, such as a Telegram that doesn't say who is a member, holds up nothing


class Inbox(asyncio.Queue[object]):
    """The queue of updates; knows which votes are not counted yet."""

    def __init__(self) -> None:
        super().__init__()
        self._votes: set[int] = set()  # ids of updates
        self._counted = asyncio.Event()
        self._counted.set()

    async def put(self, item: object) -> None:
        """Take an update from Telegram."""
        if isinstance(item, Update) and item.poll_answer is not None:
            self._votes.add(item.update_id)
            self._counted.clear()
        await super().put(item)

    def handled(self, update_id: int) -> None:
        """An update is done with, whatever came of it."""
        self._votes.discard(update_id)
        if not self._votes:
            self._counted.set()

    async def until_counted(self) -> None:
        """Wait until all votes are counted; not for ever."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_WAIT):
                await self._counted.wait()


class PatientRequest(HTTPXRequest):
    """The way on which updates are asked for."""

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(connection_pool_size=1)
        self._inbox = inbox

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - all that it is given
        """Wait for the votes, then ask."""
        await self._inbox.until_counted()
        return await super().do_request(*args, **kwargs)
