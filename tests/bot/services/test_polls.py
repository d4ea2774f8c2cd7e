import asyncio
import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services import polls as module
from bot.services.library import Library
from bot.services.polls import KEPT_SECONDS, Asked, Place, Polls, Purpose
from bot.storage import players
from bot.storage.database import reading
from bot.storage.tables import scores
from knowledge.quiz import Question
from tests.fakes import Clock

GROUP, ANN, BOB = Place(-5), 7_000_000_001, 7_000_000_002


@pytest.fixture(scope="module")
def question(shipped: Library) -> Question:
    return shipped.quiz.questions(seed=1, n=1)[0]


async def ask(polls: Polls, question: Question, purpose: Purpose = "round", poll_id: str = "t1") -> Asked:
    day = dt.date(2025, 6, 15) if purpose == "day" else None
    ours = await polls.begin(GROUP, question, purpose, round_id=3, number=2, local_date=day)
    await polls.sent(ours, poll_id, 12, 30)
    asked = await polls.of(poll_id)
    assert asked is not None
    return asked


async def earned(engine: AsyncEngine) -> list[tuple[int, int, int, float, bool | None]]:
    chosen = select(scores.c.user_id, scores.c.answered, scores.c.right, scores.c.seconds, scores.c.of_day)
    async with reading(engine) as connection:
        return [tuple(row) for row in await connection.execute(chosen.order_by(scores.c.user_id))]


async def test_a_question_that_was_sent_is_found_by_its_poll_and_its_message(
    polls: Polls, question: Question, clock: Clock
) -> None:
    asked = await ask(polls, question)

    assert asked == Asked(
        asked.id, GROUP, "round", question, "open", 12, clock.now, clock.now + 30, round_id=3, number=2
    )
    assert await polls.of_message(-5, 12) == asked
    assert await polls.of_message(-5, 13) is None
    assert await polls.of("t2") is None


async def test_an_answer_counts_once_with_its_time(
    polls: Polls, question: Question, clock: Clock, engine: AsyncEngine
) -> None:
    asked = await ask(polls, question)
    clock.now += 4

    first = await polls.vote(asked, ANN, "Ann", question.correct)
    again = await polls.vote(asked, ANN, "Ann", (question.correct + 1) % 2)
    other = await polls.vote(asked, BOB, "Bob", (question.correct + 1) % 2)

    assert first is not None
    assert other is not None
    assert (first.is_right, first.seconds, other.is_right, again) == (True, 4.0, False, None)
    assert await earned(engine) == [(ANN, 1, 1, 4.0, None), (BOB, 1, 0, 0.0, None)]
    async with reading(engine) as connection:
        assert await players.names(connection, [ANN, BOB, 9]) == {ANN: "Ann", BOB: "Bob"}


async def test_answers_that_come_at_once_are_all_counted(polls: Polls, question: Question, engine: AsyncEngine) -> None:
    asked = await ask(polls, question)

    await asyncio.gather(*(polls.vote(asked, ANN + n % 32, f"Player {n % 32}", question.correct) for n in range(64)))

    assert [(answered, right) for _, answered, right, *_ in await earned(engine)] == [(1, 1)] * 32


async def test_a_question_that_is_over_takes_no_answer(polls: Polls, question: Question) -> None:
    asked = await ask(polls, question)
    await polls.closed(asked.id)

    assert await polls.vote(asked, ANN, "Ann", question.correct) is None


async def test_an_answer_that_waited_counts_as_given_while_the_question_was_open(
    polls: Polls, question: Question, clock: Clock
) -> None:
    asked = await ask(polls, question)
    clock.now += 3600

    voted = await polls.vote(asked, ANN, "Ann", question.correct)

    assert voted is not None
    assert voted.seconds == 30


async def test_the_question_of_a_day_counts_for_its_day_and_a_review_for_nothing(
    polls: Polls, question: Question, engine: AsyncEngine
) -> None:
    of_day, review = await ask(polls, question, "day"), await ask(polls, question, "review", "t2")

    await polls.vote(of_day, ANN, "Ann", question.correct)
    await polls.vote(review, BOB, "Bob", question.correct)

    assert await earned(engine) == [(ANN, 1, 1, 0.0, True)]


async def test_an_answer_may_come_before_telegram_has_told_the_polls_id(
    polls: Polls, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    ours = await polls.begin(GROUP, question, "round")
    early = asyncio.create_task(polls.of("t1"))
    await asyncio.sleep(0.03)
    await polls.sent(ours, "t1", 12, 30)

    asked = await early

    assert asked is not None
    assert asked.id == ours


async def test_a_question_that_may_have_arrived_is_not_asked_again_and_one_that_has_not_may_be(
    polls: Polls, shipped: Library
) -> None:
    uncertain, failed, cut_short = shipped.quiz.questions(seed=1, n=3)
    await polls.not_sent(await polls.begin(GROUP, uncertain, "round"), is_certain=False)
    await polls.not_sent(await polls.begin(GROUP, failed, "round"), is_certain=True)
    await polls.begin(GROUP, cut_short, "round")
    await polls.recover()

    assert set(await polls.seen(GROUP)) == {uncertain.key, cut_short.key}
    assert await polls.of("t1") is None


async def test_what_was_asked_is_forgotten_when_it_may_come_again(
    polls: Polls, question: Question, clock: Clock
) -> None:
    asked = await ask(polls, question)
    await polls.vote(asked, ANN, "Ann", 0)
    clock.now += KEPT_SECONDS - 10
    await polls.forget_old()
    assert await polls.of("t1") is not None

    clock.now += 20
    await polls.forget_old()

    assert await polls.of("t1") is None
    assert await polls.seen(GROUP, ANN) == {}
