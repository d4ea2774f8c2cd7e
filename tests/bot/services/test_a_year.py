"""A whole year on fast-moving clocks: each place gets one post on each of its dates, whatever happens meanwhile.

Some want a question with it, and are asked none again within sixty days.
"""

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.daily import LATEST_SECONDS, Daily, Unsent
from bot.services.days import Days
from bot.services.feedback import Feedback
from bot.services.library import Library
from bot.services.polls import Polls
from bot.services.questions_of_day import QuestionsOfDay
from bot.services.subscriptions import EVERY_DAY, Place, Subscriptions
from bot.storage.database import migrate, open_database, reading
from bot.storage.posts import Kind
from bot.storage.tables import posts as table
from tests.fakes import Clock, one_fact_a_day

UNREPEATED = dt.timedelta(days=60)
WEEKDAYS_ONLY = 0b0011111
YEARS = {  # zones whose clocks do something odd in that year, with the times of day at which they do it
    2011: [("Pacific/Apia", 0), ("Pacific/Apia", 23 * 60 + 59)],
    2018: [("America/Sao_Paulo", 30), ("America/Sao_Paulo", 23 * 60 + 30)],
    2024: [
        ("America/New_York", 2 * 60 + 30),
        ("America/New_York", 60 + 30),
        ("Europe/London", 60 + 15),
        ("Australia/Lord_Howe", 2 * 60 + 15),
        ("Australia/Lord_Howe", 60 + 45),
        ("America/Nuuk", 23 * 60 + 30),
        ("Asia/Kathmandu", 0),
        ("Pacific/Kiritimati", 8 * 60),
    ],
}


