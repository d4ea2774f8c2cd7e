import datetime as dt

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.days import Days
from bot.services.library import Library
from bot.services.polls import Polls, Purpose
from bot.services.scores import KEPT_SECONDS, Board, Place, Scores, Total, streak
from bot.storage import posts
from bot.storage.posts import Planned
from bot.storage.tables import posts as rows
from knowledge.quiz import Question
from tests.fakes import Clock

GROUP, TOPIC = Place(-500), Place(-500, 9)
ANN, BOB, CAT = 1, 2, 3
NAMES = {ANN: "Ann", BOB: "Bob", CAT: "Cat"}
TODAY = dt.date(2025, 6, 15)  # on the clock of the tests
DAY = dt.timedelta(days=1)


@pytest.fixture
def polls(engine: AsyncEngine, library: Library, clock: Clock) -> Polls:
    return Polls(engine, Days(engine, library, clock=clock).today, clock)


@pytest.fixture
def scores(engine: AsyncEngine, library: Library, clock: Clock) -> Scores:
    return Scores(engine, Days(engine, library, clock=clock).today, clock)


@pytest.fixture(scope="module")
def question(shipped: Library) -> Question:
    return shipped.quiz.questions(seed=1, n=1)[0]


class Table:
    """A chat in which questions are asked and answered."""

    def __init__(self, polls: Polls, question: Question, clock: Clock) -> None:
        self._polls = polls
        self._question = question
        self._clock = clock
        self._number = 0

    async def ask(self, *right: int, wrong: tuple[int, ...] = (), seconds: float = 4, **of: object) -> None:
        """Ask, and have it answered after so many seconds."""
        self._number += 1
        purpose: Purpose = of.get("purpose", "round")  # type: ignore[assignment]
        place: Place = of.get("place", GROUP)  # type: ignore[assignment]
        date: dt.date | None = of.get("date")  # type: ignore[assignment]
        poll = await self._polls.begin(place, self._question, purpose, local_date=date)
        await self._polls.sent(poll, f"poll-{self._number}", self._number, None)
        asked = await self._polls.of(f"poll-{self._number}")
        assert asked is not None
        self._clock.now += seconds
        for user_id in (*right, *wrong):
            correct = self._question.correct
            option = correct if user_id in right else (correct + 1) % len(self._question.options)
            assert await self._polls.vote(asked, user_id, NAMES[user_id], option)


@pytest.fixture
def table(polls: Polls, question: Question, clock: Clock) -> Table:
    return Table(polls, question, clock)


async def asked_on(engine: AsyncEngine, *dates: dt.date, place: Place = GROUP) -> None:
    """Record that a question of the day arrived on these dates."""
    async with engine.begin() as connection:
        await posts.plan(connection, [Planned(place, date, 1) for date in dates], 1)
        for unsent in await posts.due_posts(connection, 10, 100):
            await connection.execute(update(rows).where(rows.c.id == unsent.id).values(kind="question"))
            await posts.settle(connection, unsent.id, "sent", 1, 1)


def shown(board: Board) -> list[tuple[int, str | None, int, int]]:
    return [(line.place, line.name, line.total.right, line.total.answered) for line in board.lines]


async def test_a_board_shows_who_answered_how_well(scores: Scores, table: Table) -> None:
    await table.ask(ANN, BOB, wrong=(CAT,))
    await table.ask(ANN, wrong=(BOB,), seconds=6)

    board = await scores.board(GROUP, "day")

    assert shown(board) == [(1, "Ann", 2, 2), (2, "Bob", 1, 2), (3, "Cat", 0, 1)]
    assert [line.total.seconds for line in board.lines] == [5, 4, None]


async def test_spans_end_today_and_begin_as_they_say(scores: Scores, table: Table, clock: Clock) -> None:
    await table.ask(CAT)
    clock.now += 86_400
    await table.ask(BOB)
    clock.now += 6 * 86_400
    await table.ask(ANN)

    assert [line.name for line in (await scores.board(GROUP, "day")).lines] == ["Ann"]
    assert {line.name for line in (await scores.board(GROUP, "week")).lines} == {"Ann", "Bob"}
    assert len((await scores.board(GROUP, "all")).lines) == 3


