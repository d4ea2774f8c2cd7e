"""Timelines as pictures (PNG)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.services.drawing import (
    BODY,
    FAINT,
    HEAD,
    INK,
    MARGIN,
    MARK,
    PAPER,
    SMALL,
    TITLE,
    WIDTH,
    Page,
    broken,
    height,
    letters,
)
from knowledge.dates import MONTHS, When
from knowledge.timeline import Timeline, TimelineEntry, middle

# All lengths are pixels of the finished picture.
LINE_X = 150  # where the line of time stands, with the names of months or years to its left
LANE = 22  # from one mark to the next beside it, where their times overlap
TOUCH = 0.5  # by which two marks of one lane may overlap: rounding, where a month follows a month
MOST_LANES = 3  # beside the line, before the text
TEXT_X = 312
SHORTEST_LINE = 560  # however few events there are
GAP = 26  # between two events
DOT = 11  # radius
BAR = 13  # width, and the least length: a month of a long life would be thinner than a hair
CLOSEST_TICKS = 44  # names beside the line; nearer ones would touch

STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500)  # years from tick to tick
MOST_MONTHS = 36  # over which months are named, not years only


@dataclass(frozen=True)
class _Block:
    """An event's text, broken into lines."""

    entry: TimelineEntry
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        return height(1, HEAD) + height(len(self.lines), BODY)


def draw_timeline(timeline: Timeline) -> bytes:
    """A timeline as PNG, 1080 pixels wide and as high as it takes.

    Each event is marked where it is in time: a day as a dot, a month or a longer span as a bar of its length, and as an
    open one where the document says `about` or `perhaps`.
    """
    blocks = [_Block(entry, broken(entry.says, BODY, WIDTH - MARGIN - TEXT_X)) for entry in timeline.entries]
    title = broken(timeline.title, TITLE, WIDTH - 2 * MARGIN)
    sources = broken(f"From: {' · '.join(timeline.documents)}", SMALL, WIDTH - 2 * MARGIN)
    top = MARGIN + height(len(title), TITLE) + 36
    length = max(SHORTEST_LINE, sum(block.height + GAP for block in blocks))
    key = top + length + 40
    footnote = key + height(1, SMALL) + 14
    page = Page(round(footnote + height(len(sources), SMALL) + MARGIN))
    page.text(title, MARGIN, MARGIN, TITLE, INK)
    _draw_line(page, _Scale(timeline, top, length))
    _draw_events(page, _Scale(timeline, top, length), blocks)
    _draw_key(page, timeline, key)
    page.text(sources, MARGIN, footnote, SMALL, FAINT)
    return page.png()


@dataclass(frozen=True)
class _Scale:
    """How far down a date stands."""

    timeline: Timeline
    top: float
    length: float

    def __call__(self, date: dt.date) -> float:
        """Where a day begins."""
        return self._at(date.toordinal())

    def extent(self, when: When) -> tuple[float, float]:
        """Where a mark begins and ends; one that is hard to see is made a little longer."""
        begin = self(when.first)
        end = self._at(min(when.last, self.timeline.last).toordinal() + 1)
        least = 2 * DOT if when.first == when.last else max(BAR, end - begin)
        return (begin + end - least) / 2, (begin + end + least) / 2

    def _at(self, ordinal: int) -> float:
        first, last = self.timeline.first.toordinal(), self.timeline.last.toordinal() + 1
        return self.top + (ordinal - first) / (last - first) * self.length


def _draw_line(page: Page, down: _Scale) -> None:
    """The line of time, with months or years where they begin."""
    page.line([(LINE_X, down.top), (LINE_X, down.top + down.length)], 4)
    for date, name in _ticks(down):
        page.line([(LINE_X - 14, down(date)), (LINE_X, down(date))], 3)
        page.text([name], LINE_X - 26, down(date), SMALL, FAINT, "rm")


def _draw_events(page: Page, down: _Scale, blocks: Sequence[_Block]) -> None:
    marks = _marks(down, [block.entry.when for block in blocks])
    wanted = [down(middle(block.entry.when)) - block.height / 2 for block in blocks]
    tops = _apart(wanted, [block.height + GAP for block in blocks], down.top, down.top + down.length)
    bend = max((mark.x for mark in marks.values()), default=LINE_X) + 20
    for block, top in zip(blocks, tops, strict=True):  # beneath the marks; in the order of both, so that none cross
        mark, text = marks[_span(block.entry.when)], top + height(1, HEAD) / 2
        centre = (mark.begin + mark.end) / 2
        page.line([(mark.x, centre), (bend, centre), (TEXT_X - 30, text), (TEXT_X - 14, text)], 3)
    for mark in marks.values():
        mark.draw(page)
    for block, top in zip(blocks, tops, strict=True):
        date = block.entry.date
        page.text([date[:1].upper() + date[1:]], TEXT_X, top, HEAD, MARK)
        page.text(block.lines, TEXT_X, top + height(1, HEAD), BODY, INK)


