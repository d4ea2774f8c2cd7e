import datetime as dt
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from bot.services.progress import FORECAST_DAYS, Progress, progress_at
from bot.services.progress_picture import draw_progress

KYIV = ZoneInfo("Europe/Kyiv")
NOW = dt.datetime(2025, 10, 25, 22, 0, tzinfo=KYIV)  # the night after, clocks go back
HOUR, DAY = 3600.0, 24 * 3600.0


def due(*hours: float) -> Progress:
    return progress_at(NOW, ["young"] * len(hours), [NOW.timestamp() + each * HOUR for each in hours])


def test_days_go_by_the_persons_clock_also_when_it_changes() -> None:
    told = due(-100, 0, 1, 2.5, 26.5, 27.5)

    assert told.due == 2
    assert told.later_today == 1
    assert told.tomorrow == 2, "that day has 25 hours"
    assert told.forecast[:4] == (3, 2, 1, 0)
    assert told.next_due == NOW + dt.timedelta(hours=1)
    assert told.cards == 6


def test_what_is_further_away_counts_but_not_on_a_day() -> None:
    told = due(24 * FORECAST_DAYS + 3)

    assert sum(told.forecast) == 0
    assert told.cards == 1


def test_where_all_is_due_nothing_is_next() -> None:
    assert due(-1, 0).next_due is None


@pytest.mark.parametrize(
    "told",
    [
        Progress(NOW, 0, (0,) * 14, {"learning": 0, "young": 0, "firm": 0}, None),
        Progress(NOW, 1, (1,) + (0,) * 13, {"learning": 1, "young": 0, "firm": 0}, None),
        Progress(NOW, 900, tuple(range(900, 914)), {"learning": 5000, "young": 4000, "firm": 1}, None),
    ],
)
def test_any_progress_is_drawn_within_its_margins_the_same_each_time(told: Progress) -> None:
    png = draw_progress(told)
    image = Image.open(BytesIO(png)).convert("RGB")

    assert draw_progress(told) == png
    assert image.width == 1080
    edges = [(x, y) for x in (*range(40), *range(1040, 1080)) for y in range(0, image.height, 5)]
    paper = image.getpixel((0, 0))
    assert all(image.getpixel(at) == paper for at in edges), "something is cut off at the edge"


def test_a_day_with_more_to_come_has_a_higher_bar() -> None:
    image = Image.open(BytesIO(draw_progress(due(1, 24, 25, 26, 49)))).convert("RGB")
    mark = (53, 86, 110)

    def height(day: int) -> int:
        x = round(56 + (day + 0.5) * (1080 - 112) / 14) - 20
        column = [image.getpixel((x, y)) for y in range(300, image.height)]
        return sum(
            isinstance(seen, tuple) and all(abs(a - b) < 24 for a, b in zip(seen, mark, strict=True)) for seen in column
        )

    assert height(1) > 2 * height(0) > 0
    assert height(0) == pytest.approx(height(2), abs=2)
    assert height(5) == 0
