"""Telegram's updates, each handled once."""

import logging
import time
from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage import updates
from bot.storage.database import reading
from bot.storage.gathering import Gathered

REMEMBERED_SECONDS = 48 * 3600  # Telegram keeps an undelivered update for 24 hours

log = logging.getLogger(__name__)


class Updates:
    """Remembers which updates were handled. A database that fails never keeps an update from being handled."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._clock = clock
        self._looked_up = Gathered(engine, _look_up, reading)
        self._marked = Gathered(engine, self._mark, AsyncEngine.begin)

    async def was_handled(self, update_id: int) -> bool:
        """Whether an update came before; False too where that can't be told."""
        try:
            return await self._looked_up.do(update_id)
        except SQLAlchemyError as error:
            log.error("update %s may be a repeated one: %s", update_id, error)  # noqa: TRY400 - one line is enough
            return False

    async def mark_handled(self, update_id: int) -> None:
        """Remember an update."""
        try:
            await self._marked.do(update_id)
        except SQLAlchemyError as error:
            log.error("update %s was handled, but is not marked so: %s", update_id, error)  # noqa: TRY400

    async def forget_old(self) -> None:
        """Forget updates that Telegram won't repeat any more."""
        async with self._engine.begin() as connection:
            await updates.forget_handled_before(connection, self._clock() - REMEMBERED_SECONDS)

    async def _mark(self, connection: AsyncConnection, update_ids: Sequence[int]) -> Sequence[None]:
        await updates.mark_handled(connection, update_ids, self._clock())
        return [None] * len(update_ids)


async def _look_up(connection: AsyncConnection, update_ids: Sequence[int]) -> Sequence[bool]:
    known = await updates.handled(connection, update_ids)
    return [update_id in known for update_id in update_ids]
