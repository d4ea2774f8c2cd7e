"""Timelines as pictures."""

import datetime as dt
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.services import drawing, pictures
from bot.services.pictures import draw_timeline
from knowledge import dates
from knowledge.results import Source
from knowledge.timeline import Timeline, TimelineEntry, middle

PAPER, MARK = (250, 248, 243), (53, 86, 110)


def of(*entries: tuple[str, str], title: str = "The Skerry") -> Timeline:
    told = [
        TimelineEntry(dates.parse(date), dates.say(date), says, f"f{n}", solemn=False)
        for n, (date, says) in enumerate(entries)
    ]
    told.sort(key=lambda entry: middle(entry.when))
    first, last = min(entry.when.first for entry in told), max(entry.when.last for entry in told)
    return Timeline(title, first, last, tuple(told), (Source("a.txt", "Lights of the coast", "", 1, ()),))


def picture(timeline: Timeline) -> Image.Image:
    png = draw_timeline(timeline)
    assert png.startswith(b"\x89PNG")
    return Image.open(BytesIO(png)).convert("RGB")


def marked(image: Image.Image, x: int) -> list[int]:
    """The rows in which a mark is seen in a column."""
    return [y for y in range(image.height) if _near(image.getpixel((x, y)), MARK)]


def _near(seen: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(seen, tuple)
    return all(abs(one - other) < 24 for one, other in zip(seen, wanted, strict=True))


def test_a_picture_is_as_wide_as_a_phone_and_keeps_its_margins() -> None:
    long = "Ada Holm rowed out in the great storm with Königsberg's pilot Józef Piłsudski, Маршал Жуков and two boys. "
    image = picture(of(("1891-11-04", long * 2), ("1902", "x" * 200), ("1930-05", "Short."), title="Skerry " * 20))

    assert image.width == 1080
    edges = [(x, y) for x in (*range(40), *range(1040, 1080)) for y in range(0, image.height, 3)]
    assert all(_near(image.getpixel(at), PAPER) for at in edges), "something is cut off at the edge"


def test_the_same_timeline_gives_the_same_bytes() -> None:
    timeline = of(("1891-11-04", "A ship sank."), ("1902", "The tower was painted."))

    assert draw_timeline(timeline) == draw_timeline(timeline)


def test_marks_stand_where_their_dates_are() -> None:
    """Of a year in three parts the second begins a third of the way down."""
    image = picture(of(("1891-01-01", "A ship sank."), ("1891-05-02", "A bell rang."), ("1891-12-31", "Snow fell.")))
    rows = marked(image, pictures.LINE_X)
    first, last = rows[0], rows[-1]
    between = [y for y in rows if first + 40 < y < last - 40]

    assert sum(between) / len(between) == pytest.approx(first + (last - first) / 3, abs=pictures.DOT)


def test_a_month_is_a_bar_of_its_length_and_a_day_a_dot() -> None:
    image = picture(of(("1891-02", "A ship sank."), ("1891-12-31", "Snow fell."), ("1891-01-01", "A bell rang.")))
    rows = marked(image, pictures.LINE_X)
    bar = [y for y in rows if rows[0] + 2 * pictures.DOT + 4 < y < rows[-1] - 3 * pictures.DOT]
    whole = rows[-1] - rows[0]

    assert len(bar) == pytest.approx(whole * 28 / 365, abs=6)


def test_what_is_only_about_then_is_open() -> None:
    dark = [
        len(marked(picture(of((date, "A ship sank."), ("1891-12", "Snow fell."))), pictures.LINE_X))
        for date in ("1891-02", "1891-02~", "1891-02?")
    ]

    assert dark[0] > dark[1] + 20
    assert dark[1] == dark[2]


@given(st.lists(st.tuples(st.floats(-500, 2500), st.floats(20, 200)), min_size=1, max_size=12))
def test_texts_never_stand_upon_each_other(blocks: list[tuple[float, float]]) -> None:
    wanted, heights = sorted(place for place, _ in blocks), [height for _, height in blocks]
    bottom = 100 + max(600.0, sum(heights))
    tops = pictures._apart(wanted, heights, 100, bottom)

    assert tops[0] >= 100 - 1e-6
    assert tops[-1] + heights[-1] <= bottom + 1e-6
    for top, height, following in zip(tops, heights, tops[1:], strict=False):
        assert following >= top + height - 1e-6


def test_a_text_with_room_stands_where_it_wants() -> None:
    assert pictures._apart([200, 400], [50, 50], 100, 800) == [200, 400]


def test_marks_of_one_lane_dont_overlap() -> None:
    extents = [(0.0, 365.0), (31.0, 59.0), (59.0, 90.0), (80.0, 102.0), (200.0, 222.0)]

    assert pictures._lanes(extents) == [0, 1, 1, 2, 1]


@given(st.text(max_size=300))
def test_every_word_is_written_and_no_line_is_too_long(text: str) -> None:
    lines = drawing.broken(text, drawing.BODY, 600)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(drawing.letters(drawing.BODY).getlength(line) <= 600 for line in lines)


@pytest.mark.parametrize("letter", "Äłéőşčñ–“”’…ЖюїΩ·")
def test_the_letters_are_there_on_every_machine(letter: str) -> None:
    font = drawing.letters(drawing.BODY)

    assert bytes(font.getmask(letter)) != bytes(font.getmask("\U0010ffff")), "drawn as a box"


@given(
    st.lists(
        st.tuples(st.dates(), st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]), st.sampled_from(["", "~", "?"])),
        min_size=1,
        max_size=4,
    )
)
def test_any_dates_have_ticks_that_dont_touch(made: list[tuple[dt.date, str, str]]) -> None:
    edtf = [f"{date.isoformat()[: {'%Y': 4, '%Y-%m': 7}.get(form, 10)]}{mark}" for date, form, mark in made]
    timeline = of(*((text, "A ship sank.") for text in edtf))
    down = pictures._Scale(timeline, 100, 900)
    places = [down(date) for date, _ in pictures._ticks(down)]

    assert all(100 <= place <= 1000 for place in places)
    assert all(later - earlier >= 30 for earlier, later in pairwise(places))
