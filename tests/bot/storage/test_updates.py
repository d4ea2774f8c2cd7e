from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import updates


async def test_an_update_is_known_once_it_is_marked(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        before = await updates.handled(connection, [730_100_000])
        await updates.mark_handled(connection, [730_100_000], 100.0)

        assert not before
        assert await updates.handled(connection, [730_100_000, 730_100_001]) == {730_100_000}


async def test_marking_an_update_twice_does_no_harm(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await updates.mark_handled(connection, [5], 100.0)
        await updates.mark_handled(connection, [5, 6, 6], 101.0)

        assert await updates.handled(connection, [5, 6]) == {5, 6}


async def test_old_updates_are_forgotten(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await updates.mark_handled(connection, [5], 100.0)
        await updates.mark_handled(connection, [6], 200.0)

        await updates.forget_handled_before(connection, 200.0)

        assert await updates.handled(connection, [5, 6]) == {6}
