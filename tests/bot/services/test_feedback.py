import asyncio
import datetime as dt

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.feedback import ENOUGH, MOST_A_DAY, OPEN_SECONDS, SETTLED_SECONDS, Feedback, Reported
from bot.services.library import Library
from bot.services.picking import Picker
from bot.services.polls import Place, Polls
from knowledge.quiz_wish import Wish
from tests.fakes import Clock

OWNER, ANN = 1, 100


@pytest.fixture
def feedback(engine: AsyncEngine, clock: Clock) -> Feedback:
    return Feedback(engine, {OWNER}, clock)


async def restarted(engine: AsyncEngine, clock: Clock) -> Feedback:
    """As it is after a kill."""
    feedback = Feedback(engine, {OWNER}, clock)
    await feedback.load()
    return feedback


async def test_a_fact_is_put_aside_when_enough_users_have_reported_it(
    feedback: Feedback, engine: AsyncEngine, clock: Clock
) -> None:
    first = [await feedback.report("ada-birth", ANN + n, "answer") for n in range(ENOUGH - 1)]
    assert first == [Reported.NOTED] * (ENOUGH - 1)
    assert feedback.withheld == frozenset()

    assert await feedback.report("ada-birth", ANN + ENOUGH, "question") is Reported.ASIDE
    assert feedback.withheld == {"ada-birth"}
    assert (await restarted(engine, clock)).withheld == {"ada-birth"}
    assert await feedback.report("ada-birth", ANN + 50, "question") is Reported.ASIDE


async def test_one_user_counts_once_however_often_they_press(feedback: Feedback) -> None:
    assert await feedback.report("ada-birth", ANN, "answer") is Reported.NOTED

    again = [await feedback.report("ada-birth", ANN, "question") for _ in range(ENOUGH)]

    assert again == [Reported.ALREADY] * ENOUGH
    assert feedback.withheld == frozenset()


async def test_of_reports_at_the_same_moment_each_counts(feedback: Feedback) -> None:
    told = await asyncio.gather(*(feedback.report("ada-birth", ANN + n, "answer") for n in range(ENOUGH)))

    assert told.count(Reported.ASIDE) == 1
    assert feedback.withheld == {"ada-birth"}


async def test_an_owners_single_report_is_enough(feedback: Feedback) -> None:
    assert await feedback.report("ada-birth", OWNER, "answer") is Reported.ASIDE
    assert feedback.withheld == {"ada-birth"}


async def test_nobody_reports_more_than_so_many_facts_a_day(feedback: Feedback, clock: Clock) -> None:
    for n in range(MOST_A_DAY):
        assert await feedback.report(f"fact-{n}", ANN, "answer") is Reported.NOTED

    assert await feedback.report("one-more", ANN, "answer") is Reported.TOO_MANY
    assert await feedback.report("fact-0", ANN, "answer") is Reported.ALREADY
    assert "one-more" not in [found.fact for found in await feedback.opened()]
    clock.now += 24 * 3600 + 1
    assert await feedback.report("one-more", ANN, "answer") is Reported.NOTED


async def test_who_was_right_keeps_the_fact_put_aside(feedback: Feedback, engine: AsyncEngine, clock: Clock) -> None:
    await feedback.report("ada-birth", ANN, "answer")

    assert await feedback.settle("ada-birth", "right") == 1
    assert feedback.withheld == {"ada-birth"}
    assert await feedback.opened() == []
    assert [(due.user_id, due.verdict) for due in await feedback.untold()] == [(ANN, "right")]
    assert (await restarted(engine, clock)).withheld == {"ada-birth"}


async def test_a_restored_fact_takes_as_many_new_reports_as_any(
    feedback: Feedback, engine: AsyncEngine, clock: Clock
) -> None:
    for n in range(ENOUGH):
        await feedback.report("ada-birth", ANN + n, "answer")

    assert await feedback.settle("ada-birth", "unfounded") == ENOUGH
    assert feedback.withheld == frozenset()
    assert (await restarted(engine, clock)).withheld == frozenset()
    assert await feedback.report("ada-birth", ANN, "answer") is Reported.ALREADY
    assert await feedback.report("ada-birth", ANN + 50, "answer") is Reported.NOTED
    assert feedback.withheld == frozenset()


async def test_an_owner_may_put_a_fact_aside_that_nobody_reported(feedback: Feedback) -> None:
    assert await feedback.settle("ada-birth", "right") == 0
    assert feedback.withheld == {"ada-birth"}
    assert await feedback.untold_owners() == []


async def test_who_is_told_is_told_once_also_by_a_bot_that_was_killed(
    feedback: Feedback, engine: AsyncEngine, clock: Clock
) -> None:
    await feedback.report("ada-birth", ANN, "answer")
    await feedback.settle("ada-birth", "right")
    [due] = await (await restarted(engine, clock)).untold()

    assert await feedback.claim(due)
    assert not await feedback.claim(due)
    assert await (await restarted(engine, clock)).untold() == []
    await feedback.not_told(due)
    assert await feedback.untold() == [due]


async def test_owners_hear_once_of_what_is_put_aside(feedback: Feedback) -> None:
    await feedback.report("ada-birth", OWNER, "answer")

    assert await feedback.untold_owners() == ["ada-birth"]
    assert await feedback.claim_owners("ada-birth")
    assert not await feedback.claim_owners("ada-birth")
    assert await feedback.untold_owners() == []


async def test_where_there_is_no_owner_nobody_is_told(engine: AsyncEngine) -> None:
    feedback = Feedback(engine)
    for n in range(ENOUGH):
        await feedback.report("ada-birth", ANN + n, "answer")

    assert feedback.withheld == {"ada-birth"}
    assert await feedback.untold_owners() == []


async def test_reports_are_forgotten_when_they_are_past_their_time(feedback: Feedback, clock: Clock) -> None:
    await feedback.report("ada-birth", ANN, "answer")
    await feedback.settle("ada-birth", "unfounded")
    await feedback.report("ada-death", ANN, "answer")
    clock.now += SETTLED_SECONDS - 1
    await feedback.forget_old()
    assert await feedback.report("ada-birth", ANN, "answer") is Reported.ALREADY

    clock.now += 2
    await feedback.forget_old()
    assert await feedback.report("ada-birth", ANN, "answer") is Reported.NOTED
    assert [found.fact for found in await feedback.opened()] == ["ada-birth", "ada-death"]

    clock.now += OPEN_SECONDS + 1
    await feedback.forget_old()
    assert await feedback.opened() == []


async def test_what_is_put_aside_is_not_asked(
    feedback: Feedback, engine: AsyncEngine, clock: Clock, shipped: Library
) -> None:
    async def today(_: Place) -> dt.date:
        return dt.date(2026, 5, 5)

    picker = Picker(shipped, Polls(engine, today, clock), feedback)
    asked = picker.some(Wish(), "seed", 5)

    await feedback.settle(asked[2].fact, "right")

    assert asked[2].fact not in [question.fact for question in picker.some(Wish(), "seed", 50)]
    assert asked[2].fact not in [question.fact for question in await picker.pick(Wish(n=30), None, ANN)]
