import datetime as dt
import logging
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.daily import LATEST_SECONDS, Daily, DailyQuestion, Place, Unsent
from bot.services.days import Days
from bot.services.feedback import Feedback
from bot.services.library import Library
from bot.services.polls import Polls
from bot.services.questions_of_day import QuestionsOfDay
from bot.services.subscriptions import EVERY_DAY, Subscriptions
from bot.storage.database import open_database, reading
from bot.storage.tables import posts as table
from bot.storage.tables import subscriptions as subscribed
from knowledge.posts import Post, PostItem
from knowledge.question_of_day import question_of_day
from tests.fakes import Clock, one_fact_a_day

ANN, BOB, TOPIC = Place(7), Place(8), Place(-100_500, 9)
MAY_5 = dt.date(2026, 5, 5)
HOUR, DAY = 3600, 24 * 3600


@pytest.fixture
def clock() -> Clock:
    """Tuesday, 5 May 2026, 08:59:59 in London."""
    return Clock(dt.datetime(2026, 5, 5, 7, 59, 59, tzinfo=dt.UTC).timestamp())


def again(daily: Daily) -> Daily:
    """The service after a new start."""
    return Daily(daily._engine, daily._compose, daily._questions, daily._clock)


async def states(engine: AsyncEngine) -> list[tuple[int, str, str]]:
    """Chat, date and state of each post."""
    async with reading(engine) as connection:
        found = await connection.execute(select(table).order_by(table.c.id))
        return [(row.chat_id, row.local_date.isoformat(), row.state) for row in found]


async def due(daily: Daily, clock: Clock) -> list[Unsent]:
    """What is to be sent a second later."""
    clock.now += 1
    await daily.plan()
    return await daily.unsent(100)


async def send(daily: Daily, unsent: Unsent) -> tuple[str, ...]:
    """Send a post; what it told."""
    post = await daily.post(unsent.place, unsent.local_date)
    assert await daily.claim(unsent, post.facts)
    await daily.sent(unsent, 55)
    return post.facts


async def test_a_post_is_due_to_the_second_and_then_the_next_one_a_day_later(
    subscriptions: Subscriptions, daily: Daily, clock: Clock, engine: AsyncEngine
) -> None:
    await subscriptions.subscribe(ANN)
    assert await daily.plan() == 0
    assert await daily.next_moment() == clock.now + 1
    clock.now += 1

    assert await daily.plan() == 1
    assert await daily.plan() == 0
    [post] = await daily.unsent(10)

    assert (post.place, post.local_date, post.due_at, post.silent) == (ANN, MAY_5, clock.now, False)
    await send(daily, post)
    assert await daily.next_moment() == clock.now + DAY
    assert await states(engine) == [(7, "2026-05-05", "sent")]


async def test_nothing_is_due_where_nobody_has_subscribed(daily: Daily) -> None:
    assert await daily.plan() == 0
    assert await daily.unsent(10) == []
    assert await daily.next_moment() is None


async def test_who_wants_posts_silently_gets_them_so(subscriptions: Subscriptions, daily: Daily, clock: Clock) -> None:
    await subscriptions.subscribe(ANN)
    await subscriptions.change(ANN, silent=True)

    [post] = await due(daily, clock)

    assert post.silent


