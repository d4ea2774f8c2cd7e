"""Looking at days: what somebody means by one, what a place is told on it, and where that stands."""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.answering import Shown
from bot.services.daily import UNSEEN_DAYS
from bot.services.library import Library
from bot.storage import posts, subscriptions
from bot.storage.database import reading
from bot.storage.subscriptions import Place
from knowledge.answers import sources_of
from knowledge.days import DayMeant, day_meant
from knowledge.posts import Post

DAY = dt.timedelta(days=1)
LONGEST_WALK = 60  # days between today and a day looked at, of which none repeats a fact of another
WEEK = 7

log = logging.getLogger(__name__)


class Days:
    """The pages of the calendar, as a place sees them."""

    def __init__(
        self,
        engine: AsyncEngine,
        library: Library,
        zone: str = "UTC",
        clock: Callable[[], float] = time.time,
        withheld: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        """`zone` is where a place is that never had a subscription; `withheld` tells which facts are put aside."""
        self._engine = engine
        self._library = library
        self._zone = zone
        self._clock = clock
        self._withheld = withheld

    async def zone(self, place: Place) -> ZoneInfo:
        """The zone whose clock a place goes by."""
        async with reading(self._engine) as connection:
            found = await subscriptions.find(connection, place)
        try:
            return ZoneInfo(found.zone if found else self._zone)
        except ZoneInfoNotFoundError:
            return ZoneInfo("UTC")

    async def today(self, place: Place) -> dt.date:
        """The date on a place's clock."""
        return dt.datetime.fromtimestamp(self._clock(), await self.zone(place)).date()

    async def meant(self, place: Place, text: str) -> DayMeant:
        """The day that somebody names there; today where nothing is said."""
        today = await self.today(place)
        return day_meant(text, today) if text.strip() else today

    async def day(self, place: Place, date: dt.date) -> Post:
        """What a place is told on a date: its post, or what would be one.

        On a day that the place had or will have a post it is that post, as far as it is settled. Other days are read
        like a calendar, from today on forward and back: none repeats what stands on a page in between.
        """
        today = await self.today(place)
        seen = await self._seen(place, min(today, date))
        if date == today or (date < today and seen):
            return self._compose(place, date, seen)
        return self._walk(place, today, date, seen)[-1]

    async def week(self, place: Place) -> tuple[Post, ...]:
        """Today and the six days after it."""
        today = await self.today(place)
        return tuple(self._walk(place, today, today + (WEEK - 1) * DAY, await self._seen(place, today)))

    def sources(self, told: Iterable[str]) -> Shown:
        """Where the facts of a page stand, with the documents' words where the operator has them."""
        index = self._library.index
        found = sources_of(index, [fact for fact in told if fact in index.facts])
        return Shown(tuple((source, self._library.passage(source)) for source in found))

    async def _seen(self, place: Place, before: dt.date) -> Mapping[str, dt.date]:
        since = before - dt.timedelta(days=UNSEEN_DAYS)
        async with reading(self._engine) as connection:
            return await posts.told_facts(connection, place, since, before)

    def _walk(self, place: Place, today: dt.date, date: dt.date, seen: Mapping[str, dt.date]) -> list[Post]:
        """The pages from today to a date, or of as many days as a walk has."""
        met: dict[str, dt.date] = {}
        pages = []
        for day in _days_towards(today, date):
            behind = {fact: min(told, day - DAY) for fact, told in met.items()}
            pages.append(self._compose(place, day, {**seen, **behind}))
            met |= dict.fromkeys(pages[-1].facts, day)
        return pages

    def _compose(self, place: Place, date: dt.date, seen: Mapping[str, dt.date]) -> Post:
        return self._library.anniversaries.post(date, seen=seen, seed=place.seed, without=self._withheld())


def _days_towards(today: dt.date, date: dt.date) -> Iterator[dt.date]:
    """Each day from today to a date, both included; where it is far, only the last ones before it."""
    step = DAY if date >= today else -DAY
    number = min(abs((date - today).days), LONGEST_WALK)
    return (date - n * step for n in range(number, -1, -1))
