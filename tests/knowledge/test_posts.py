"""How the date of a remembered event is told."""

import datetime as dt

import pytest

from knowledge import dates
from knowledge.pack import Fact
from knowledge.posts import Post, PostItem, Precision, Topic, lead, note, years_between


def fact(says: str, date: str, **more: object) -> Fact:
    return Fact.model_validate(
        {"id": "a", "says": says, "about": ["ada"], "intent": "event", "date": date, "source": "a.txt:1"} | more
    )


@pytest.mark.parametrize(
    ("says", "date", "on", "precision", "told"),
    [
        ("On 5 March 1953 Stalin died.", "1953-03-05", "2026-03-05", "day", "73 years ago today"),
        ("On 5 March Stalin died.", "1953-03-05", "2026-03-05", "day", "73 years ago today, on 5 March 1953"),
        ("The light was lit.", "2025-03-05", "2026-03-05", "day", "1 year ago today, on 5 March 2025"),
        ("It opens on 5 March 2026.", "2026-03-05", "2026-03-05", "day", "Today"),
        ("A fair on 5 March 1953.", "1953-03-05/1953-03-07", "2026-03-05", "day", "Begun 73 years ago today"),
        ("Lit on 29 February 1888.", "1888-02-29", "2026-02-28", "day", "138 years ago, on 29 February 1888"),
        ("Lit on 29 February 1888.", "1888-02-29", "2028-02-29", "day", "140 years ago today"),
        ("They married in July 1906.", "1906-07", "2026-07-09", "month", "120 years ago this month"),
        ("They married.", "1906-07", "2026-07-09", "month", "120 years ago this month, in July 1906"),
        ("They married in 1906.", "1906-07", "2026-07-09", "month", "120 years ago this month, in July 1906"),
        ("A fair.", "1907-05/1907-06", "2026-06-09", "month", "119 years ago this month, from May 1907 to June 1907"),
        ("It opens in July 2026.", "2026-07", "2026-07-09", "month", "This month"),
        ("In 1926 she was born.", "1926", "2026-07-09", "year", "100 years ago"),
        ("She was born.", "1926", "2026-07-09", "year", "100 years ago, in 1926"),
    ],
)
def test_an_anniversary_names_the_date_as_exactly_as_it_is_known(
    says: str, date: str, on: str, precision: Precision, told: str
) -> None:
    assert lead(fact(says, date), dates.parse(date), dt.date.fromisoformat(on), precision) == told


@pytest.mark.parametrize(("on", "years"), [("2026-12-05", 77), ("2026-01-05", 76)])
def test_an_event_from_december_to_january_is_of_two_years(on: str, years: int) -> None:
    assert years_between(dates.parse("1949-12/1950-01"), dt.date.fromisoformat(on)) == years


@pytest.mark.parametrize(
    ("calendar", "said"),
    [
        ("unstated", "The document doesn't name the calendar of this date."),
        ("julian", "This date is in the Julian calendar."),
        ("gregorian", None),
        (None, None),
    ],
)
def test_an_old_date_has_a_note_on_its_calendar(calendar: str | None, said: str | None) -> None:
    assert note(fact("Lit on 25 October 1917.", "1917-10-25", calendar=calendar)) == said


def test_a_post_names_the_first_topic_of_each_item_before_the_second_ones() -> None:
    stalin, zhukov, lenin = Topic("stalin", "Stalin"), Topic("zhukov", "Zhukov"), Topic("lenin", "Lenin")
    items = [
        PostItem("none", None, "", "Says.", name, (), solemn=False, topics=topics)
        for name, topics in (("one", (zhukov, stalin)), ("two", (lenin, stalin)), ("three", ()))
    ]

    assert Post(dt.date(2026, 3, 5), tuple(items)).topics == (zhukov, lenin, stalin)
