import datetime as dt
import re
from collections.abc import Callable
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.library import Library
from bot.services.scores import SPANS
from handlers.presses import answers, days, games, quizzes, reports, reviews, scores, settings, timelines
from handlers.presses.answers import AnswerPress
from handlers.presses.callback_data import Press, fits
from handlers.presses.days import DayPress
from handlers.presses.games import BeginPress, GamePress
from handlers.presses.marks import MOST_MARKS
from handlers.presses.quizzes import QuizPress
from handlers.presses.reports import DeskPress, ReportPress
from handlers.presses.reviews import ReviewPress
from handlers.presses.scores import BoardPress, NamePress
from handlers.presses.settings import SettingPress
from handlers.presses.timelines import TimelinePress
from knowledge.quiz_wish import Wish

KEY = "abcdefghij_-"
READERS: dict[str, Callable[[str], Press | None]] = {
    "": answers.read,  # asked last, for all that is of no other kind
    days.PATTERN: days.read,
    games.PATTERN: games.read,
    quizzes.PATTERN: quizzes.read,
    reports.PATTERN: reports.read,
    reviews.PATTERN: reviews.read,
    scores.PATTERN: scores.read,
    settings.PATTERN: settings.read,
    timelines.PATTERN: timelines.read,
}
PRESSES: list[Press] = [
    AnswerPress("source", KEY),
    AnswerPress("more", KEY),
    AnswerPress("why", KEY),
    AnswerPress("choose", KEY, 0),
    AnswerPress("choose", KEY, 3),
    BeginPress(Wish(30, "hard", 1941, ("zhukov", "battle-of-moscow"))),
    GamePress("answer", 999_999, 3),
    GamePress("reveal", 1),
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


def read(data: str) -> list[Press]:
    """What each kind of button takes callback data for."""
    return [press for reads in READERS.values() if (press := reads(data)) is not None]


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.data())
def test_what_a_button_carries_is_read_back_by_its_kind_alone(press: Press) -> None:
    assert read(press.data()) == [press]
    assert fits(press)


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.data())
def test_a_press_comes_to_the_handler_that_can_read_it(press: Press) -> None:
    reads = next((READERS[pattern] for pattern in READERS if pattern and re.match(pattern, press.data())), answers.read)

    assert reads(press.data()) == press


@given(st.text(max_size=80) | st.from_regex(r"[dnatplqrvgsmwc]:[\w:/+-]{0,60}"))
def test_whatever_comes_is_read_or_not_but_never_fails(data: str) -> None:
    assert all(press.data().startswith(data[:2]) for press in read(data))


def test_every_zone_fits_on_a_button() -> None:
    assert all(fits(SettingPress("set", 1439, zone)) for zone in available_timezones())


def test_every_entity_that_ships_fits_on_a_button(shipped: Library) -> None:
    entities = shipped.index.entities

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
        "v:stop",
        "",
        "s",
        "s:",
        f"S:{KEY}",
        f"s:{KEY}:1",
        f"c:{KEY}",
        f"c:{KEY}:10",
        f"c:{KEY}:²",
        f"s:{KEY}\n",
        "s:…",
    ],
)
def test_what_none_of_our_buttons_carries_is_not_read(data: str) -> None:
    assert read(data) == []
