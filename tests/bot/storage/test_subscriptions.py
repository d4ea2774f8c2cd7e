from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import subscriptions
from bot.storage.database import reading
from bot.storage.subscriptions import Place, Subscription

ANN = Subscription(7_000_000_001, 0, "Europe/Kyiv", 8 * 60 + 30, next_due=1000)


async def put(engine: AsyncEngine, *kept: Subscription) -> None:
    async with engine.begin() as connection:
        for subscription in kept:
            await subscriptions.put(connection, subscription)


async def find(engine: AsyncEngine, place: Place) -> Subscription | None:
    async with reading(engine) as connection:
        return await subscriptions.find(connection, place)


async def due(engine: AsyncEngine, now: float, most: int = 10) -> list[int]:
    async with reading(engine) as connection:
        return [s.chat_id for s in await subscriptions.due_subscriptions(connection, now, most)]


async def test_a_subscription_is_found_as_it_was_last_kept(engine: AsyncEngine) -> None:
    changed = replace(ANN, zone="Asia/Kathmandu", weekdays=0b11111, silent=True, daily_quiz=True)
    await put(engine, ANN, changed)

    assert await find(engine, ANN.place) == changed


async def test_each_topic_of_a_chat_has_its_own(engine: AsyncEngine) -> None:
    general, topic = Subscription(-5, 0, "UTC", 60), Subscription(-5, 9, "UTC", 120)
    await put(engine, general, topic)

    assert await find(engine, Place(-5, 9)) == topic
    assert await find(engine, Place(-5, 8)) is None
    async with reading(engine) as connection:
        assert await subscriptions.of_chat(connection, -5) == [general, topic]


async def test_what_is_due_comes_longest_waiting_first(engine: AsyncEngine) -> None:
    times = {1: 300, 2: 100, 3: 200, 4: 301}
    await put(engine, *(Subscription(chat, 0, "UTC", 0, next_due=at) for chat, at in times.items()))

    assert await due(engine, 300.9) == [2, 3, 1]
    assert await due(engine, 300.9, most=2) == [2, 3]
    async with reading(engine) as connection:
        assert await subscriptions.earliest_due(connection) == 100


async def test_what_has_ended_is_never_due(engine: AsyncEngine) -> None:
    await put(engine, ANN)
    async with engine.begin() as connection:
        await subscriptions.end(connection, [ANN.place], "blocked", 2000)

    ended = await find(engine, ANN.place)
    assert ended == replace(ANN, ended_at=2000, ended_because="blocked")
    assert await due(engine, 5000) == []
    async with reading(engine) as connection:
        assert await subscriptions.earliest_due(connection) is None


async def test_what_has_ended_keeps_its_first_reason(engine: AsyncEngine) -> None:
    await put(engine, ANN)
    async with engine.begin() as connection:
        await subscriptions.end(connection, [ANN.place], "wished", 2000)
        await subscriptions.end(connection, [ANN.place], "blocked", 3000)

    ended = await find(engine, ANN.place)
    assert ended is not None
    assert (ended.ended_at, ended.ended_because) == (2000, "wished")


async def test_the_next_date_does_not_undo_what_somebody_has_changed_meanwhile(engine: AsyncEngine) -> None:
    read = (ANN, replace(ANN, chat_id=8), replace(ANN, chat_id=9))
    await put(engine, *read)
    await put(engine, replace(ANN, minute=1, next_due=4000))

    async with engine.begin() as connection:
        await subscriptions.set_next_due(connection, [(s, 9000) for s in read])

    found = [await find(engine, s.place) for s in read]
    assert [s.next_due for s in found if s] == [4000, 9000, 9000]


async def test_subscriptions_that_ended_long_ago_can_be_forgotten(engine: AsyncEngine) -> None:
    await put(engine, ANN, replace(ANN, chat_id=8), replace(ANN, chat_id=9))
    async with engine.begin() as connection:
        await subscriptions.end(connection, [ANN.place], "wished", 100)
        await subscriptions.end(connection, [Place(8)], "wished", 200)
        old = await subscriptions.ended_before(connection, 200)
        await subscriptions.forget(connection, old)

    assert old == [ANN.place]
    assert await find(engine, ANN.place) is None
    assert await find(engine, Place(8)) is not None


async def test_a_chat_moves_with_its_subscription(engine: AsyncEngine) -> None:
    await put(engine, replace(ANN, chat_id=-5), replace(ANN, chat_id=-6))
    async with engine.begin() as connection:
        await subscriptions.move_chat(connection, -5, -1005)

    assert await find(engine, Place(-1005)) == replace(ANN, chat_id=-1005)
    assert await find(engine, Place(-5)) is None
    assert await find(engine, Place(-6)) is not None


@pytest.mark.parametrize(
    ("old_ended", "new_ended", "stays"),
    [(None, None, 2), (None, 50, 1), (50, None, 2), (50, 50, 2)],
    ids=["both go on", "only the old goes on", "only the new goes on", "neither"],
)
async def test_where_both_ids_have_one_the_one_that_goes_on_stays(
    old_ended: int | None, new_ended: int | None, stays: int, engine: AsyncEngine
) -> None:
    await put(
        engine,
        replace(ANN, chat_id=-5, minute=1, ended_at=old_ended),
        replace(ANN, chat_id=-1005, minute=2, ended_at=new_ended),
    )
    async with engine.begin() as connection:
        await subscriptions.move_chat(connection, -5, -1005)

    found = await find(engine, Place(-1005))
    assert found is not None
    assert found.minute == stays
    assert await find(engine, Place(-5)) is None


@pytest.mark.parametrize(("minute", "weekdays"), [(1440, 127), (-1, 127), (0, 0), (0, 128)])
async def test_a_time_or_weekday_that_does_not_exist_is_not_kept(
    minute: int, weekdays: int, engine: AsyncEngine
) -> None:
    with pytest.raises(IntegrityError):
        await put(engine, replace(ANN, minute=minute, weekdays=weekdays))
