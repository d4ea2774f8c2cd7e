"""Telegram's updates, each handled once."""

import time
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import updates
from bot.storage.database import reading

REMEMBERED_SECONDS = 48 * 3600  # Telegram keeps an undelivered update for 24 hours


class Updates:
    """Remembers which updates were handled."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    async def was_handled(self, update_id: int) -> bool:
        async with reading(self._engine) as connection:
            return await updates.was_handled(connection, update_id)

    async def mark_handled(self, update_id: int) -> None:
        async with self._engine.begin() as connection:
            await updates.mark_handled(connection, update_id, self._clock())

    async def forget_old(self) -> None:
        async with self._engine.begin() as connection:
            await updates.forget_handled_before(connection, self._clock() - REMEMBERED_SECONDS)
