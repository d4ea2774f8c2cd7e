import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Bot
from telegram.error import TimedOut

from bot.delivery import Delivery
from bot.scheduling import AT_WORK, Scheduler
from bot.services.chats import Chats
from bot.services.daily import Daily
from bot.services.days import Days
from bot.services.feedback import Feedback
from bot.services.library import Library
from bot.services.polls import Polls
from bot.services.questions_of_day import QuestionsOfDay
from bot.services.subscriptions import Ended, Place, Subscriptions
from bot.storage.database import reading
from bot.storage.tables import polls as polls_table
from bot.storage.tables import posts as table
from bot.ticking import FAULT_SECONDS, LONGEST_SLEEP
from knowledge.posts import Post
from tests.fakes import Clock, FailingTelegram, one_fact_a_day, refusal

ANN, GROUP = Place(7), Place(-500)
DAY = 24 * 3600
NINE = dt.datetime(2026, 5, 5, 9, tzinfo=dt.UTC).timestamp()
LOCKED = OperationalError("UPDATE", {}, Exception("database is locked"))


@dataclass
class Bench:
    """A scheduler with all that it needs, on a clock that is set by hand."""

    engine: AsyncEngine
    clock: Clock
    telegram: FailingTelegram
    subscriptions: Subscriptions
    daily: Daily
    polls: Polls
    delivery: Delivery
    scheduler: Scheduler

    async def subscribe(self, *places: Place) -> None:
        """Everybody's post is due at nine."""
        self.clock.now = NINE - 60
        for place in places:
            await self.subscriptions.subscribe(place)
        self.clock.now = NINE

    async def tick(self) -> float:
        """One tick, and all that it began."""
        pause = await self.scheduler.tick()
        await self.scheduler.finish()
        return pause

    async def states(self) -> list[tuple[int, str]]:
        async with reading(self.engine) as connection:
            found = await connection.execute(select(table.c.chat_id, table.c.state).order_by(table.c.id))
            return [(row.chat_id, row.state) for row in found]

    @property
    def receivers(self) -> list[str]:
        return [sent["chat_id"] for sent in self.telegram.sent]


@pytest.fixture
async def bench(engine: AsyncEngine, shipped: Library) -> AsyncIterator[Bench]:
    clock, telegram = Clock(NINE), FailingTelegram()
    subscriptions = Subscriptions(engine, clock=clock)
    questions, chats = QuestionsOfDay(shipped, Feedback(engine)), Chats(engine, subscriptions)
    daily = Daily(engine, one_fact_a_day, questions, clock)
    polls = Polls(engine, Days(engine, shipped, clock=clock).today, clock)
    delivery = Delivery(Bot("123456:no-real-token", request=telegram), chats, clock, clock.sleep)
    scheduler = Scheduler(daily, delivery, chats, polls, clock, clock.sleep)
    yield Bench(engine, clock, telegram, subscriptions, daily, polls, delivery, scheduler)
    await scheduler.close()
    await delivery.close()


async def test_a_due_post_is_sent_and_recorded_and_the_next_one_waited_for(bench: Bench) -> None:
    await bench.subscribe(ANN, Place(-100_500, 9))
    await bench.subscriptions.change(ANN, silent=True)
    bench.clock.now = NINE

    await bench.tick()
    pause = await bench.tick()

    sent, in_topic = sorted(bench.telegram.sent, key=lambda call: call["chat_id"], reverse=True)
    assert "This is fact-0 &amp; no other." in sent["text"]
    assert "5 May" in sent["text"]
    assert (sent["chat_id"], sent["disable_notification"]) == ("7", "true")
    assert (in_topic["chat_id"], in_topic["message_thread_id"]) == ("-100500", "9")
    assert {state for _, state in await bench.states()} == {"sent"}
    assert pause == LONGEST_SLEEP


async def test_nothing_is_sent_before_its_time_and_sleep_ends_with_it(bench: Bench) -> None:
    await bench.subscribe(ANN)
    bench.clock.now = NINE - 2.5

    assert await bench.tick() == 2.5
    assert bench.telegram.sent == []


async def test_where_nobody_has_subscribed_the_clock_sleeps(bench: Bench) -> None:
    assert await bench.tick() == LONGEST_SLEEP


async def test_what_is_being_sent_is_not_begun_again(bench: Bench) -> None:
    await bench.subscribe(ANN)

    for _ in range(5):
        await bench.scheduler.tick()
    await bench.scheduler.finish()

    assert bench.receivers == ["7"]


