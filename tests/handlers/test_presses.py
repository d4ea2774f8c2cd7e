import datetime as dt
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.library import Library
from bot.services.scores import SPANS
from handlers.presses import (
    MOST_MARKS,
    BoardPress,
    DayPress,
    DeskPress,
    NamePress,
    Press,
    QuizPress,
    ReportPress,
    ReviewPress,
    SettingPress,
    TimelinePress,
    fits,
    read,
)
from tests.bot.processes import ROOT

PRESSES: list[Press] = [
    DayPress("show", dt.date(2026, 3, 5)),
    DayPress("sources", dt.date(2028, 2, 29)),
    DayPress("sources", dt.date(2028, 2, 29), marks=("AbCdEf-_",) * MOST_MARKS),
    DayPress("about", dt.date(2026, 12, 31), "ada-merrow"),
    SettingPress("set", 0, "UTC"),
    SettingPress("set", 1439),
    SettingPress("set", None, "America/Argentina/Buenos_Aires"),
    SettingPress("set", 510, "Etc/GMT+3"),
    SettingPress("city", 510),
    SettingPress("city"),
    SettingPress("weekday", weekday=6, on=True),
    SettingPress("weekday", weekday=0),
    SettingPress("silent", on=True),
    SettingPress("quiz"),
    *(SettingPress(action) for action in ("hours", "zones", "card", "end", "resume")),
    TimelinePress("Ada Merrow, 1931"),
    QuizPress("skip", 10**17, 33),
    QuizPress("stop", 1),
    QuizPress("again", 9_999_999),
    QuizPress("about", entity="ada-merrow"),
    QuizPress("open"),
    *(BoardPress(span) for span in SPANS),
    NamePress(True),
    NamePress(False),
    ReportPress(),
    ReportPress("AbCdEfGh-_12"),
    ReportPress(marks=("AbCdEf-_",)),
    ReportPress(marks=("AbCdEf-_",) * MOST_MARKS),
    DeskPress("fix", "AbCdEf-_"),
    DeskPress("restore", "AbCdEf-_"),
    *(ReviewPress(action) for action in ("begin", "skip", "end")),
]


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.data())
def test_what_a_button_carries_is_read_back(press: Press) -> None:
    assert read(press.data()) == press
    assert fits(press)


@given(st.text(max_size=80) | st.from_regex(r"[dnatplqrv]:[\w:/+-]{0,60}"))
def test_whatever_comes_is_read_or_not_but_never_fails(data: str) -> None:
    press = read(data)

    assert press is None or press.data().startswith(data[:2])


def test_every_zone_fits_on_a_button() -> None:
    assert all(fits(SettingPress("set", 1439, zone)) for zone in available_timezones())


def test_every_entity_that_ships_fits_on_a_button() -> None:
    entities = Library([ROOT / "knowledge/packs/stalin"]).index.entities

    assert [e for e in entities if not fits(DayPress("about", dt.date(2026, 12, 31), e))] == []
    assert [e for e in entities if not fits(QuizPress("about", entity=e))] == []


@pytest.mark.parametrize(
    "data",
    [
        "d:20260230",
        "a:20260305",
        "d:20260305:stalin",
        "p:set:1440:UTC",
        "p:weekday:7:1",
        "l:year",
        "x:1",
        "r:f:",
        "r:fix:",
        "r:drop:AbCdEf-_",
        "n:20260305:abc",
        "d:20260305:AbCdEf-_",
        "q:skip:1",
        "q:stop:",
        "q:stop:1:2",
        "q:about:",
        "q:fly",
    ],
)
def test_what_none_of_our_buttons_carries_is_not_read(data: str) -> None:
    assert read(data) is None
