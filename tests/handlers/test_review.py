"""Reviews over HTTP, with the bot as a process and questions of the shipped pack."""

import asyncio
import re
import signal
import time
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.playground import Person, Playground
from bot.services.library import Library
from bot.storage.database import open_database
from handlers.buttons import TOO_OLD
from handlers.review import LOST, OVER, UNANSWERED
from knowledge.quiz import Question
from tests.bot.processes import BotProcess
from tests.handlers.forging import with_button
from tests.handlers.voting import answer
from tests.mistakes import in_a_round, until_recorded
from tests.packs import SHIPPED

DAY = 24 * 3600.0
QUESTION = r"\?$"
pytestmark = pytest.mark.usefixtures("bot")
BOT_SETTINGS = {"FOOTNOTE_PACKS": str(SHIPPED)}


@pytest.fixture(scope="module")
def questions(shipped: Library) -> tuple[Question, ...]:
    return shipped.quiz.questions(seed=11, n=15)


@pytest.fixture
async def database(bot: BotProcess) -> AsyncIterator[AsyncEngine]:
    engine = open_database(f"sqlite+aiosqlite:///{bot.log_file.parent}/footnote.db")
    yield engine
    await engine.dispose()


async def asked(person: Person) -> list[str]:
    """The questions that stand in somebody's private chat."""
    return [message.text for message in await person.private.transcript() if message.poll_id]


async def test_who_got_nothing_wrong_is_told_how_reviews_come(ann: Person) -> None:
    told = await ann.private.ask("/review")

    assert told.text.startswith("Nothing to review yet.")
    assert "/quiz" in told.text


async def test_a_review_asks_what_is_due_one_by_one_and_ends_with_a_picture(
    ann: Person, database: AsyncEngine, questions: Sequence[Question]
) -> None:
    await in_a_round(database, ann.id, questions[:3], time.time() - DAY)

    told = await ann.private.ask("/review")
    assert told.text == "Review: 3 due now."
    seen = []
    for number, is_right in enumerate((True, False, True), 1):
        poll = await ann.private.expect(QUESTION)
        assert poll.text.startswith(f"{number}/3 · ")
        assert poll.buttons == ["Enough for now", "Report"]
        assert not poll.raw["poll"]["is_anonymous"]
        seen.append(poll.text)
        await answer(poll, ann, is_right=is_right)
    summary = await ann.private.expect("Review done")

    assert len(set(seen)) == 3
    assert summary.picture is not None
    assert summary.text.startswith("Review done: 2 of 3 right.\n\n3 questions: 1 still to learn, 2 taking hold, 0 firm")
    assert re.search(r"Coming back: (today|tomorrow) 1, .*\.\n\nThe next ones: in (9|10) minutes\.$", summary.text)
    assert summary.buttons == []
    rest = await ann.private.ask("/review")
    assert re.match(r"Nothing is due now\. The next comes in (9|10) minutes\.", rest.text)
    assert "/quiz" in rest.text


async def test_more_than_ten_wait_for_a_press(
    ann: Person, database: AsyncEngine, questions: Sequence[Question]
) -> None:
    await in_a_round(database, ann.id, questions[:11], time.time() - DAY)

    told = await ann.private.ask("/review")
    assert told.text == "Review: 11 due now. I ask up to 10 at a time."
    for _ in range(10):
        await answer(await ann.private.expect(QUESTION), ann)
    summary = await ann.private.expect("all 10 right", timeout=10)
    assert "1 more is due now." in summary.text
    press = await ann.private.press(summary, "Go on")
    assert await press.answer() == ("", False, None)
    poll = await ann.private.expect(QUESTION)
    assert "/" not in poll.text.split()[0]
    await answer(poll, ann)
    await ann.private.expect("right, the only one")


async def test_a_group_is_shown_the_way_to_the_private_chat(
    playground: Playground, ann: Person, database: AsyncEngine, questions: Sequence[Question]
) -> None:
    await in_a_round(database, ann.id, questions[:1], time.time() - DAY)
    group = await playground.supergroup("Readers", ann)

    told = await ann.at(group).ask("/review")
    [[button]] = told.keyboard
    said = await ann.follow(button["url"])

    assert (await ann.private.expect(after=said)).text == "Review: 1 due now."
    await ann.private.expect(QUESTION)


async def test_enough_closes_the_question_and_sums_up(
    playground: Playground, ann: Person, database: AsyncEngine, questions: Sequence[Question]
) -> None:
    await in_a_round(database, ann.id, questions[:3], time.time() - DAY)
    await ann.private.ask("/review")
    first = await ann.private.expect(QUESTION)
    await answer(first, ann)
    second = await ann.private.expect(QUESTION)

    press = await ann.private.press(first, "Enough for now")

    assert await press.answer() == ("", False, None)
    summary = await ann.private.expect("Review done")
    assert "right, the only one." in summary.text
    assert summary.buttons == ["Go on"]
    assert (await playground.poll(second))["is_closed"]
    again = await ann.private.press(first, "Enough for now")
    assert await again.answer() == (OVER, True, None)


async def test_an_open_question_is_pointed_at_and_may_be_skipped(
    playground: Playground, ann: Person, database: AsyncEngine, questions: Sequence[Question]
) -> None:
    await in_a_round(database, ann.id, questions[:2], time.time() - DAY)
    await ann.private.ask("/review")
    first = await ann.private.expect(QUESTION)

    reminder = await ann.private.ask("/review")

    assert reminder.text == UNANSWERED
    assert reminder.raw["reply_to_message"]["message_id"] == first.id
    press = await ann.private.press(reminder, "Skip it")
    assert await press.answer() == ("", False, None)
    second = await ann.private.expect(QUESTION)
    assert second.text.startswith("2/2 · ")
    assert (await playground.poll(first))["is_closed"]
    await answer(second, ann)
    assert "right, the only one." in (await ann.private.expect("Review done")).text