async def test_many_posts_are_sent_a_few_at_a_time(bench: Bench) -> None:
    await bench.subscribe(*(Place(chat) for chat in range(1, 2 * AT_WORK + 11)))
    at_work = []

    for _ in range(4):
        await bench.scheduler.tick()
        at_work.append(len(bench.scheduler._work))
        await bench.scheduler.finish()

    assert at_work == [AT_WORK, AT_WORK, 10, 0]
    assert len(set(bench.receivers)) == len(bench.receivers) == 2 * AT_WORK + 10


async def test_who_blocked_the_bot_loses_the_subscription_but_not_its_settings(bench: Bench) -> None:
    bench.telegram.fail_next(refusal(403, "Forbidden: bot was blocked by the user"))
    await bench.subscribe(ANN)

    await bench.tick()

    assert await bench.states() == [(7, "failed")]
    ended = await bench.subscriptions.get(ANN)
    assert ended is not None
    assert (ended.ended_because, ended.time) == (Ended.BLOCKED, "09:00")


async def test_a_group_that_has_moved_gets_its_post_under_the_new_id(bench: Bench) -> None:
    bench.telegram.fail_next(refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100_500))
    await bench.subscribe(GROUP)

    await bench.tick()
    moved = await bench.states()
    await bench.tick()

    assert bench.receivers == ["-500", "-100500"]
    assert (moved, await bench.states()) == ([(-100_500, "due")], [(-100_500, "sent")])
    assert await bench.subscriptions.get(Place(-100_500)) is not None


@pytest.mark.parametrize(
    ("failure", "seconds"),
    [
        (refusal(429, "Too Many Requests: retry after 30", retry_after=30), 30),
        (refusal(500, "Internal Server Error"), 1),
    ],
)
async def test_what_certainly_did_not_arrive_is_sent_later(
    failure: tuple[int, dict[str, object]], seconds: int, bench: Bench
) -> None:
    bench.telegram.fail_next(failure)
    await bench.subscribe(ANN)

    await bench.tick()
    waits = await bench.states()
    await bench.tick()
    at_once = list(bench.receivers)
    bench.clock.now += seconds
    await bench.tick()

    assert waits == [(7, "due")]
    assert at_once == ["7"]
    assert bench.receivers == ["7", "7"]
    assert await bench.states() == [(7, "sent")]


async def test_what_may_have_arrived_is_never_sent_again(bench: Bench) -> None:
    bench.telegram.fail_next(TimedOut())
    await bench.subscribe(ANN)

    for _ in range(3):
        await bench.tick()
        bench.clock.now += 3600

    assert bench.receivers == ["7"]
    assert await bench.states() == [(7, "uncertain")]