@dataclass(frozen=True)
class _Mark:
    """Where something stands beside the line of time."""

    x: float
    begin: float
    end: float
    is_day: bool
    is_open: bool

    def draw(self, page: Page) -> None:
        fill = PAPER if self.is_open else MARK
        if self.is_day:
            page.disc(self.x, (self.begin + self.end) / 2, DOT, fill)
        else:  # with a gap between two months
            page.bar((self.x - BAR / 2, self.begin + 1, self.x + BAR / 2, self.end - 1), fill)


def _span(when: When) -> tuple[dt.date, dt.date, bool]:
    """What the mark of an event depends on: events of one month share one."""
    return when.first, when.last, when.certain


def _marks(down: _Scale, whens: Sequence[When]) -> dict[tuple[dt.date, dt.date, bool], _Mark]:
    spans = {_span(when): down.extent(when) for when in whens}
    lanes = _lanes(list(spans.values()))
    return {
        span: _Mark(LINE_X + min(lane, MOST_LANES) * LANE, *extent, span[0] == span[1], not span[2])
        for (span, extent), lane in zip(spans.items(), lanes, strict=True)
    }


def _draw_key(page: Page, timeline: Timeline, y: float) -> None:
    """What the marks mean, as far as they are in the picture."""
    whens = [entry.when for entry in timeline.entries]
    x, centre = float(MARGIN + DOT), y + height(1, SMALL) / 2
    for name, is_day, is_open, is_there in (
        ("a day", True, False, any(when.first == when.last for when in whens)),
        ("a month, a year or longer", False, False, any(when.first != when.last for when in whens)),
        ("about then, or perhaps", False, True, not all(when.certain for when in whens)),
    ):
        if is_there:
            _Mark(x, centre - DOT, centre + DOT, is_day, is_open).draw(page)
            page.text([name], x + DOT + 12, centre, SMALL, FAINT, "lm")
            x += 2 * DOT + 12 + letters(SMALL).getlength(name) + 40


def _ticks(down: _Scale) -> Iterator[tuple[dt.date, str]]:
    """Months or years on the line, as close as their names allow."""
    first, last = down.timeline.first, down.timeline.last
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months <= MOST_MONTHS:
        step = next(n for n in (1, 2, 3, 6, 12) if n == 12 or down.length / months * n >= CLOSEST_TICKS)
        for n in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
            date = dt.date(n // 12, n % 12 + 1, 1)
            if n % step == 0 and date >= first:
                is_year = date.month == 1 and first.year != last.year
                yield date, str(date.year) if is_year else MONTHS[date.month - 1][:3]
        return
    fits = (n for n in STEPS if down.length / (months / 12) * n >= 2 * CLOSEST_TICKS)
    step = next(fits, STEPS[-1])
    for year in range(first.year, last.year + 1):
        if year % step == 0 and dt.date(year, 1, 1) >= first:
            yield dt.date(year, 1, 1), str(year)


def _lanes(extents: Sequence[tuple[float, float]]) -> list[int]:
    """For each mark the lane that it stands in, 0 on the line; the longest first, so that dots are seen before bars."""
    taken: list[list[tuple[float, float]]] = []
    lanes = [0] * len(extents)
    for n in sorted(range(len(extents)), key=lambda n: (extents[n][0] - extents[n][1], n)):
        begin, end = extents[n]
        free = (
            lane for lane, marks in enumerate(taken) if all(end <= b + TOUCH or e <= begin + TOUCH for b, e in marks)
        )
        lanes[n] = next(free, len(taken))
        if lanes[n] == len(taken):
            taken.append([])
        taken[lanes[n]].append(extents[n])
    return lanes


def _apart(wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Where blocks stand that want to be at some place each, none upon another: the least squares of the ways moved.

    Pool adjacent violators (Ayer et al. 1955) on the places less the heights above them.
    """
    above = [0.0, *accumulate(heights)]
    pools: list[tuple[float, int]] = []  # mean and number
    for n, place in enumerate(wanted):
        mean, number = place - above[n], 1
        while pools and pools[-1][0] > mean:
            other, others = pools.pop()
            mean, number = (mean * number + other * others) / (number + others), number + others
        pools.append((mean, number))
    shifts = [min(max(mean, top), max(top, bottom - above[-1])) for mean, number in pools for _ in range(number)]
    return [shift + above[n] for n, shift in enumerate(shifts)]
