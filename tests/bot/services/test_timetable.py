import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.timetable import date_of, next_due

EVERY_DAY = 0b1111111
MONDAY, FRIDAY = 1, 1 << 4
ZONES = (
    "UTC Europe/London Europe/Kyiv America/New_York America/Sao_Paulo America/Nuuk America/St_Johns Asia/Kathmandu "
    "Asia/Tehran Australia/Lord_Howe Pacific/Apia Pacific/Kwajalein Africa/Casablanca Africa/Cairo Asia/Gaza "
    "Antarctica/Troll"
).split()


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def local(zone: str, hours: float, after: str, weekdays: int = EVERY_DAY) -> str:
    """What a clock there shows when it is due next, with its offset."""
    due = next_due(zone, round(hours * 60), weekdays, utc(after))
    assert due.tzinfo is dt.UTC
    return due.astimezone(ZoneInfo(zone)).isoformat(" ", "minutes")


@pytest.mark.parametrize(
    ("zone", "hours", "after", "shown"),
    [
        ("UTC", 9, "2026-05-05 08:59:59", "2026-05-05 09:00+00:00"),
        ("UTC", 9, "2026-05-05 09:00", "2026-05-06 09:00+00:00"),
        ("Asia/Kathmandu", 8.5, "2026-05-05 12:00", "2026-05-06 08:30+05:45"),
        ("Pacific/Kiritimati", 0, "2026-05-05 12:00", "2026-05-07 00:00+14:00"),
        ("Pacific/Honolulu", 23 + 59 / 60, "2026-01-01 03:00", "2025-12-31 23:59-10:00"),
        ("Europe/Kyiv", 9, "2024-02-28 12:00", "2024-02-29 09:00+02:00"),
        ("Europe/Kyiv", 9, "2026-12-31 12:00", "2027-01-01 09:00+02:00"),
        # the clock goes forward: a time that it jumps over is due at the first moment behind the jump
        ("America/New_York", 2.5, "2026-03-07 12:00", "2026-03-08 03:00-04:00"),
        ("America/New_York", 2, "2026-03-07 12:00", "2026-03-08 03:00-04:00"),
        ("America/New_York", 3, "2026-03-07 12:00", "2026-03-08 03:00-04:00"),
        ("Europe/London", 1.25, "2026-03-28 12:00", "2026-03-29 02:00+01:00"),
        ("Australia/Lord_Howe", 2.25, "2026-10-03 12:00", "2026-10-04 02:30+11:00"),
        ("America/Sao_Paulo", 0, "2018-11-03 12:00", "2018-11-04 01:00-02:00"),
        # … which may lie in the next day
        ("America/Nuuk", 23.5, "2026-03-28 12:00", "2026-03-29 00:00-01:00"),
        # the clock goes back: a time that it shows twice is due the first time
        ("America/New_York", 1.5, "2026-10-31 12:00", "2026-11-01 01:30-04:00"),
        ("Europe/London", 1.25, "2026-10-24 12:00", "2026-10-25 01:15+01:00"),
        ("Australia/Lord_Howe", 1.75, "2026-04-04 12:00", "2026-04-05 01:45+11:00"),
        ("America/Sao_Paulo", 23.5, "2018-02-17 12:00", "2018-02-17 23:30-02:00"),
        # a date that the zone left out when it changed sides of the date line
        ("Pacific/Apia", 9, "2011-12-29 20:00", "2011-12-31 09:00+14:00"),
        ("Pacific/Apia", 0, "2011-12-29 20:00", "2011-12-31 00:00+14:00"),
    ],
)
def test_a_post_is_due_when_the_clock_there_shows_its_time(zone: str, hours: float, after: str, shown: str) -> None:
    assert local(zone, hours, after) == shown


def test_a_time_that_the_clock_shows_twice_is_not_due_the_second_time() -> None:
    first = utc("2026-11-01 05:30")  # 01:30 in New York, summer time

    assert next_due("America/New_York", 90, EVERY_DAY, first) == utc("2026-11-02 06:30")


@pytest.mark.parametrize(
    ("weekdays", "shown"),
    [
        (MONDAY, "2026-05-11 09:00+00:00"),
        (FRIDAY, "2026-05-08 09:00+00:00"),
        (MONDAY | FRIDAY, "2026-05-08 09:00+00:00"),
        (1 << 1, "2026-05-05 09:00+00:00"),
    ],
)
def test_only_the_chosen_weekdays_count(weekdays: int, shown: str) -> None:
    assert local("UTC", 9, "2026-05-05 08:00", weekdays) == shown  # a Tuesday


def test_a_weekday_that_a_zone_left_out_comes_a_week_later() -> None:
    assert local("Pacific/Apia", 9, "2011-12-29 20:00", FRIDAY) == "2012-01-06 09:00+14:00"


def test_a_moment_belongs_to_the_date_that_it_is_due_for() -> None:
    behind_midnight = next_due("America/Nuuk", 23 * 60 + 30, EVERY_DAY, utc("2026-03-28 12:00"))

    assert date_of("America/Nuuk", 23 * 60 + 30, behind_midnight) == dt.date(2026, 3, 28)
    assert date_of("America/Nuuk", 0, behind_midnight) == dt.date(2026, 3, 29)
    assert date_of("Asia/Kathmandu", 30, utc("2026-05-04 18:45")) == dt.date(2026, 5, 5)


def test_nobody_wishes_for_no_weekday() -> None:
    with pytest.raises(ValueError, match="no weekday"):
        next_due("UTC", 0, 0, utc("2026-05-05"))


def test_a_zone_must_be_known() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        next_due("Europe/Atlantis", 0, EVERY_DAY, utc("2026-05-05"))


@given(
    zone=st.sampled_from(ZONES),
    minute=st.integers(0, 1439),
    weekdays=st.integers(1, EVERY_DAY),
    start=st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2037, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001
)
def test_each_chosen_date_that_exists_has_one_moment_and_they_follow_each_other(
    zone: str, minute: int, weekdays: int, start: dt.datetime
) -> None:
    moments = [next_due(zone, minute, weekdays, start)]
    while len(moments) < 10:
        moments.append(next_due(zone, minute, weekdays, moments[-1]))
    dates = [date_of(zone, minute, moment) for moment in moments]

    assert moments[0] > start
    assert all(earlier < later for earlier, later in pairwise(moments))
    for earlier, later in pairwise(dates):
        between = [earlier + dt.timedelta(days=n) for n in range(1, (later - earlier).days)]
        assert earlier < later
        assert all(not weekdays >> d.weekday() & 1 or _left_out(zone, d) for d in between)
    assert all(weekdays >> d.weekday() & 1 for d in dates)


def _left_out(zone: str, date: dt.date) -> bool:
    """Whether no clock in a zone ever showed a date."""
    midnight = dt.datetime.combine(date, dt.time(), dt.UTC)
    hours = (midnight + dt.timedelta(minutes=30 * n) for n in range(-2 * 30, 2 * 54))
    return all(hour.astimezone(ZoneInfo(zone)).date() != date for hour in hours)