async def test_a_post_that_waits_too_long_for_its_turn_is_not_sent(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.subscribe(ANN)
    await bench.daily.plan()
    [unsent] = await bench.daily.unsent(1)
    bench.clock.now += 7 * 3600

    await bench.scheduler._send(unsent)
    await bench.tick()

    assert bench.telegram.sent == []
    assert await bench.states() == [(7, "skipped")]
    assert "is skipped" in caplog.text


async def test_a_claim_that_the_database_does_not_take_is_made_later(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def claim(*_: object) -> bool:
        raise LOCKED

    await bench.subscribe(ANN)
    with monkeypatch.context() as locked:
        locked.setattr(bench.daily, "claim", claim)
        await bench.tick()
    bench.clock.now += LONGEST_SLEEP
    await bench.tick()

    assert "the post of 2026-05-05 for chat 7 waits for the database" in caplog.text
    assert bench.receivers == ["7"]
    assert await bench.states() == [(7, "sent")]


async def test_an_outcome_is_recorded_as_soon_as_the_database_takes_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    record, tries = bench.daily.sent, []

    async def sent(*what: object) -> None:
        tries.append(what)
        if len(tries) < 4:
            raise LOCKED
        await record(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(bench.daily, "sent", sent)
    await bench.subscribe(ANN)

    await bench.tick()

    assert len(tries) == 4
    assert bench.clock.slept[-3:] == [1, 2, 4]
    assert bench.receivers == ["7"]
    assert await bench.states() == [(7, "sent")]
    assert "can't be recorded yet" in caplog.text


async def test_a_fault_of_ours_before_the_attempt_lets_the_post_wait(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> Post:
        raise KeyError("odd")

    await bench.subscribe(ANN)
    with monkeypatch.context() as faulty:
        faulty.setattr(bench.daily, "_compose", broken)
        await bench.tick()
        await bench.tick()
    bench.clock.now += FAULT_SECONDS
    await bench.tick()

    assert caplog.text.count("meets a fault of ours") == 1
    assert bench.receivers == ["7"]
    assert await bench.states() == [(7, "sent")]


async def test_a_fault_of_ours_after_the_claim_leaves_it_open_what_arrived(
    bench: Bench, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise KeyError("odd")

    monkeypatch.setattr(type(bench.delivery._bot), "send_message", broken)
    await bench.subscribe(ANN)

    await bench.tick()

    assert await bench.states() == [(7, "uncertain")]
    assert "meets a fault of ours" in caplog.text


async def test_a_post_with_nothing_to_tell_is_skipped(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(date: dt.date, *, seen: Mapping[str, dt.date], seed: str) -> Post:  # noqa: ARG001 - as a Composer
        return Post(date, ())

    monkeypatch.setattr(bench.daily, "_compose", silent)
    await bench.subscribe(ANN)

    await bench.tick()

    assert bench.telegram.sent == []
    assert await bench.states() == [(7, "skipped")]


async def test_a_database_that_is_busy_when_the_clock_starts_is_asked_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    recovered = bench.daily.recover
    tries: list[Exception | None] = [LOCKED, ValueError("odd"), None]

    async def recover() -> None:
        failure = tries.pop(0)
        if failure:
            raise failure
        await recovered()

    monkeypatch.setattr(bench.daily, "recover", recover)
    await bench.subscribe(ANN)

    with caplog.at_level(logging.ERROR):
        running = asyncio.create_task(bench.scheduler.run())
        await bench.telegram.until_sent(1)
        await bench.scheduler.finish()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert "posts wait for the database: " in caplog.text
    assert "posts wait for a fault of ours" in caplog.text


async def test_at_the_end_what_is_under_way_is_recorded_and_what_waits_stays_due(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def for_ever(_: float) -> None:
        await asyncio.Event().wait()

    answered = asyncio.Event()
    bench.telegram.hold(answered)
    await bench.subscribe(ANN, Place(8))
    monkeypatch.setattr(bench.delivery._pacing, "_sleep", for_ever)
    bench.delivery._pacing.pause(8, 2)
    await bench.scheduler.tick()
    await bench.telegram.until_sent(1)

    closing = asyncio.create_task(bench.scheduler.close())
    await asyncio.sleep(0)
    answered.set()
    await closing

    assert bench.receivers == ["7"]
    assert await bench.states() == [(7, "sent"), (8, "due")]


async def test_a_post_has_the_buttons_of_its_page(bench: Bench) -> None:
    await bench.subscribe(ANN)

    await bench.tick()

    [sent] = bench.telegram.sent
    assert '"d:20260504"' in sent["reply_markup"]
    assert '"n:20260505:' in sent["reply_markup"]


# The question after the post


@pytest.fixture
async def wished(bench: Bench) -> None:
    """Ann wants a question with her post, silently."""
    await bench.subscribe(ANN)
    await bench.subscriptions.change(ANN, daily_quiz=True, silent=True)


async def polls_of(bench: Bench) -> list[tuple[str, str, str | None]]:
    """Purpose, state and Telegram's id of each question."""
    async with reading(bench.engine) as connection:
        found = await connection.execute(select(polls_table).order_by(polls_table.c.id))
        return [(row.purpose, row.state, row.poll_id) for row in found]


async def until_quiet(bench: Bench) -> None:
    for _ in range(3):
        await bench.tick()
        bench.clock.now += 1


@pytest.mark.usefixtures("wished")
async def test_the_question_follows_the_post_as_a_quiz(bench: Bench) -> None:
    await until_quiet(bench)

    post, question = bench.telegram.sent
    assert "5 May" in post["text"]
    assert question["question"].startswith("Question of the day · ")
    assert (question["type"], question["is_anonymous"], question["disable_notification"]) == ("quiz", "false", "true")
    assert int(question["open_period"]) == DAY - 1
    assert '"r:"' in question["reply_markup"]
    assert await bench.states() == [(7, "sent"), (7, "sent")]
    assert await polls_of(bench) == [("day", "open", "5")]


async def test_in_a_channel_nobody_sees_who_answers(bench: Bench) -> None:
    bench.clock.now = NINE - 60
    await bench.subscriptions.subscribe(ANN, is_channel=True)
    await bench.subscriptions.change(ANN, daily_quiz=True)
    bench.clock.now = NINE

    await until_quiet(bench)

    assert bench.telegram.sent[-1]["is_anonymous"] == "true"


@pytest.mark.usefixtures("wished")
async def test_a_question_waits_for_a_post_that_waits(bench: Bench) -> None:
    bench.telegram.fail_next(refusal(429, "Too Many Requests: retry after 30", retry_after=30))

    await until_quiet(bench)
    waits = await bench.states()
    bench.clock.now += 30
    await until_quiet(bench)

    assert waits == [(7, "due")]
    assert ["question" in sent for sent in bench.telegram.sent] == [False, False, True]


@pytest.mark.usefixtures("wished")
async def test_a_question_that_may_have_arrived_is_never_sent_again(bench: Bench) -> None:
    await bench.tick()
    bench.clock.now += 1
    bench.telegram.fail_next(TimedOut())

    for _ in range(3):
        await bench.tick()
        bench.clock.now += 3600

    assert len(bench.telegram.sent) == 2
    assert await bench.states() == [(7, "sent"), (7, "uncertain")]
    assert await polls_of(bench) == [("day", "uncertain", None)]


@pytest.mark.usefixtures("wished")
async def test_a_question_that_certainly_did_not_arrive_comes_later_and_is_the_same(bench: Bench) -> None:
    await bench.tick()
    bench.clock.now += 1
    bench.telegram.fail_next(refusal(500, "Internal Server Error"))

    await bench.tick()
    bench.clock.now += 2
    await bench.tick()

    _, first, again = bench.telegram.sent
    assert first["question"] == again["question"]
    assert await bench.states() == [(7, "sent"), (7, "sent")]
    assert await polls_of(bench) == [("day", "failed", None), ("day", "open", "5")]


@pytest.mark.usefixtures("wished")
async def test_a_question_goes_to_the_new_id_of_a_group(bench: Bench) -> None:
    await bench.tick()
    bench.clock.now += 1
    bench.telegram.fail_next(refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100_500))

    await until_quiet(bench)

    assert bench.receivers == ["7", "7", "-100500"]
    assert await bench.states() == [(-100_500, "sent"), (-100_500, "sent")]


@pytest.mark.usefixtures("wished")
async def test_where_polls_are_not_allowed_posts_go_on(bench: Bench) -> None:
    await bench.tick()
    bench.clock.now += 1
    bench.telegram.fail_next(refusal(400, "Bad Request: not enough rights to send polls to the chat"))

    await until_quiet(bench)

    assert await bench.states() == [(7, "sent"), (7, "failed")]
    kept = await bench.subscriptions.get(ANN)
    assert kept is not None
    assert kept.is_active


@pytest.mark.usefixtures("wished")
async def test_a_question_whose_claim_the_database_does_not_take_comes_later(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def claim(*_: object) -> bool:
        raise LOCKED

    await bench.tick()
    bench.clock.now += 1
    with monkeypatch.context() as locked:
        locked.setattr(bench.daily, "claim", claim)
        await bench.tick()
    bench.clock.now += LONGEST_SLEEP
    await bench.tick()

    assert len(bench.telegram.sent) == 2
    assert await bench.states() == [(7, "sent"), (7, "sent")]


@pytest.mark.usefixtures("wished")
async def test_a_question_whose_record_fails_after_the_claim_is_not_repeated(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def begin(*_: object, **__: object) -> int:
        raise LOCKED

    await bench.tick()
    bench.clock.now += 1
    with monkeypatch.context() as locked:
        locked.setattr(bench.polls, "begin", begin)
        await bench.tick()
    bench.clock.now += FAULT_SECONDS
    await bench.tick()

    assert len(bench.telegram.sent) == 1
    assert await bench.states() == [(7, "sent"), (7, "uncertain")]


@pytest.mark.usefixtures("wished")
async def test_a_question_that_is_not_wanted_any_more_is_skipped(bench: Bench) -> None:
    await bench.tick()
    await bench.subscriptions.change(ANN, daily_quiz=False)
    bench.clock.now += 1

    await bench.tick()

    assert len(bench.telegram.sent) == 1
    assert await bench.states() == [(7, "sent"), (7, "skipped")]


@pytest.mark.usefixtures("wished")
async def test_where_there_is_nothing_to_tell_the_question_comes_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(date: dt.date, *, seen: Mapping[str, dt.date], seed: str) -> Post:  # noqa: ARG001 - as a Composer
        return Post(date, ())

    monkeypatch.setattr(bench.daily, "_compose", silent)

    await until_quiet(bench)

    assert ["question" in sent for sent in bench.telegram.sent] == [True]
    assert await bench.states() == [(7, "skipped"), (7, "sent")]
