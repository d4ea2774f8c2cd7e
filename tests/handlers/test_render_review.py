import datetime as dt
import html
import re

import pytest

from bot.services.progress import Progress
from bot.services.reviews import Over
from handlers import render_review as render

NOW = dt.datetime(2025, 12, 28, 14, 0, tzinfo=dt.UTC)  # a Sunday


def progress(due: int = 0, forecast: tuple[int, ...] = (), next_due: dt.datetime | None = None) -> Progress:
    padded = (*forecast, *(0,) * 14)[:14]
    return Progress(NOW, due, padded, {"learning": 2, "young": 3, "firm": 1}, next_due)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (progress(7, (7, 3)), "7 due now, 3 tomorrow"),
        (progress(7, (9, 0)), "7 due now, 2 later today"),
        (progress(1, (1,)), "1 due now"),
        (progress(0, (0, 0, 5)), ""),
    ],
)
def test_the_counts_name_what_there_is(told: Progress, words: str) -> None:
    assert render.counts(told) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0.001, "in 1 minute"),
        (0.15, "in 9 minutes"),
        (1.5, "today at 15:30"),
        (12, "tomorrow"),
        (24 * 3, "on Wednesday"),
        (24 * 7, "on 4 January"),
        (24 * 300, "on 24 October"),
    ],
)
def test_when_the_next_one_comes_is_said_as_people_say_it(hours: float, words: str) -> None:
    told = render.resting(progress(next_due=NOW + dt.timedelta(hours=hours)))

    assert told == f"Nothing is due now. The next comes {words}."


@pytest.mark.parametrize(
    ("answered", "right", "words"),
    [(7, 5, "5 of 7 right."), (4, 4, "all 4 right."), (1, 1, "right, the only one."), (3, 0, "0 of 3 right.")],
)
def test_the_summary_begins_with_the_score(answered: int, right: int, words: str) -> None:
    text, keyboard = render.summary(Over(progress(next_due=NOW + dt.timedelta(days=1)), answered, right))

    assert text.splitlines()[0] == f"<b>Review done:</b> {words}"
    assert keyboard is None


def test_the_summary_tells_in_words_all_that_the_picture_shows() -> None:
    forecast = (2, 3, 0, 0, 4, 0, 0, 5)
    text, _ = render.summary(Over(progress(1, forecast, NOW + dt.timedelta(hours=2)), 3, 2))

    assert "6 questions: 2 still to learn, 3 taking hold, 1 firm." in text
    assert "Coming back: today 1, tomorrow 3, Thursday 4, 4 January 5." in text
    assert "1 more is due now." in text


def test_where_more_is_due_a_button_goes_on() -> None:
    _, keyboard = render.summary(Over(progress(3, (3,)), 10, 9))

    assert keyboard is not None
    assert keyboard.inline_keyboard[0][0].text == "Go on"


def test_the_longest_summary_fits_under_a_picture() -> None:
    told = progress(99_999, (99_999,) * 14, NOW + dt.timedelta(days=300))
    text, _ = render.summary(Over(told, 10, 9))

    assert len(html.unescape(re.sub(r"<[^>]+>", "", text))) <= 1024


def test_nothing_answered_is_no_reproach() -> None:
    text, _ = render.summary(Over(progress(2, (2,)), 0, 0))

    assert "no question was answered this time" in text
