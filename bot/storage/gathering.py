"""Many small writes in few transactions: SQLite has one writer, which waits for the disk at the end of each."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.database import lasting

MOST_AT_ONCE = 50  # in one transaction; what comes meanwhile goes into the next

Item = TypeVar("Item")
Result = TypeVar("Result")


class Gathered(Generic[Item, Result]):
    """Whatever is asked for while a transaction is under way is written by the next one, all of it together."""

    def __init__(
        self,
        engine: AsyncEngine,
        write: Callable[[AsyncConnection, Sequence[Item]], Awaitable[Sequence[Result]]],
        begin: Callable[[AsyncEngine], AbstractAsyncContextManager[AsyncConnection]] = lasting,
    ) -> None:
        """`write` does items in their order and gives a result for each; after a fault it may be handed some again."""
        self._engine = engine
        self._write = write
        self._begin = begin
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def do(self, item: Item) -> Result:
        """Write an item; its result once that is kept. Raises what went wrong with it."""
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        return await done

    async def _write_all(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            if not await self._written(taken, is_last_try=len(taken) == 1):
                for alone in taken:  # so that one that can't be written doesn't take the others with it
                    await self._written([alone], is_last_try=True)

    async def _written(self, taken: Sequence[tuple[Item, "asyncio.Future[Result]"]], *, is_last_try: bool) -> bool:
        try:
            async with self._begin(self._engine) as connection:
                results = await self._write(connection, [item for item, _ in taken])
        except Exception as error:  # noqa: BLE001 - it is raised where somebody waits for the item
            if is_last_try:
                for _, done in taken:
                    if not done.done():
                        done.set_exception(error)
            return is_last_try
        for (_, done), result in zip(taken, results, strict=True):
            if not done.done():
                done.set_result(result)
        return True
