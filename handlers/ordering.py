"""Updates at the same time, but those of one chat one after the other, and none twice."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.services.updates import Updates

AT_ONCE = 64  # updates in work; each waits mostly for Telegram
WAITING = 10_000  # updates taken from the queue; many, so that one busy chat doesn't hold up the others


class ChatOrder(BaseUpdateProcessor):
    """Processes the updates of one chat in the order in which they came."""

    def __init__(self, updates: Updates) -> None:
        super().__init__(WAITING)
        self._updates = updates
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._locks: dict[int, asyncio.Lock] = {}
        self._waiting: Counter[int] = Counter()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the coroutine when the chat's earlier updates are done, unless the update came before."""
        if not isinstance(update, Update):
            await coroutine
            return
        chat = update.effective_chat
        key = chat.id if chat else update.update_id
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] += 1
        try:
            async with lock, self._at_once:
                await self._once(update, coroutine)
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._locks[key]

    async def _once(self, update: Update, coroutine: Awaitable[Any]) -> None:
        if await self._updates.was_handled(update.update_id):
            if asyncio.iscoroutine(coroutine):
                coroutine.close()
            return
        await coroutine
        await self._updates.mark_handled(update.update_id)

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""
