import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage import updates
from bot.storage.gathering import MOST_AT_ONCE, Gathered

UNWRITABLE = -1


class Marking:
    """Marks updates as handled, all but one that can't be."""

    def __init__(self) -> None:
        self.batches: list[tuple[int, ...]] = []

    async def write(self, connection: AsyncConnection, items: Sequence[int]) -> Sequence[int]:
        self.batches.append(tuple(items))
        await updates.mark_handled(connection, items, 100.0)
        if UNWRITABLE in items:
            raise ValueError("can't be written")
        return [2 * item for item in items]


async def marked(engine: AsyncEngine, items: Sequence[int]) -> frozenset[int]:
    async with engine.connect() as connection:
        return await updates.handled(connection, items)


async def test_what_comes_together_is_written_together_in_its_order(engine: AsyncEngine) -> None:
    marking, items = Marking(), range(1, 4 * MOST_AT_ONCE)
    gathered = Gathered(engine, marking.write)

    assert await asyncio.gather(*map(gathered.do, items)) == [2 * item for item in items]

    assert len(marking.batches) == 4
    assert [item for batch in marking.batches for item in batch] == list(items)
    assert await marked(engine, items) == set(items)


async def test_a_result_comes_once_it_is_kept(engine: AsyncEngine) -> None:
    gathered = Gathered(engine, Marking().write)

    for item in (5, 6):
        await gathered.do(item)
        assert await marked(engine, [item]) == {item}


async def test_one_that_cant_be_written_fails_alone(engine: AsyncEngine) -> None:
    gathered = Gathered(engine, Marking().write)

    told = await asyncio.gather(*map(gathered.do, (5, UNWRITABLE, 6)), return_exceptions=True)

    assert (told[0], told[2]) == (10, 12)
    assert isinstance(told[1], ValueError)
    assert await marked(engine, [5, UNWRITABLE, 6]) == {5, 6}


async def test_whoever_no_longer_waits_keeps_nobody_from_a_result(engine: AsyncEngine) -> None:
    gathered = Gathered(engine, Marking().write)
    gone, there = asyncio.create_task(gathered.do(5)), asyncio.create_task(gathered.do(6))
    await asyncio.sleep(0)
    gone.cancel()

    assert await there == 12
    with pytest.raises(asyncio.CancelledError):
        await gone
