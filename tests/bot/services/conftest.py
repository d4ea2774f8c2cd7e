import datetime as dt

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.answering import Answering
from bot.services.daily import Daily
from bot.services.feedback import Feedback
from bot.services.library import Library
from bot.services.picking import Picker
from bot.services.polls import Place, Polls
from bot.services.questions_of_day import QuestionsOfDay
from bot.services.rounds import Rounds
from bot.services.subscriptions import Subscriptions
from tests.fakes import Clock, one_fact_a_day


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def answering(library: Library, engine: AsyncEngine, clock: Clock) -> Answering:
    return Answering(library, engine, clock)


@pytest.fixture
def subscriptions(engine: AsyncEngine, clock: Clock) -> Subscriptions:
    """New ones start at nine o'clock in London."""
    return Subscriptions(engine, "Europe/London", "09:00", clock)


@pytest.fixture
def questions(library: Library, engine: AsyncEngine) -> QuestionsOfDay:
    """The small pack has none."""
    return QuestionsOfDay(library, Feedback(engine))


@pytest.fixture
def daily(engine: AsyncEngine, questions: QuestionsOfDay, clock: Clock) -> Daily:
    return Daily(engine, one_fact_a_day, questions, clock)


@pytest.fixture
def polls(engine: AsyncEngine, clock: Clock) -> Polls:
    async def today(_: Place) -> dt.date:
        return dt.datetime.fromtimestamp(clock.now, dt.UTC).date()

    return Polls(engine, today, clock)


@pytest.fixture
def feedback(engine: AsyncEngine) -> Feedback:
    return Feedback(engine)


@pytest.fixture
def picker(shipped: Library, polls: Polls, feedback: Feedback) -> Picker:
    return Picker(shipped, polls, feedback)


@pytest.fixture
def rounds(engine: AsyncEngine, picker: Picker, daily: Daily, clock: Clock) -> Rounds:
    return Rounds(engine, picker, daily.reserved, clock)