@dataclass
class World:
    """A bot that is stopped at random moments, and the chats that it posts to."""

    engine: AsyncEngine
    clock: Clock
    library: Library
    chance: random.Random
    arrived: Counter[tuple[Place, dt.date, Kind]] = field(default_factory=Counter)
    cut_short: set[tuple[Place, dt.date, Kind]] = field(default_factory=set)
    asked: dict[Place, list[tuple[dt.date, str]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.feedback = Feedback(self.engine)
        self.polls = Polls(self.engine, Days(self.engine, self.library, clock=self.clock).today, self.clock)

    def daily(self) -> Daily:
        """The service, as after a start."""
        return Daily(self.engine, one_fact_a_day, QuestionsOfDay(self.library, self.feedback), self.clock)

    async def go(self, end: float) -> None:
        """Post until a moment, with restarts, naps and crashes in the middle of an attempt."""
        daily = self.daily()
        while (moment := await daily.next_moment()) is not None and max(moment, self.clock.now) < end:
            asleep = self.chance.choice([0, 0, 0, 1, 60, LATEST_SECONDS - 60]) * self.chance.random()
            self.clock.now = max(moment + asleep, self.clock.now)
            if self.chance.random() < 0.1:
                daily = self.daily()
                await daily.recover()
            await daily.plan()
            if self.chance.random() < 0.05:
                continue  # stopped between planning and sending
            if await self._send_all(daily):
                daily = self.daily()
                await daily.recover()

    async def _send_all(self, daily: Daily) -> bool:
        """Send what is due; whether a crash came in between."""
        for unsent in await daily.unsent(100):
            key = (unsent.place, unsent.local_date, unsent.kind)
            await self._claim(daily, unsent)
            if self.chance.random() < 0.02:
                self.cut_short.add(key)
                self.arrived[key] += self.chance.random() < 0.5
                return True
            self.arrived[key] += 1
            await daily.sent(unsent, 1)
        return False

    async def _claim(self, daily: Daily, unsent: Unsent) -> None:
        if unsent.kind == "post":
            assert await daily.claim(unsent, ())
            return
        due = await daily.question(unsent)
        assert due is not None
        assert self.arrived[unsent.place, unsent.local_date, "post"] or self.is_cut_short(unsent)
        assert await daily.claim(unsent, (due.question.fact,))
        await self.polls.begin(unsent.place, due.question, "day", local_date=unsent.local_date)
        assert due.question.fact not in self.feedback.withheld
        self.asked[unsent.place].append((unsent.local_date, due.question.fact))
        if self.chance.random() < 0.05:
            self.feedback.withheld |= {self.chance.choice(sorted(fact for fact, _ in self.library.quiz.prompts))}

    def is_cut_short(self, question: Unsent) -> bool:
        return (question.place, question.local_date, "post") in self.cut_short


def dates_of(zone: str, weekdays: int, first: float, last: float) -> set[dt.date]:
    """The local dates on which a post falls due between two moments, found by looking at the clock each half hour."""
    shown = {dt.datetime.fromtimestamp(at, ZoneInfo(zone)).date() for at in range(int(first) + 1800, int(last), 1800)}
    return {date for date in shown if weekdays >> date.weekday() & 1}


async def simulate(
    engine: AsyncEngine, library: Library, year: int, wishes: Sequence[tuple[str, int]], seed: int
) -> None:
    """Subscribe, let the year pass, and look."""
    start = dt.datetime(year, 1, 1, tzinfo=dt.UTC).timestamp()
    end = dt.datetime(year + 1, 1, 2, 13, tzinfo=dt.UTC).timestamp()
    clock = Clock(start)
    subscriptions = Subscriptions(engine, clock=clock)
    masks = {}
    for number, (zone, minute) in enumerate(wishes):
        for mask in (EVERY_DAY, WEEKDAYS_ONLY)[: 1 if number else 2]:
            place = Place(number + 1, mask)
            await subscriptions.subscribe(place, zone=zone, minute=minute)
            await subscriptions.change(place, weekdays=mask, daily_quiz=number == 0)
            masks[place] = (zone, mask)
    world = World(engine, clock, library, random.Random(seed))  # noqa: S311 - repeatable

    await world.go(end)

    assert world.cut_short
    assert max(world.arrived.values()) == 1
    for place, (zone, mask) in masks.items():
        all_handled = world.arrived.keys() | world.cut_short
        handled = {date for where, date, kind in all_handled if (where, kind) == (place, "post")}
        expected = dates_of(zone, mask, start, end)
        # The first and the last date may have had their time of day outside of what was simulated.
        assert expected - {min(expected), max(expected)} <= handled <= expected, (zone, expected ^ handled)
        whole = [date for date in handled if (place, date, "post") not in world.cut_short]
        assert all(world.arrived[place, date, "post"] == 1 for date in whole)
    for place in list(masks)[:2]:
        assert_never_repeated(world.asked[place])
        assert await question_dates(engine, place) == {
            d for where, d, kind in all_handled if where == place and kind == "post"
        }


async def question_dates(engine: AsyncEngine, place: Place) -> set[dt.date]:
    """The dates that have a question, which may have been skipped where the bot slept for hours."""
    async with reading(engine) as connection:
        of_place = table.c.chat_id == place.chat_id, table.c.thread_id == place.thread_id, table.c.kind == "question"
        return set((await connection.execute(select(table.c.local_date).where(*of_place))).scalars())


def assert_never_repeated(asked: Sequence[tuple[dt.date, str]]) -> None:
    last: dict[str, dt.date] = {}
    assert len(asked) > 200
    for date, fact in asked:
        assert fact not in last or date - last[fact] >= UNREPEATED, (fact, last[fact], date)
        last[fact] = date


@pytest.mark.parametrize("year", YEARS)
async def test_each_date_gets_one_post_through_a_year(engine: AsyncEngine, shipped: Library, year: int) -> None:
    await simulate(engine, shipped, year, YEARS[year], seed=year)


async def test_each_date_gets_one_post_through_a_year_on_postgresql(postgresql_url: str, shipped: Library) -> None:
    engine = open_database(postgresql_url)
    await migrate(engine)

    await simulate(engine, shipped, 2024, [("America/New_York", 150), ("Australia/Lord_Howe", 135)], seed=7)

    await engine.dispose()
