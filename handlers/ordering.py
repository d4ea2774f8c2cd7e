"""Updates at the same time, but those of one chat one after the other, and none twice."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.services.updates import Updates
from handlers.receiving import Inbox

AT_ONCE = 64  # updates in work; each waits mostly for Telegram
AT_ONCE_INLINE = 64  # of those that belong to no chat, in work beside them: flooded chats don't hold these up
WAITING = 10_000  # updates taken from the queue; many, so that one busy chat doesn't hold up the others


class ChatOrder(BaseUpdateProcessor):
    """Processes the updates of one chat in the order in which they came."""

    def __init__(self, updates: Updates, inbox: Inbox | None = None) -> None:
        """`inbox` is told of each update that is done with."""
        super().__init__(WAITING)
        self._inbox = inbox
        self._updates = updates
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._at_once_inline = asyncio.Semaphore(AT_ONCE_INLINE)
        self._locks: dict[int, asyncio.Lock] = {}
        self._waiting: Counter[int] = Counter()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the coroutine when the chat's earlier updates are done, unless the update came before."""
        if not isinstance(update, Update):
            await coroutine
            return
        chats = _chats(update)
        self._waiting.update(chats)
        locks = [self._locks.setdefault(chat, asyncio.Lock()) for chat in chats]
        try:
            async with contextlib.AsyncExitStack() as held:
                for lock in locks:
                    await held.enter_async_context(lock)
                async with self._at_once if update.effective_chat else self._at_once_inline:
                    await self._once(update, coroutine)
        finally:
            if self._inbox is not None:
                self._inbox.handled(update.update_id)
            for chat in chats:
                self._waiting[chat] -= 1
                if not self._waiting[chat]:
                    del self._waiting[chat], self._locks[chat]

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


def _chats(update: Update) -> tuple[int, ...]:
    """The chats whose later updates must wait for this one.

    A group that becomes a supergroup has two: what is said under the new id waits until everything has moved there.
    The new id comes first, since nothing else that holds it ever waits for the old one.
    """
    chat, message = update.effective_chat, update.effective_message
    if chat is None:
        return (update.update_id,)
    new = message.migrate_to_chat_id if message else None
    return (new, chat.id) if new else (chat.id,)
