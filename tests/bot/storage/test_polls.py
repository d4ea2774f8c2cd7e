import asyncio
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import polls
from bot.storage.database import reading
from bot.storage.polls import Poll, State, Vote
from bot.storage.subscriptions import Place
from bot.storage.tables import game_votes

GROUP, ANN, BOB = Place(-5), 7_000_000_001, 7_000_000_002


def poll(fact: str = "birth", place: Place = GROUP, asked_at: float = 100.0, number: int = 1) -> Poll:
    return Poll(place.chat_id, place.thread_id, "round", fact, "when", "{}", asked_at, round_id=3, number=number)


async def keep(engine: AsyncEngine, *kept: Poll) -> list[int]:
    async with engine.begin() as connection:
        return [await polls.keep(connection, one) for one in kept]


async def opened(engine: AsyncEngine, kept: Poll, poll_id: str = "t1") -> int:
    [ours] = await keep(engine, kept)
    async with engine.begin() as connection:
        await polls.opened(connection, ours, poll_id, 12, kept.asked_at, kept.asked_at + 30)
    return ours


async def vote(engine: AsyncEngine, ours: int, user_id: int = ANN, option: int = 2, at: float = 105.0) -> bool:
    async with engine.begin() as connection:
        return await polls.vote(connection, Vote(ours, user_id, option, True, 5.0, at))


async def seen(engine: AsyncEngine, place: Place | None, user_id: int | None, since: float = 0) -> set[str]:
    async with reading(engine) as connection:
        return {fact for fact, _ in await polls.seen(connection, place, user_id, since)}


async def test_a_question_is_found_by_what_telegram_calls_it(engine: AsyncEngine) -> None:
    ours = await opened(engine, poll())

    async with reading(engine) as connection:
        found = await polls.find(connection, "t1")
        there = await polls.find_message(connection, GROUP.chat_id, 12)
        assert await polls.find(connection, "t2") is None
        assert await polls.find_message(connection, -6, 12) is None
    expected = replace(poll(), id=ours, state="open", poll_id="t1", message_id=12, closes_at=130.0)
    assert found == there == expected
    assert found.place == GROUP


async def test_a_second_answer_of_somebody_is_not_kept(engine: AsyncEngine) -> None:
    ours = await opened(engine, poll())

    assert await vote(engine, ours, option=2)
    assert not await vote(engine, ours, option=1)
    assert await vote(engine, ours, BOB, at=103.0)

    async with reading(engine) as connection:
        kept = await polls.votes_of(connection, [ours])
    assert [(v.user_id, v.option) for v in kept] == [(BOB, 2), (ANN, 2)]


async def test_answers_at_the_same_moment_are_all_kept_once(engine: AsyncEngine) -> None:
    ours = await opened(engine, poll())

    counted = await asyncio.gather(*(vote(engine, ours, ANN + n % 16) for n in range(64)))

    assert sum(counted) == 16


async def test_an_attempt_without_an_outcome_is_uncertain_after_a_start(engine: AsyncEngine) -> None:
    first, second = await keep(engine, poll(), poll("death"))
    async with engine.begin() as connection:
        await polls.set_state(connection, second, "failed")
        assert await polls.park_sending(connection) == 1
        assert await polls.park_sending(connection) == 0
        found = await polls.get_locked(connection, first)
    assert found is not None
    assert found.state == "uncertain"


async def test_a_rounds_questions_come_in_their_order_the_newest_attempt_last(engine: AsyncEngine) -> None:
    third, first, again = await keep(engine, poll(number=3), poll(number=1), poll(number=3))

    async with reading(engine) as connection:
        found = await polls.of_round(connection, 3)
        assert await polls.of_round(connection, 4) == []
    assert [p.id for p in found] == [first, third, again]


async def test_a_question_that_is_shut_says_when(engine: AsyncEngine) -> None:
    ours = await opened(engine, poll())

    async with engine.begin() as connection:
        await polls.shut(connection, ours, "skipped", 111.0)
        found = await polls.get_locked(connection, ours)

    assert found is not None
    assert (found.state, found.closes_at) == ("skipped", 111.0)


async def test_a_place_has_seen_what_it_was_asked_or_may_have_been(engine: AsyncEngine) -> None:
    states: tuple[State, ...] = ("open", "closed", "skipped", "uncertain", "failed")
    kept = await keep(
        engine, *(poll(state) for state in states), poll("elsewhere", Place(-5, 9)), poll("old", asked_at=1)
    )
    async with engine.begin() as connection:
        for ours, state in zip(kept, states, strict=False):
            await polls.set_state(connection, ours, state)

    assert await seen(engine, GROUP, None, since=50) == {"open", "closed", "skipped", "uncertain"}
    assert await seen(engine, Place(-5, 9), None, since=50) == {"elsewhere"}


async def test_a_player_has_seen_what_they_answered_anywhere(engine: AsyncEngine) -> None:
    here, there = await keep(engine, poll("here"), poll("there", Place(-6)))
    await vote(engine, here)
    await vote(engine, there, at=120.0)
    await vote(engine, there, BOB)

    assert await seen(engine, None, ANN) == {"here", "there"}
    assert await seen(engine, None, ANN, since=110) == {"there"}
    assert await seen(engine, None, BOB) == {"there"}
    async with reading(engine) as connection:
        both = await polls.seen(connection, Place(-6), ANN, 0)
    assert both == {("here", "when"): 105.0, ("there", "when"): 120.0}


async def test_what_is_old_is_forgotten(engine: AsyncEngine) -> None:
    old, new = await keep(engine, poll("old", asked_at=10), poll("new", asked_at=100))
    await vote(engine, old, at=15)
    await vote(engine, new, at=105)

    async with engine.begin() as connection:
        await polls.forget_before(connection, 50)

    async with reading(engine) as connection:
        assert [p.fact for p in await polls.of_round(connection, 3)] == ["new"]
        assert [v.poll for v in await polls.votes_of(connection, [old, new])] == [new]


async def test_a_groups_questions_move_with_it(engine: AsyncEngine) -> None:
    await opened(engine, poll())

    async with engine.begin() as connection:
        await polls.move_chat(connection, GROUP.chat_id, -100)

    async with reading(engine) as connection:
        found = await polls.find(connection, "t1")
    assert found is not None
    assert (found.place, found.message_id) == (Place(-100), None)


async def test_answers_are_counted_by_question_but_for_reviews(engine: AsyncEngine) -> None:
    first, again = await opened(engine, poll(), "t1"), await opened(engine, poll(number=2), "t2")
    review = await opened(engine, replace(poll(), purpose="review"), "t3")
    await vote(engine, first)
    await vote(engine, again, BOB)
    await vote(engine, review)
    async with engine.begin() as connection:
        await polls.vote(connection, Vote(first, BOB, 1, False, 5.0, 105.0))
        game = {"inline_message_id": "m", "number": 1, "user_id": ANN, "fact": "birth", "kind": "where", "option": 0}
        await connection.execute(game_votes.insert().values(game | {"is_right": True, "seconds": 1, "answered_at": 1}))

    async with reading(engine) as connection:
        assert await polls.tallies(connection) == {("birth", "when"): (2, 3), ("birth", "where"): (1, 1)}
