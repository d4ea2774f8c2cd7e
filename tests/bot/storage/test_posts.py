import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import posts, subscriptions
from bot.storage.database import reading
from bot.storage.posts import Named, Planned, Settled, Unsent
from bot.storage.subscriptions import Place, Subscription
from bot.storage.tables import posts as table

ANN = Place(7_000_000_001)
MAY_4, MAY_5 = dt.date(2026, 5, 4), dt.date(2026, 5, 5)


async def plan(engine: AsyncEngine, *planned: Planned) -> None:
    async with engine.begin() as connection:
        await posts.plan(connection, planned, 50)


async def due(engine: AsyncEngine, now: float = 1000) -> list[Unsent]:
    async with reading(engine) as connection:
        return await posts.due_posts(connection, now, 10)


async def claim(engine: AsyncEngine, post: Unsent, *facts: str) -> bool:
    async with engine.begin() as connection:
        return await posts.mark_sending(connection, post.id, facts, 60)


async def settle(engine: AsyncEngine, post: Unsent, state: Settled, message_id: int | None = None) -> None:
    async with engine.begin() as connection:
        await posts.settle(connection, post.id, state, 70, message_id)


async def rows(engine: AsyncEngine) -> list[tuple[int, str]]:
    """Chat and state of each post."""
    async with reading(engine) as connection:
        found = await connection.execute(select(table.c.chat_id, table.c.state).order_by(table.c.id))
        return [(row.chat_id, row.state) for row in found]


async def told(engine: AsyncEngine, place: Place = ANN, days: int = 365) -> dict[str, dt.date]:
    async with reading(engine) as connection:
        return await posts.told_facts(connection, place, MAY_5 - dt.timedelta(days=days), MAY_5)


