"""The events of some years, or of a person, place or thing, in the order of time and few enough to take in."""

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from knowledge import dates
from knowledge.anniversaries import Anniversaries
from knowledge.answers import sources_of
from knowledge.events import tells_event
from knowledge.index import Index
from knowledge.likeness import Likeness
from knowledge.pack import Fact
from knowledge.questions import Context, understand
from knowledge.results import Source, footnotes
from knowledge.text import plain

MOST = 12  # entries: as many as a picture holds in letters that can be read on a phone
LEGIBLE = 150  # characters; a longer fact takes the room of two
STRETCHES = 12  # of equal length, over which entries are spread
CROWDED = 0.18  # what an entry loses for each one that is chosen in its stretch already
LONGEST_NAME = 60  # characters of what was typed that are said back

LONG = 5  # years, from which on a whole year is as good as a point

# What an entry gains by how exactly it is dated, in a short timeline and in a long one.
_EXACTNESS = {"day": (0.6, 0.5), "month": (0.4, 0.4), "season": (0.3, 0.4), "year": (-0.8, 0.4)}
BLUR = 0.05  # what it loses for each year more that it may span

SUBJECT = 0.3  # what it gains where the thing asked about is the fact's subject
LANDMARK = 0.4  # and where it tells what a life or a time is remembered by
TOLD_OFTEN = 0.15  # and for each doubling, about, of the facts that tell the same
_LANDMARKS = frozenset("appointment birth burial death ending founding marriage revolution suicide treaty war".split())

_YEARS = re.compile(r"\b(?P<first>1\d{3}|20\d\d)(?:\s*(?:-|–|—|/|to|until)\s*(?P<last>\d{4}|\d\d)\b)?(?!\d)")


def middle(when: dates.When) -> dt.date:
    """Where an event stands among others: the middle of the time that it may span."""
    return when.first + (when.last - when.first) / 2


@dataclass(frozen=True)
class TimelineEntry:
    """An event and when it was; `when.certain` tells whether the document hedges."""

    when: dates.When
    date: str  # in words, with `about` or `perhaps` where the document says so
    says: str
    fact: str
    solemn: bool


@dataclass(frozen=True)
class Timeline:
    """Events, the oldest first, at most `MOST`."""

    title: str
    first: dt.date  # of the years that it is drawn over
    last: dt.date
    entries: tuple[TimelineEntry, ...]
    sources: tuple[Source, ...]

    @property
    def documents(self) -> tuple[str, ...]:
        """The titles of the documents that it is drawn from."""
        return tuple(dict.fromkeys(source.title for source in self.sources))

    @property
    def text(self) -> str:
        """The same for those who can't see a picture: a line for each event, then where they stand."""
        lines = [f"{entry.date}: {entry.says}" for entry in self.entries]
        return "\n".join((self.title, "", *lines, "", f"From: {'; '.join(footnotes(self.sources))}."))


@dataclass(frozen=True)
class NoTimeline:
    """Nothing to draw; `reason` is a sentence for whoever asked."""

    reason: str


@dataclass(frozen=True)
class _Event:
    fact: Fact
    when: dates.When
    merit: float


def timeline(
    anniversaries: Anniversaries, asked: str, *, without: Collection[str] = frozenset()
) -> Timeline | NoTimeline:
    """The timeline that `1941`, `Zhukov`, `Zhukov 1941-42` or `1905 to 1907` asks for. Never raises.

    `without` are facts that are left out.
    """
    index = anniversaries.index
    years, name = _asked(asked)
    about = understand(index, name, Context()).entities if name else ()
    if name and not about:
        return NoTimeline(f"My documents don't tell of “{name[:LONGEST_NAME]}”.")
    if not name and years is None:
        return NoTimeline("Of what? Name a year such as 1941, or a person, place or event.")
    title = " and ".join(index.entities[entity].name for entity in about)
    said_years = "" if years is None else str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    title = ", ".join(part for part in (title[:1].upper() + title[1:], said_years) if part)
    found = [event for event in _dated(anniversaries, about, years) if event.fact.id not in without]
    if not found:
        return NoTimeline(f"My documents date no event of {title}.")
    chosen = _legible(found, anniversaries.alike)
    return _drawn_up(index, title, chosen, years)


def _asked(text: str) -> tuple[range | None, str]:
    """The years and the name that somebody typed."""
    match = _YEARS.search(plain(text))
    if match is None:
        return None, " ".join(text.split())
    first = int(match["first"])
    last = int(match["last"] or first)
    last = last + first // 100 * 100 if last < 100 else last
    name = " ".join((text[: match.start()] + " " + text[match.end() :]).split())
    return range(min(first, last), max(first, last) + 1), re.sub(
        r"(?i)^(?:in|of|from)\b|\b(?:in|of|from)$", "", name
    ).strip()


def _dated(anniversaries: Anniversaries, about: Sequence[str], years: range | None) -> list[_Event]:
    """The events of these years and entities."""
    candidates = [
        c
        for c in anniversaries.tellable.values()
        if c.when is not None
        and c.when.precision in _EXACTNESS
        and set(about) <= set(c.fact.about)
        and tells_event(c.fact)
        and (years is None or c.when.first.year in years)
    ]
    spanned = {c.dated.first.year for c in candidates}
    is_long = bool(spanned) and max(spanned) - min(spanned) >= LONG
    return [
        _Event(
            c.fact,
            c.dated,
            c.weight
            + _EXACTNESS[c.dated.precision][is_long]
            + SUBJECT * (c.fact.about[0] in about)
            + LANDMARK * (c.fact.intent in _LANDMARKS)
            + TOLD_OFTEN * math.log1p(len(anniversaries.alike.get(c.fact.id, ())))
            - BLUR * (len(c.dated.years) - 1)
            - max(0, len(c.fact.says) - LEGIBLE) / LEGIBLE,
        )
        for c in candidates
    ]


def _legible(found: Sequence[_Event], alike: Likeness) -> list[_Event]:
    """The events that matter most, spread over the time, none told twice."""
    begin, end = (pick(event.when.first.toordinal() for event in found) for pick in (min, max))
    length = (end - begin) / STRETCHES + 1
    in_stretch: Counter[int] = Counter()
    chosen: list[_Event] = []
    left = list(found)

    def stretch(event: _Event) -> int:
        return int((event.when.first.toordinal() - begin) / length)

    while left and len(chosen) < MOST:
        best = max(left, key=lambda event: event.merit - CROWDED * in_stretch[stretch(event)])
        chosen.append(best)
        in_stretch[stretch(best)] += 1
        told = {best.fact.id, *alike.get(best.fact.id, ())}
        left = [event for event in left if event.fact.id not in told]
    return sorted(chosen, key=lambda event: (middle(event.when), event.when.first))


def _drawn_up(index: Index, title: str, chosen: Sequence[_Event], years: range | None) -> Timeline:
    first, last = min(event.when.first for event in chosen), max(event.when.last for event in chosen)
    if years is not None:
        first, last = dt.date(years[0], 1, 1), max(last, dt.date(years[-1], 12, 31))
    entries = tuple(
        TimelineEntry(e.when, dates.say(e.when.edtf), e.fact.says, e.fact.id, e.fact.solemn) for e in chosen
    )
    return Timeline(title, first, last, entries, sources_of(index, [event.fact.id for event in chosen]))