async def test_many_are_planned_in_batches(
    subscriptions: Subscriptions, daily: Daily, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.daily.BATCH", 3)
    for chat in range(1, 8):
        await subscriptions.subscribe(Place(chat))

    assert [post.place.chat_id for post in await due(daily, clock)] == [1, 2, 3, 4, 5, 6, 7]
    assert len(await daily.unsent(4)) == 4


async def test_an_attempt_is_on_record_before_it_is_made_and_made_once(
    subscriptions: Subscriptions, daily: Daily, clock: Clock, engine: AsyncEngine
) -> None:
    await subscriptions.subscribe(ANN)
    [unsent] = await due(daily, clock)
    post = await daily.post(ANN, MAY_5)

    assert await daily.claim(unsent, post.facts)
    assert not await daily.claim(unsent, post.facts)
    assert await states(engine) == [(7, "2026-05-05", "sending")]
    assert await daily.unsent(10) == []


async def test_an_attempt_without_an_outcome_is_never_made_again(
    subscriptions: Subscriptions, daily: Daily, clock: Clock, engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    await subscriptions.subscribe(ANN)
    [unsent] = await due(daily, clock)
    await daily.claim(unsent, (await daily.post(ANN, MAY_5)).facts)

    started_again = again(daily)
    with caplog.at_level(logging.WARNING):
        await started_again.recover()

    assert await started_again.unsent(10) == []
    assert await states(engine) == [(7, "2026-05-05", "uncertain")]
    assert "the post of 2026-05-05 for chat 7 was being sent when the bot stopped" in caplog.text


async def test_what_waited_for_its_turn_when_the_bot_stopped_is_sent_after_it(
    subscriptions: Subscriptions, daily: Daily, clock: Clock
) -> None:
    await subscriptions.subscribe(ANN)
    await due(daily, clock)
    clock.now += 5 * HOUR

    started_again = again(daily)
    await started_again.recover()
    [unsent] = await started_again.unsent(10)

    assert await send(started_again, unsent) == ("fact-0",)


@pytest.mark.parametrize(("late", "state"), [(LATEST_SECONDS, "due"), (LATEST_SECONDS + 1, "skipped")])
async def test_a_post_that_could_not_be_sent_for_six_hours_is_skipped_and_logged(
    late: int,
    state: str,
    subscriptions: Subscriptions,
    daily: Daily,
    clock: Clock,
    engine: AsyncEngine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await subscriptions.subscribe(ANN)
    [unsent] = await due(daily, clock)
    clock.now += late

    with caplog.at_level(logging.WARNING):
        waiting = await daily.unsent(10)

    assert len(waiting) == (state == "due")
    assert await states(engine) == [(7, "2026-05-05", state)]
    assert await daily.claim(unsent, (await daily.post(ANN, MAY_5)).facts) == (state == "due")
    assert ("the post of 2026-05-05 for chat 7 is skipped" in caplog.text) == (state == "skipped")


async def test_after_an_outage_of_days_only_the_newest_post_goes_out_and_the_rest_is_on_record(
    subscriptions: Subscriptions, daily: Daily, clock: Clock, engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    await subscriptions.subscribe(ANN)
    clock.now += 3 * DAY + 2 * HOUR

    with caplog.at_level(logging.WARNING):
        [unsent] = await due(daily, clock)

    assert unsent.local_date == dt.date(2026, 5, 8)
    assert [state for _, _, state in await states(engine)] == ["skipped", "skipped", "skipped", "due"]
    assert caplog.text.count("is skipped") == 3


async def test_a_post_that_waits_is_due_again_when_its_time_has_come(
    subscriptions: Subscriptions, daily: Daily, clock: Clock
) -> None:
    await subscriptions.subscribe(ANN)
    [unsent] = await due(daily, clock)
    await daily.claim(unsent, (await daily.post(ANN, MAY_5)).facts)
    await daily.postpone(unsent, 30)

    assert await daily.unsent(10) == []
    assert await daily.next_moment() == clock.now + 30
    clock.now += 30
    [again] = await daily.unsent(10)
    assert again.attempts == 1
    assert await send(daily, again) == ("fact-0",)


async def test_what_became_of_a_post_is_recorded(
    subscriptions: Subscriptions, daily: Daily, clock: Clock, engine: AsyncEngine
) -> None:
    for chat in (1, 2, 3, 4):
        await subscriptions.subscribe(Place(chat))
    sent, uncertain, failed, skipped = await due(daily, clock)
    for unsent in (sent, uncertain, failed, skipped):
        await daily.claim(unsent, (await daily.post(unsent.place, MAY_5)).facts)

    await daily.sent(sent, 55)
    await daily.uncertain(uncertain)
    await daily.failed(failed)
    await daily.skip(skipped)

    assert [state for _, _, state in await states(engine)] == ["sent", "uncertain", "failed", "skipped"]
    async with reading(engine) as connection:
        assert (await connection.execute(select(table.c.message_id).where(table.c.id == sent.id))).scalar_one() == 55


async def test_nobody_is_told_a_fact_twice_within_a_year(
    subscriptions: Subscriptions, daily: Daily, clock: Clock
) -> None:
    await subscriptions.subscribe(ANN)
    told: list[str] = []
    for _ in range(400):
        told += await send(daily, (await due(daily, clock))[0])
        clock.now = (await daily.next_moment() or 0) - 1

    assert len(set(told[:366])) == 366
    assert told[366] == "fact-0"


async def test_each_topic_is_told_things_of_its_own(subscriptions: Subscriptions, daily: Daily, clock: Clock) -> None:
    for place in (TOPIC, Place(TOPIC.chat_id, 10)):
        await subscriptions.subscribe(place)

    told = [await send(daily, unsent) for unsent in await due(daily, clock)]

    assert told == [("fact-0",), ("fact-0",)]


async def test_a_dates_post_is_the_same_before_and_after_it_was_sent(
    subscriptions: Subscriptions, daily: Daily, clock: Clock
) -> None:
    await subscriptions.subscribe(ANN)
    await send(daily, (await due(daily, clock))[0])
    clock.now += DAY - 1
    before = await daily.post(ANN, dt.date(2026, 5, 6))

    told = await send(daily, (await due(daily, clock))[0])

    assert told == before.facts == (await daily.post(ANN, dt.date(2026, 5, 6))).facts == ("fact-1",)
    assert (await daily.post(ANN, MAY_5)).facts == ("fact-0",)
    assert (await daily.post(BOB, MAY_5)).facts == ("fact-0",)


async def test_posts_of_more_than_a_year_ago_are_forgotten(
    subscriptions: Subscriptions, daily: Daily, clock: Clock, engine: AsyncEngine
) -> None:
    await subscriptions.subscribe(ANN)
    await send(daily, (await due(daily, clock))[0])
    clock.now += 367 * DAY
    await daily.forget_old()
    kept = await states(engine)
    clock.now += DAY

    await daily.forget_old()

    assert len(kept) == 1
    assert await states(engine) == []


async def test_a_zone_that_zone_data_has_dropped_holds_up_nobody(
    subscriptions: Subscriptions, daily: Daily, clock: Clock, engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    await subscriptions.subscribe(ANN)
    await subscriptions.subscribe(BOB)
    async with engine.begin() as connection:
        await connection.execute(update(subscribed).where(subscribed.c.chat_id == 7).values(zone="Europe/Atlantis"))

    with caplog.at_level(logging.WARNING):
        assert len(await due(daily, clock)) == 2

    assert "Europe/Atlantis" in caplog.text


async def test_a_database_that_fails_is_no_silent_loss(tmp_path: Path, questions: QuestionsOfDay, clock: Clock) -> None:
    broken = open_database(f"sqlite+aiosqlite:///{tmp_path}/never-migrated.db")

    with pytest.raises(SQLAlchemyError):
        await Daily(broken, one_fact_a_day, questions, clock).plan()
    await broken.dispose()


# The question after the post


@pytest.fixture
def asking(engine: AsyncEngine, shipped: Library, clock: Clock) -> Daily:
    """The service with a pack that has questions."""
    return Daily(engine, one_fact_a_day, QuestionsOfDay(shipped, Feedback(engine)), clock)


@pytest.fixture
async def wished(subscriptions: Subscriptions) -> None:
    """Ann wants questions with her posts."""
    await subscriptions.subscribe(ANN)
    await subscriptions.change(ANN, daily_quiz=True)


@pytest.mark.usefixtures("wished")
async def test_the_question_is_due_when_its_post_has_come_and_not_before(asking: Daily, clock: Clock) -> None:
    [post] = await due(asking, clock)
    await asking.claim(post, ("fact-0",))
    await asking.postpone(post, 30)
    assert await asking.unsent(10) == []
    clock.now += 30
    [post] = await asking.unsent(10)
    assert post.kind == "post"

    await send(asking, post)

    [question] = await asking.unsent(10)
    assert (question.kind, question.place, question.local_date) == ("question", ANN, MAY_5)
    assert question.due_at == post.due_at
    assert await asking.next_moment() == clock.now


@pytest.mark.usefixtures("wished")
@pytest.mark.parametrize("end", ["skip", "uncertain", "failed"])
async def test_a_post_that_will_not_come_does_not_hold_the_question_up(asking: Daily, clock: Clock, end: str) -> None:
    [post] = await due(asking, clock)

    await getattr(asking, end)(post)

    assert [unsent.kind for unsent in await asking.unsent(10)] == ["question"]


@pytest.mark.usefixtures("wished")
async def test_a_post_that_is_hours_late_is_skipped_with_its_question(
    asking: Daily, clock: Clock, engine: AsyncEngine
) -> None:
    await due(asking, clock)
    clock.now += LATEST_SECONDS + 1

    assert await asking.unsent(10) == []
    assert await states(engine) == [(7, "2026-05-05", "skipped")]


@pytest.mark.usefixtures("wished")
async def test_the_question_still_comes_when_a_stop_cut_the_post_short_but_not_when_it_cut_the_question_short(
    asking: Daily, clock: Clock, engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    [post] = await due(asking, clock)
    await asking.claim(post, ("fact-0",))
    await again(asking).recover()
    [question] = await asking.unsent(10)
    assert await asking.claim(question, ("asked",))

    for _ in range(2):
        await again(asking).recover()

    assert await asking.unsent(10) == []
    assert [state for _, _, state in await states(engine)] == ["uncertain", "uncertain"]
    assert "the question of 2026-05-05 for chat 7 was being sent when the bot stopped" in caplog.text


async def asked(daily: Daily, clock: Clock, place: Place = ANN) -> DailyQuestion | None:
    """What a place is asked after its post."""
    [post] = [unsent for unsent in await due(daily, clock) if unsent.place == place]
    await send(daily, post)
    [question] = [unsent for unsent in await daily.unsent(10) if unsent.kind == "question"]
    return await daily.question(question)


@pytest.mark.usefixtures("wished")
async def test_everybody_has_the_dates_question(
    asking: Daily, clock: Clock, subscriptions: Subscriptions, shipped: Library
) -> None:
    await subscriptions.subscribe(BOB)

    due_question = await asked(asking, clock)

    assert due_question is not None
    assert due_question.question == question_of_day(shipped.quiz, MAY_5)


@pytest.mark.usefixtures("wished")
@pytest.mark.parametrize(("weekdays", "days"), [(EVERY_DAY, 1), (0b0000011, 6)])
async def test_it_is_open_until_the_next_one_is_due(
    asking: Daily, clock: Clock, subscriptions: Subscriptions, weekdays: int, days: int
) -> None:
    await subscriptions.change(ANN, weekdays=weekdays)
    clock.now += 100

    due_question = await asked(asking, clock)

    assert due_question is not None
    assert due_question.seconds == days * DAY - 100


@pytest.mark.usefixtures("wished")
async def test_a_place_that_was_asked_about_the_fact_lately_or_is_told_of_it_has_another_one(
    engine: AsyncEngine, shipped: Library, clock: Clock
) -> None:
    usual = question_of_day(shipped.quiz, MAY_5)
    assert usual is not None
    fact = usual.fact

    def telling(date: dt.date, *, seen: Mapping[str, dt.date], seed: str) -> Post:  # noqa: ARG001 - as a Composer
        return Post(date, (PostItem("none", None, "", "Told.", fact, (), solemn=False),))

    questions = QuestionsOfDay(shipped, Feedback(engine))
    told = await asked(Daily(engine, telling, questions, clock), clock)
    await Polls(engine, Days(engine, shipped, clock=clock).today, clock).begin(ANN, usual, "round")
    [question] = await again(Daily(engine, one_fact_a_day, questions, clock)).unsent(10)
    had = await Daily(engine, one_fact_a_day, questions, clock).question(question)

    for other in (told, had):
        assert other is not None
        assert other.question.fact != fact


@pytest.mark.usefixtures("wished")
async def test_who_wants_it_no_more_is_not_asked(asking: Daily, clock: Clock, subscriptions: Subscriptions) -> None:
    [post] = await due(asking, clock)
    await send(asking, post)
    [question] = await asking.unsent(10)

    await subscriptions.change(ANN, daily_quiz=False)
    assert await asking.question(question) is None
    await subscriptions.change(ANN, daily_quiz=True)
    assert await asking.question(question) is not None
    await subscriptions.unsubscribe(ANN)

    assert await asking.question(question) is None
    assert await asking.unsent(10) == []


@pytest.mark.usefixtures("wished")
async def test_the_coming_questions_are_kept_from_rounds_where_they_come(
    asking: Daily, subscriptions: Subscriptions, shipped: Library
) -> None:
    await subscriptions.subscribe(BOB)
    first = question_of_day(shipped.quiz, MAY_5)

    kept = await asking.reserved(ANN)

    assert first is not None
    assert first.fact in kept
    assert len(kept) == 60
    assert await asking.reserved(BOB) == await asking.reserved(TOPIC) == frozenset()


async def test_channels_are_told_apart(subscriptions: Subscriptions, asking: Daily, clock: Clock) -> None:
    await subscriptions.subscribe(TOPIC, is_channel=True)
    await subscriptions.subscribe(ANN)

    assert {(unsent.place, unsent.is_channel) for unsent in await due(asking, clock)} == {(TOPIC, True), (ANN, False)}
