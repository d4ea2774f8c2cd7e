from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import reports
from bot.storage.database import reading
from bot.storage.reports import Opened, Verdicted

ANN, BOB = 7, 8


async def test_a_report_counts_once_per_user_and_fact(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        assert await reports.add(connection, "a", ANN, "answer", 10.0)
        assert not await reports.add(connection, "a", ANN, "question", 20.0)
        assert await reports.add(connection, "b", ANN, "answer", 20.0)
        assert await reports.add(connection, "a", BOB, "question", 30.0)

        assert await reports.open_reporters(connection, "a") == 2
        assert await reports.has_reported(connection, "a", ANN)
        assert not await reports.has_reported(connection, "b", BOB)
        assert await reports.count_since(connection, ANN, 15.0) == 1
        assert await reports.opened(connection) == [Opened("a", 2, 1, 10.0, 30.0), Opened("b", 1, 0, 20.0, 20.0)]


async def test_reports_are_settled_once_and_each_user_told_once(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await reports.add(connection, "a", ANN, "answer", 10.0)
        await reports.add(connection, "b", ANN, "answer", 10.0)
        assert await reports.settle(connection, "a", "right", 20.0) == 1
        assert await reports.settle(connection, "a", "unfounded", 30.0) == 0

        assert await reports.untold(connection) == [Verdicted("a", ANN, "right")]
        assert await reports.mark_told(connection, "a", ANN, 40.0)
        assert not await reports.mark_told(connection, "a", ANN, 50.0)
        assert await reports.untold(connection) == []
        await reports.unmark_told(connection, "a", ANN)
        assert await reports.untold(connection) == [Verdicted("a", ANN, "right")]
        assert [found.fact for found in await reports.opened(connection)] == ["b"]


async def test_a_fact_is_put_aside_and_taken_back(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        assert await reports.withhold(connection, "a", "reports", 10.0)
        assert not await reports.withhold(connection, "a", "owner", 20.0)
        assert await reports.untold_withheld(connection) == ["a"]
        assert await reports.mark_owners_told(connection, "a", 30.0)
        assert not await reports.mark_owners_told(connection, "a", 30.0)
        assert await reports.untold_withheld(connection) == []
    async with reading(engine) as connection:
        assert await reports.withheld_facts(connection) == {"a"}
    async with engine.begin() as connection:
        assert await reports.release(connection, "a")
        assert not await reports.release(connection, "a")
        assert await reports.withheld_facts(connection) == frozenset()


async def test_settled_reports_are_forgotten_sooner_than_open_ones(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        for fact, moment in (("old", 10.0), ("settled", 50.0), ("open", 50.0), ("settled late", 50.0)):
            await reports.add(connection, fact, ANN, "answer", moment)
        await reports.settle(connection, "settled", "right", 60.0)
        await reports.settle(connection, "settled late", "right", 90.0)

        await reports.forget_before(connection, settled=70.0, reported=20.0)

        assert [found.fact for found in await reports.opened(connection)] == ["open"]
        assert [found.fact for found in await reports.untold(connection)] == ["settled late"]