async def test_a_dates_question_counts_on_the_day_it_is_answered_and_no_time_for_it(
    scores: Scores, table: Table, engine: AsyncEngine
) -> None:
    await asked_on(engine, TODAY - DAY)
    await table.ask(ANN, purpose="day", date=TODAY - DAY, seconds=3000)

    [line] = (await scores.board(GROUP, "day")).lines

    assert line.total == Total(1, 1, None)
    assert line.streak == 1


async def test_the_same_question_in_two_topics_counts_once(scores: Scores, table: Table) -> None:
    await table.ask(wrong=(ANN,), purpose="day", date=TODAY)
    await table.ask(ANN, purpose="day", date=TODAY, place=TOPIC)

    [line] = (await scores.board(TOPIC, "day")).lines
    assert (line.total, line.streak) == (Total(1, 0, None), 0)


async def test_what_is_reviewed_alone_is_no_contest(scores: Scores, table: Table) -> None:
    await table.ask(ANN, purpose="review")

    assert (await scores.board(GROUP, "all")).lines == ()


async def test_who_hides_has_a_line_without_a_name(scores: Scores, table: Table) -> None:
    await table.ask(ANN)
    await scores.set_hidden(ANN, "Ann", hidden=True)
    assert await scores.is_hidden(ANN)
    await table.ask(ANN)

    assert shown(await scores.board(GROUP, "all")) == [(1, None, 2, 2)]
    await scores.set_hidden(ANN, "Ann", hidden=False)
    assert shown(await scores.board(GROUP, "all")) == [(1, "Ann", 2, 2)]


@pytest.mark.parametrize("hidden", [False, True])
async def test_who_asks_stands_below_the_ten_best_unless_they_hide(scores: Scores, table: Table, hidden: bool) -> None:
    best = range(10, 20)
    NAMES.update({user_id: f"Player {user_id}" for user_id in best})
    await table.ask(*best, wrong=(ANN,))
    await scores.set_hidden(ANN, "Ann", hidden=hidden)

    board = await scores.board(GROUP, "day", ANN)

    assert len(board.lines) == 10
    assert (board.own and (board.own.place, board.own.name)) == (None if hidden else (11, "Ann"))
    assert (await scores.board(GROUP, "day", 15)).own is None


async def test_figures_are_ones_own_of_all_chats(scores: Scores, table: Table, engine: AsyncEngine) -> None:
    private = Place(ANN)
    await asked_on(engine, TODAY, place=private)
    await table.ask(ANN)
    await table.ask(ANN, purpose="day", date=TODAY, place=private)
    await table.ask(BOB)

    figures = await scores.figures(ANN)

    assert dict(figures.totals) == dict.fromkeys(("day", "week", "all"), Total(2, 2, 4.0))
    assert figures.streak == 1
    assert (await scores.figures(99)).totals["all"] == Total(0, 0, None)


async def test_scores_are_forgotten_long_after_the_last_answer(scores: Scores, table: Table, clock: Clock) -> None:
    await table.ask(ANN, BOB)
    clock.now += KEPT_SECONDS / 2
    await table.ask(BOB)
    clock.now += KEPT_SECONDS / 2 + 10

    await scores.forget_old()

    assert shown(await scores.board(GROUP, "all")) == [(1, "Bob", 2, 2)]


D = [TODAY - n * DAY for n in range(6)]  # the newest first


@pytest.mark.parametrize(
    ("asked", "answered", "days"),
    [
        ([], {}, 0),
        (D, {}, 0),
        (D, dict.fromkeys(D, True), 6),
        (D, {D[0]: True, D[1]: True, D[2]: False, D[3]: True}, 2),
        (D, {D[1]: True, D[2]: True}, 2),
        (D, {D[2]: True}, 0),
        (D, {D[0]: False, D[1]: True}, 0),
        ([D[0], D[2], D[5]], {D[0]: True, D[2]: True, D[5]: True}, 3),
        ([D[1]], {D[0]: True, D[1]: True}, 2),
    ],
    ids=[
        "no question yet",
        "none answered",
        "all right",
        "a wrong answer breaks it",
        "the newest is still open",
        "one that was missed breaks it",
        "the newest was answered wrongly",
        "dates without a question don't matter",
        "an answer counts where the bot doesn't know that its question arrived",
    ],
)
def test_a_streak(asked: list[dt.date], answered: dict[dt.date, bool], days: int) -> None:
    assert streak(asked, answered) == days
