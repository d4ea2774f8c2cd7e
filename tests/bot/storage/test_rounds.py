import asyncio
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import rounds
from bot.storage.database import reading
from bot.storage.rounds import Round
from bot.storage.subscriptions import Place

GROUP = Place(-5)


def new(place: Place = GROUP, step_at: float | None = 100.0) -> Round:
    return Round(place.chat_id, place.thread_id, "group", 7, "{}", "[]", 90.0, step_at)


async def begin(engine: AsyncEngine, begun: Round) -> int | None:
    async with engine.begin() as connection:
        return await rounds.begin(connection, begun)


async def kept(engine: AsyncEngine, begun: Round) -> int:
    round_id = await begin(engine, begun)
    assert round_id is not None
    return round_id


async def find(engine: AsyncEngine, round_id: int) -> Round | None:
    async with reading(engine) as connection:
        return await rounds.find(connection, round_id)


async def over(engine: AsyncEngine, round_id: int) -> None:
    async with engine.begin() as connection:
        await rounds.set_state(connection, round_id, "over", None)


async def test_a_round_is_found_by_its_id_and_its_place(engine: AsyncEngine) -> None:
    round_id = await kept(engine, new())

    async with engine.begin() as connection:
        assert await rounds.find_at(connection, GROUP) == replace(new(), id=round_id)
        assert await rounds.find_at(connection, Place(-5, 3)) is None
        assert await rounds.get_locked(connection, round_id) == replace(new(), id=round_id)
        assert await rounds.get_locked(connection, round_id + 1) is None
    found = await find(engine, round_id)
    assert found is not None
    assert found.place == GROUP


async def test_a_place_has_one_round_at_a_time(engine: AsyncEngine) -> None:
    first = await kept(engine, new())

    assert await begin(engine, new()) is None
    assert await begin(engine, new(Place(-5, 3))) is not None
    await over(engine, first)
    assert await begin(engine, new()) is not None
    assert await begin(engine, new()) is None


async def test_of_several_starts_at_once_one_succeeds(engine: AsyncEngine) -> None:
    begun = await asyncio.gather(*(begin(engine, new()) for _ in range(12)))

    assert sum(round_id is not None for round_id in begun) == 1


async def test_what_is_due_comes_in_the_order_of_its_time(engine: AsyncEngine) -> None:
    late, early, ahead, at_work, done = [
        await kept(engine, new(Place(-n), step_at)) for n, step_at in enumerate((90, 80, 200, None, 70), 1)
    ]
    await over(engine, done)

    async with reading(engine) as connection:
        assert await rounds.due(connection, 100, 10) == [early, late]
        assert await rounds.due(connection, 100, 1) == [early]
        assert await rounds.next_step(connection, ()) == 80
        assert await rounds.next_step(connection, (early, late)) == 200
        assert await rounds.next_step(connection, (early, late, ahead)) is None
        assert {r.id for r in await rounds.unfinished(connection)} == {late, early, ahead, at_work}


async def test_a_round_moves_on(engine: AsyncEngine) -> None:
    round_id = await kept(engine, new())

    async with engine.begin() as connection:
        await rounds.move_on(connection, round_id, None, number=2)
    asking = await find(engine, round_id)
    async with engine.begin() as connection:
        await rounds.move_on(connection, round_id, 130.0)
        await rounds.set_state(connection, round_id, "ending", 131.0)
    ending = await find(engine, round_id)

    assert asking == replace(new(step_at=None), id=round_id, number=2)
    assert ending == replace(new(step_at=131.0), id=round_id, number=2, state="ending")


async def test_where_nothing_can_be_sent_any_more_rounds_are_over(engine: AsyncEngine) -> None:
    general, topic, other = [await kept(engine, new(place)) for place in (GROUP, Place(-5, 3), Place(-6))]

    async with engine.begin() as connection:
        await rounds.finish_at(connection, -5, 3)
        assert {r.id for r in await rounds.unfinished(connection)} == {general, other}
        await rounds.finish_at(connection, -5, None)
        assert {r.id for r in await rounds.unfinished(connection)} == {other}
    assert await find(engine, topic) is not None


async def test_a_groups_rounds_move_with_it(engine: AsyncEngine) -> None:
    done = await kept(engine, new())
    await over(engine, done)
    going_on, in_topic = await kept(engine, new()), await kept(engine, new(Place(-5, 3)))
    there = await kept(engine, new(Place(-100, 3)))

    async with engine.begin() as connection:
        await rounds.move_chat(connection, -5, -100)
        await rounds.move_chat(connection, -5, -100)

    async with reading(engine) as connection:
        assert {r.id for r in await rounds.unfinished(connection)} == {going_on, there}
    for round_id in (done, going_on, in_topic):
        found = await find(engine, round_id)
        assert found is not None
        assert found.chat_id == -100


async def test_old_rounds_are_forgotten(engine: AsyncEngine) -> None:
    old = await kept(engine, new())
    newer = await kept(engine, replace(new(Place(-6)), started_at=200.0))

    async with engine.begin() as connection:
        await rounds.forget_before(connection, 100)

    assert await find(engine, old) is None
    assert await find(engine, newer) is not None
