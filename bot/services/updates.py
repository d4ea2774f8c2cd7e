"""Telegram's updates, each handled once."""

import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import updates
from bot.storage.database import reading

REMEMBERED_SECONDS = 48 * 3600  # Telegram keeps an undelivered update for 24 hours

log = logging.getLogger(__name__)


class Updates:
    """Remembers which updates were handled. A database that fails never keeps an update from being handled."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock

    async def was_handled(self, update_id: int) -> bool:
        """Whether an update came before; False too where that can't be told."""
        try:
            async with reading(self._engine) as connection:
                return await updates.was_handled(connection, update_id)
        except SQLAlchemyError as error:
            log.error("update %s may be a repeated one: %s", update_id, error)  # noqa: TRY400 - one line is enough
            return False

    async def mark_handled(self, update_id: int) -> None:
        """Remember an update."""
        try:
            async with self._engine.begin() as connection:
                await updates.mark_handled(connection, update_id, self._clock())
        except SQLAlchemyError as error:
            log.error("update %s was handled, but is not marked so: %s", update_id, error)  # noqa: TRY400

    async def forget_old(self) -> None:
        """Forget updates that Telegram won't repeat any more."""
        async with self._engine.begin() as connection:
            await updates.forget_handled_before(connection, self._clock() - REMEMBERED_SECONDS)
