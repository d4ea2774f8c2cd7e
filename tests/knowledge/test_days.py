"""Days as people type them."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.days import NoDay, day_meant

TODAY = dt.date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5 March", "2026-03-05"),
        ("5 mar", "2026-03-05"),
        ("March 5th", "2026-03-05"),
        ("march, 5", "2026-03-05"),
        ("5. March", "2026-03-05"),
        ("5-march", "2026-03-05"),
        ("the 5th of March", "2026-03-05"),
        ("fifth of march", "2026-03-05"),
        ("March the fifth", "2026-03-05"),
        ("the twenty-first of June", "2026-06-21"),
        ("thirty-first of october", "2026-10-31"),
        ("What happened on 5 march?", "2026-03-05"),
        ("5 marhc", "2026-03-05"),
        ("5 Febuary", "2026-02-05"),
        ("sept 1", "2026-09-01"),
        ("5 may", "2026-05-05"),
        ("5.3.", "2026-03-05"),
        ("5/3", "2026-03-05"),
        ("on 5/3", "2026-03-05"),
        ("05.03.2026", "2026-03-05"),
        ("5/3/27", "2027-03-05"),
        ("3/25", "2026-03-25"),  # the 25th can't be a month
        ("03-05", "2026-03-05"),
        ("25-12", "2026-12-25"),
        ("2026-03-05", "2026-03-05"),
        ("2027-03-05", "2027-03-05"),
        ("Mar 5, 2027", "2027-03-05"),
        ("5 March 1953", "2026-03-05"),  # that day is remembered now
        ("29 feb", "2028-02-29"),
        ("on 29 feb", "2028-02-29"),
        ("29 February 1924", "2028-02-29"),
        ("leap day", "2028-02-29"),
        ("today", "2026-11-23"),
        ("Tomorrow", "2026-11-24"),
        ("yesterday!", "2026-11-22"),
        ("the day after tomorrow", "2026-11-25"),
        ("day before yesterday", "2026-11-21"),
        ("in 3 days", "2026-11-26"),
        ("in three days", "2026-11-26"),
        ("3 days ago", "2026-11-20"),
        ("in a week", "2026-11-30"),
        ("two weeks ago", "2026-11-09"),
        ("next week", "2026-11-30"),
        ("next friday", "2026-11-27"),
        ("next monday", "2026-11-30"),
        ("monday", "2026-11-23"),
        ("this fri", "2026-11-27"),
        ("last monday", "2026-11-16"),
        ("the 5th", "2026-11-05"),
    ],
)
def test_a_day_is_understood(text: str, meant: str) -> None:
    assert day_meant(text, TODAY) == dt.date.fromisoformat(meant)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Which day?"),
        ("bananas", "I don't understand"),
        ("5 bananas", "I don't understand"),
        ("5", "I don't understand"),
        ("1 2 3", "I don't understand"),
        ("5 march 6 april", "I don't understand"),
        ("March", "Which day of March?"),
        ("31 April", "April has 30 days."),
        ("30 Feb", "February has 29 days."),
        ("0 March", "March has 31 days."),
        ("13/13", "There is no month 13."),
        ("in 99999 days", "too far"),
        ("29/2/9999", "too far"),
    ],
)
def test_nonsense_gets_a_friendly_reason(text: str, reason: str) -> None:
    meant = day_meant(text, TODAY)

    assert isinstance(meant, NoDay)
    assert reason in meant.reason


@given(
    st.text(max_size=40) | st.from_regex(r"[0-9]{1,4}[-/. ][0-9]{1,2}([-/. ][0-9]{1,4})?", fullmatch=True), st.dates()
)
@example("tomorrow", dt.date.max)
@example("yesterday", dt.date.min)
@example("29 feb", dt.date.max)
@example("in ² days", TODAY)
def test_whatever_is_typed_gets_a_day_or_a_reason(text: str, today: dt.date) -> None:
    meant = day_meant(text, today)

    assert isinstance(meant, dt.date) or meant.reason


@given(st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2090, 12, 31)))
def test_every_day_is_found_again_from_its_usual_forms(day: dt.date) -> None:
    today = day.replace(month=1, day=1)

    forms = [f"{day.day} {day:%B}", f"{day:%b} {day.day}", f"{day.day}.{day.month}.{day.year}", day.isoformat()]
    assert [day_meant(form, today) for form in forms] == [day] * len(forms)