async def test_a_planned_post_is_due_with_the_settings_of_its_subscription(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await subscriptions.put(connection, Subscription(ANN.chat_id, 0, "UTC", 0, silent=True))
    await plan(engine, Planned(ANN, MAY_5, 100), Planned(Place(-5, 9), MAY_5, 90))

    first, second = await due(engine)

    assert (first.place, first.silent) == (Place(-5, 9), False)
    assert (second.place, second.local_date, second.due_at, second.attempts) == (ANN, MAY_5, 100, 0)
    assert second.silent
    assert str(second.name) == "the post of 2026-05-05 for chat 7000000001"
    assert str(first.name) == "the post of 2026-05-05 for chat -5, topic 9"


async def test_a_place_has_one_post_of_a_date(engine: AsyncEngine) -> None:
    await plan(engine, Planned(ANN, MAY_5, 100))
    await plan(engine, Planned(ANN, MAY_5, 200), Planned(ANN, MAY_4, 80), Planned(ANN, MAY_4, 90))

    assert [(p.local_date, p.due_at) for p in await due(engine)] == [(MAY_4, 80), (MAY_5, 100)]
    async with reading(engine) as connection:
        assert await posts.is_planned(connection, ANN, MAY_5)
        assert not await posts.is_planned(connection, Place(ANN.chat_id, 3), MAY_5)


async def test_planning_nothing_does_nothing(engine: AsyncEngine) -> None:
    await plan(engine)

    assert await due(engine) == []


async def test_a_post_is_claimed_once(engine: AsyncEngine) -> None:
    await plan(engine, Planned(ANN, MAY_5, 100))
    [post] = await due(engine)

    assert await claim(engine, post)
    assert not await claim(engine, post)
    assert await due(engine) == []


@pytest.mark.parametrize("state", ["sent", "uncertain", "skipped", "failed"])
async def test_a_post_that_is_settled_is_never_due_again(state: Settled, engine: AsyncEngine) -> None:
    await plan(engine, Planned(ANN, MAY_5, 100))
    [post] = await due(engine)
    await claim(engine, post, "a")
    await settle(engine, post, state, 12)

    async with engine.begin() as connection:
        await posts.postpone(connection, post.id, 100, 80)

    assert await rows(engine) == [(ANN.chat_id, state)]
    assert await due(engine, 10**9) == []


async def test_a_postponed_post_is_due_again_when_its_time_has_come(engine: AsyncEngine) -> None:
    await plan(engine, Planned(ANN, MAY_5, 100))
    [post] = await due(engine)
    await claim(engine, post, "a")

    async with engine.begin() as connection:
        await posts.postpone(connection, post.id, 130.2, 80)

    assert await due(engine, 130) == []
    [again] = await due(engine, 131)
    assert (again.attempts, again.due_at) == (1, 100)
    async with reading(engine) as connection:
        assert await posts.earliest_attempt(connection) == 131
    assert await told(engine) == {}


@pytest.mark.parametrize(
    ("state", "seen"), [("sent", True), ("uncertain", True), ("failed", False), ("skipped", False)]
)
async def test_a_chat_has_seen_what_arrived_or_may_have(state: Settled, seen: bool, engine: AsyncEngine) -> None:
    await plan(engine, Planned(ANN, MAY_4, 100))
    [post] = await due(engine)
    await claim(engine, post, "kato", "siege")
    await settle(engine, post, state)

    assert await told(engine) == ({"kato": MAY_4, "siege": MAY_4} if seen else {})
    assert await told(engine, Place(8)) == {}
    assert await told(engine, days=0) == {}


async def with_question(engine: AsyncEngine, post: Unsent) -> list[Unsent]:
    """What is due after a post was sent, and its question entered."""
    await claim(engine, post, "kato")
    await settle(engine, post, "sent", 1)
    async with engine.begin() as connection:
        await posts.plan_question(connection, post.id, 80)
    return await due(engine)


@pytest.fixture
async def post(engine: AsyncEngine) -> Unsent:
    """The post of a channel that wants questions too."""
    channel = Subscription(ANN.chat_id, 0, "UTC", 0, silent=True, daily_quiz=True, is_channel=True)
    async with engine.begin() as connection:
        await subscriptions.put(connection, channel)
    await plan(engine, Planned(ANN, MAY_4, 50))
    [unsent] = await due(engine)
    return unsent


async def test_a_question_is_due_after_its_post_once(engine: AsyncEngine, post: Unsent) -> None:
    [question] = await with_question(engine, post)

    async with engine.begin() as connection:
        await posts.plan_question(connection, post.id, 90)
        await posts.plan_question(connection, question.id, 90)

    assert await due(engine) == [question]
    assert (question.kind, question.place, question.local_date, question.due_at) == ("question", ANN, MAY_4, 50)
    assert question.silent
    assert question.is_channel
    assert str(question.name) == "the question of 2026-05-04 for chat 7000000001"


@pytest.mark.parametrize("wish", [{"daily_quiz": False}, {"daily_quiz": True, "ended_at": 70}, None])
async def test_who_wants_no_question_gets_none(engine: AsyncEngine, post: Unsent, wish: dict[str, Any] | None) -> None:
    async with engine.begin() as connection:
        if wish is None:
            await subscriptions.forget(connection, [ANN])
        else:
            await subscriptions.put(connection, Subscription(ANN.chat_id, 0, "UTC", 0, **wish))

    assert await with_question(engine, post) == []


async def test_what_a_question_asks_is_not_told(engine: AsyncEngine, post: Unsent) -> None:
    [question] = await with_question(engine, post)
    await claim(engine, question, "siege")

    assert await told(engine) == {"kato": MAY_4}
    async with reading(engine) as connection:
        assert await posts.is_planned(connection, ANN, MAY_4)


async def test_the_dates_of_questions_that_arrived_are_known(engine: AsyncEngine, post: Unsent) -> None:
    [question] = await with_question(engine, post)
    async with reading(engine) as connection:
        assert await posts.question_dates(connection, ANN.chat_id) == frozenset()
    await settle(engine, question, "sent", 3)

    async with reading(engine) as connection:
        assert await posts.question_dates(connection, ANN.chat_id) == {MAY_4}
        assert await posts.question_dates(connection, 8) == frozenset()


async def test_a_chat_moves_with_post_and_question(engine: AsyncEngine, post: Unsent) -> None:
    await with_question(engine, post)
    await plan(engine, Planned(Place(8), MAY_4, 100))

    async with engine.begin() as connection:
        await posts.move_chat(connection, ANN.chat_id, 8)

    assert await rows(engine) == [(8, "sent"), (8, "due")]


async def test_attempts_that_a_stop_cut_short_become_uncertain(engine: AsyncEngine) -> None:
    await plan(engine, Planned(ANN, MAY_4, 100), Planned(ANN, MAY_5, 110))
    first, _ = await due(engine)
    await claim(engine, first, "kato")

    async with engine.begin() as connection:
        parked = await posts.park_sending(connection, 80)

    assert parked == {first.id: Named(ANN, MAY_4)}
    assert await rows(engine) == [(ANN.chat_id, "uncertain"), (ANN.chat_id, "due")]
    assert await told(engine) == {"kato": MAY_4}


async def test_what_is_due_can_be_skipped_for_a_place(engine: AsyncEngine) -> None:
    await plan(engine, Planned(ANN, MAY_5, 100), Planned(Place(8), MAY_5, 100))

    async with engine.begin() as connection:
        await posts.skip_due_at(connection, [ANN], 80)

    assert await rows(engine) == [(ANN.chat_id, "skipped"), (8, "due")]


async def test_old_posts_and_those_of_a_place_can_be_forgotten(engine: AsyncEngine) -> None:
    await plan(engine, Planned(ANN, MAY_4, 1), Planned(ANN, MAY_5, 1), Planned(Place(8), MAY_5, 1))
    async with engine.begin() as connection:
        await posts.forget_before(connection, MAY_5)
        assert len(await posts.due_posts(connection, 1000, 10)) == 2
        await posts.forget_at(connection, [ANN])

    assert await rows(engine) == [(8, "due")]


async def test_a_chat_moves_with_its_posts_and_an_attempt_finds_its_row_there(engine: AsyncEngine) -> None:
    await plan(engine, Planned(Place(-5), MAY_5, 100), Planned(Place(-6), MAY_5, 100))
    of_group = next(p for p in await due(engine) if p.place == Place(-5))
    await claim(engine, of_group, "kato")

    async with engine.begin() as connection:
        await posts.move_chat(connection, -5, -1005)
    await settle(engine, of_group, "sent", 3)

    assert await rows(engine) == [(-1005, "sent"), (-6, "due")]


@pytest.mark.parametrize(
    ("attempted", "stays"), [("old", "sending"), ("new", "sending"), ("neither", "due"), ("both", "sending")]
)
async def test_where_both_ids_have_a_dates_post_one_that_was_attempted_stays(
    attempted: str, stays: str, engine: AsyncEngine
) -> None:
    await plan(engine, Planned(Place(-5), MAY_5, 100), Planned(Place(-1005), MAY_5, 101))
    old, new = await due(engine)
    for post, name in ((old, "old"), (new, "new")):
        if attempted in (name, "both"):
            await claim(engine, post, name)

    async with engine.begin() as connection:
        await posts.move_chat(connection, -5, -1005)

    assert await rows(engine) == [(-1005, stays)]
