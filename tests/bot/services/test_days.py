import datetime as dt

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.daily import Daily
from bot.services.days import LONGEST_WALK, Days
from bot.services.library import Library
from bot.services.questions_of_day import QuestionsOfDay
from bot.services.subscriptions import Place, Subscriptions
from bot.storage import posts
from bot.storage.posts import Planned
from knowledge.days import NoDay
from tests.fakes import Clock

HERE = Place(-100_5, 9)
TODAY = dt.date(2025, 6, 15)  # on the clock that tests have, in UTC
DAY = dt.timedelta(days=1)


@pytest.fixture
def days(engine: AsyncEngine, shipped: Library, clock: Clock) -> Days:
    return Days(engine, shipped, "UTC", clock)


async def tell(engine: AsyncEngine, clock: Clock, date: dt.date, facts: tuple[str, ...]) -> None:
    """Record that the place had a post."""
    async with engine.begin() as connection:
        await posts.plan(connection, [Planned(HERE, date, int(clock.now))], clock.now)
        [post] = await posts.due_posts(connection, clock.now, 10)
        await posts.mark_sending(connection, post.id, facts, clock.now)
        await posts.settle(connection, post.id, "sent", clock.now)


async def test_today_is_what_the_places_clock_shows(engine: AsyncEngine, shipped: Library, clock: Clock) -> None:
    days = Days(engine, shipped, "Pacific/Kiritimati", clock)
    clock.now = dt.datetime(2025, 6, 15, 12, tzinfo=dt.UTC).timestamp()

    assert await days.today(HERE) == dt.date(2025, 6, 16)
    await Subscriptions(engine, clock=clock).subscribe(HERE, zone="Pacific/Honolulu", minute=0)
    assert await days.today(HERE) == dt.date(2025, 6, 15)


async def test_a_day_is_meant_from_there(days: Days) -> None:
    assert await days.meant(HERE, "") == TODAY
    assert await days.meant(HERE, "tomorrow") == TODAY + DAY
    assert isinstance(await days.meant(HERE, "nonsense"), NoDay)


async def test_todays_page_is_todays_post(
    engine: AsyncEngine, days: Days, shipped: Library, questions: QuestionsOfDay, clock: Clock
) -> None:
    page = await days.day(HERE, TODAY)
    await tell(engine, clock, TODAY, page.facts)

    assert await days.day(HERE, TODAY) == page
    assert await Daily(engine, shipped.anniversaries.post, questions, clock).post(HERE, TODAY) == page


async def test_a_page_of_the_past_is_the_post_that_was(engine: AsyncEngine, days: Days, clock: Clock) -> None:
    first = await days.day(HERE, TODAY)
    await tell(engine, clock, TODAY, first.facts)
    clock.now += 86_400
    second = await days.day(HERE, TODAY + DAY)
    await tell(engine, clock, TODAY + DAY, second.facts)
    clock.now += 86_400

    assert await days.day(HERE, TODAY + DAY) == second
    assert not set(first.facts) & set(second.facts)


@pytest.mark.parametrize("step", [DAY, -DAY], ids=["forward", "back"])
async def test_turning_pages_repeats_nothing(days: Days, step: dt.timedelta) -> None:
    pages = [await days.day(HERE, TODAY + n * step) for n in range(LONGEST_WALK)]

    facts = [fact for page in pages for fact in page.facts]
    assert len(facts) == len(set(facts)) >= LONGEST_WALK


async def test_a_page_is_the_same_whenever_it_is_turned_to(days: Days) -> None:
    far = TODAY + 3650 * DAY

    assert await days.day(HERE, far) == await days.day(HERE, far)
    assert (await days.day(HERE, far)).items


async def test_a_week_is_its_days(days: Days) -> None:
    week = await days.week(HERE)

    assert [page.date for page in week] == [TODAY + n * DAY for n in range(7)]
    assert list(week) == [await days.day(HERE, TODAY + n * DAY) for n in range(7)]


async def test_sources_come_with_the_documents_words(engine: AsyncEngine, library: Library, clock: Clock) -> None:
    days = Days(engine, library, "UTC", clock)
    page = await days.day(HERE, dt.date(2025, 3, 3))

    shown = days.sources(page.facts)

    assert shown.passages
    assert all(passage for _, passage in shown.passages)
