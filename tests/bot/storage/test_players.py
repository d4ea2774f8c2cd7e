from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import players
from bot.storage.database import reading
from bot.storage.tables import players as table

ANN, BOB = 1, 2


async def note(engine: AsyncEngine, name: str, now: float = 100) -> None:
    async with engine.begin() as connection:
        await players.note(connection, ANN, name, now)


async def set_hidden(engine: AsyncEngine, hidden: bool, now: float = 100) -> None:
    async with engine.begin() as connection:
        await players.set_hidden(connection, ANN, "Ann", hidden, now)


async def names(engine: AsyncEngine) -> Mapping[int, str | None]:
    async with reading(engine) as connection:
        return await players.names(connection, [ANN, BOB])


async def kept(engine: AsyncEngine) -> list[tuple[str, float]]:
    async with reading(engine) as connection:
        return [(row.name, row.seen_at) for row in await connection.execute(select(table))]


async def test_players_are_called_as_they_were_last(engine: AsyncEngine) -> None:
    await note(engine, "Ann")
    await note(engine, "Anna" * 20, 200)

    assert await names(engine) == {ANN: ("Anna" * 20)[:64]}
    assert await kept(engine) == [(("Anna" * 20)[:64], 200)]


async def test_the_name_of_who_hides_is_not_kept(engine: AsyncEngine) -> None:
    await note(engine, "Ann")
    await set_hidden(engine, True)
    await note(engine, "Ann", 200)

    assert await names(engine) == {ANN: None}
    assert await kept(engine) == [("", 200)]
    async with reading(engine) as connection:
        assert await players.is_hidden(connection, ANN)
        assert not await players.is_hidden(connection, BOB)


async def test_who_hides_no_more_is_named_again(engine: AsyncEngine) -> None:
    await set_hidden(engine, True)
    await set_hidden(engine, False, 200)

    assert await names(engine) == {ANN: "Ann"}
    await note(engine, "Anna", 300)
    assert await names(engine) == {ANN: "Anna"}


async def test_who_plays_no_more_is_forgotten_but_not_that_they_hide(engine: AsyncEngine) -> None:
    await note(engine, "Ann", 100)
    async with engine.begin() as connection:
        await players.set_hidden(connection, BOB, "Bob", True, 100)
        await players.forget_before(connection, 200)

    assert await names(engine) == {BOB: None}