async def test_impatience_asks_no_question_twice(
    ann: Person, database: AsyncEngine, questions: Sequence[Question]
) -> None:
    await in_a_round(database, ann.id, questions[:4], time.time() - DAY)
    await ann.private.say("/review")
    await ann.private.say("/review")
    first = await ann.private.expect(QUESTION)
    await ann.private.expect(UNANSWERED)
    await asyncio.gather(answer(first, ann), ann.private.say("/review"))
    second = await ann.private.expect(QUESTION)
    await ann.private.ask("/review", UNANSWERED)

    assert second.text != first.text
    assert len(await asked(ann)) == 2


async def test_somebody_else_can_answer_a_forwarded_question_and_nothing_happens(
    playground: Playground, ann: Person, database: AsyncEngine, questions: Sequence[Question]
) -> None:
    await in_a_round(database, ann.id, questions[:2], time.time() - DAY)
    bob = await playground.user("Bob")
    await ann.private.ask("/review")
    first = await ann.private.expect(QUESTION)

    await bob.vote(first, 0, through_a_forward=True)
    await bob.private.ask("/help", "How to ask")
    reminder = await ann.private.ask("/review")

    assert reminder.text == UNANSWERED
    assert len(await asked(ann)) == 1
    await answer(first, ann)
    await ann.private.expect("2/2")


async def test_a_kill_in_the_middle_loses_nothing(
    bot: BotProcess, ann: Person, database: AsyncEngine, questions: Sequence[Question]
) -> None:
    await in_a_round(database, ann.id, questions[:3], time.time() - DAY)
    await ann.private.ask("/review")
    await answer(await ann.private.expect(QUESTION), ann, is_right=False)
    second = await ann.private.expect(QUESTION)

    await until_recorded(database, second.poll_id)
    await asyncio.to_thread(bot.stop, signal.SIGKILL)
    await answer(second, ann)
    await asyncio.to_thread(bot.start)

    third = await ann.private.expect(QUESTION, timeout=10)
    assert third.text.startswith("3/3 · ")
    await answer(third, ann)
    assert "2 of 3 right" in (await ann.private.expect("Review done")).text


async def test_a_kill_while_a_question_is_sent_asks_none_twice_unasked(
    playground: Playground, bot: BotProcess, ann: Person, database: AsyncEngine, questions: Sequence[Question]
) -> None:
    await in_a_round(database, ann.id, questions[:1], time.time() - DAY)
    await playground.fault("sendPoll", kind="slow", when="after", seconds=30)
    await ann.private.ask("/review", "1 due now")
    await ann.private.expect(QUESTION)

    await asyncio.to_thread(bot.stop, signal.SIGKILL)
    await asyncio.to_thread(bot.start)

    await ann.private.ask("/help", "How to ask", timeout=10)
    assert len(await asked(ann)) == 1
    await ann.private.ask("/review", "1 due now")
    await answer(await ann.private.expect(QUESTION), ann)
    await ann.private.expect("right, the only one")


async def test_a_flood_is_waited_out(
    playground: Playground, ann: Person, database: AsyncEngine, questions: Sequence[Question]
) -> None:
    await in_a_round(database, ann.id, questions[:1], time.time() - DAY)
    await playground.flood("sendPoll")

    await ann.private.ask("/review", "1 due now")

    await answer(await ann.private.expect(QUESTION), ann)
    await ann.private.expect("Review done")


async def test_a_question_that_is_refused_makes_way_for_others(
    playground: Playground, ann: Person, database: AsyncEngine, questions: Sequence[Question]
) -> None:
    await in_a_round(database, ann.id, questions[:2], time.time() - DAY)
    await playground.fault("sendPoll", code=400, description="Bad Request: the poll is not nice")

    await ann.private.ask("/review", "2 due now")
    await ann.private.expect(LOST)

    await ann.private.ask("/review", "1 due now, 1 later today|1 due now, 1 tomorrow")
    await ann.private.expect(QUESTION)


async def test_a_lost_question_is_not_sent_again_by_itself(
    playground: Playground, ann: Person, database: AsyncEngine, questions: Sequence[Question]
) -> None:
    await in_a_round(database, ann.id, questions[:1], time.time() - DAY)
    await playground.fault("sendPoll", kind="drop", when="after")

    await ann.private.ask("/review", "1 due now")
    await ann.private.expect(LOST)

    assert len(await asked(ann)) == 1


async def test_where_pictures_fail_the_words_come(
    playground: Playground, ann: Person, database: AsyncEngine, questions: Sequence[Question]
) -> None:
    await in_a_round(database, ann.id, questions[:1], time.time() - DAY)
    await playground.fault("sendPhoto", code=400, description="Bad Request: PHOTO_INVALID_DIMENSIONS")
    await ann.private.ask("/review", "1 due now")
    await answer(await ann.private.expect(QUESTION), ann)

    summary = await ann.private.expect("Review done")

    assert summary.picture is None


@pytest.mark.parametrize("data", ["v:", "v:nonsense", "v:begin:1", "v:ΒEGIN"])
async def test_a_forged_button_gets_a_friendly_alert(playground: Playground, ann: Person, data: str) -> None:
    message = await with_button(playground, ann, data)

    press = await ann.private.press(message, "Press me")

    assert await press.answer() == (TOO_OLD, True, None)
