"""Which facts tell an event, and the calendar of the events that the documents date to the day."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from knowledge import dates
from knowledge.answers import sources_of
from knowledge.index import Index, Item
from knowledge.lexicon import lexicon
from knowledge.pack import Fact
from knowledge.results import sources_as_json

# Share of words, the date's own left out, from which on two facts of one day tell one event. In the shipped pack every
# pair from 0.52 on does, and the nearest pair that tells two events lies at 0.46.
SAME_EVENT = 0.5

# What is said under these intents holds for longer than a day, is somebody's view, or explains an event.
NO_EVENT = frozenset(
    "affair appearance assessment belief cause character comparison consequence description habit legacy nickname "
    "number quotation relationship wealth".split()
)

_FIGURES = re.compile(r"\d{1,2}|[12]\d{3}")

DatedFact: TypeAlias = tuple[Fact, dates.When]


def tells_event(fact: Fact) -> bool:
    """Whether a fact tells that something happened, and nobody disputes it."""
    return fact.intent not in NO_EVENT and not fact.disputed


def calendar(index: Index) -> tuple[DatedFact, ...]:
    """One fact for every event whose full date the documents give, oldest first.

    Where several facts tell one event it is the first of them in the pack. A day whose facts only describe or explain
    has one of these, so that no day is lost. An event of several days stands at the first.
    """
    by_day: dict[dt.date, list[Item]] = defaultdict(list)
    spans: list[Item] = []
    for item in index.items:
        if isinstance(item.entry, Fact) and (when := item.when) and when.precision == "day" and when.certain:
            (by_day[when.first] if when.first == when.last else spans).append(item)
    events = {day: _events_among(index, items) for day, items in by_day.items()}
    told = [item for items in events.values() for item in items]
    told += [item for item in spans if not _told_by(index, item, told)]
    told.sort(key=lambda item: (_when(item).first, _when(item).last, item.position))
    return tuple((index.facts[item.id], _when(item)) for item in told)


def as_json(index: Index, events: Iterable[DatedFact]) -> list[dict[str, object]]:
    """The form that `footnote calendar --json` prints."""
    return [
        {
            "date": when.edtf,
            "text": fact.says,
            "fact": fact.id,
            "sources": sources_as_json(sources_of(index, [fact.id])),
            "calendar": fact.calendar,
            "solemn": fact.solemn,
        }
        for fact, when in events
    ]


def _events_among(index: Index, items: Sequence[Item]) -> list[Item]:
    """The items of one day that tell an event each, every event once; at least one."""
    told: list[Item] = []
    for item in items:
        if tells_event(index.facts[item.id]) and not _told_by(index, item, told):
            told.append(item)
    return told or [min(items, key=lambda item: (index.facts[item.id].disputed, item.position))]


def _told_by(index: Index, item: Item, others: Iterable[Item]) -> bool:
    return any(_when(item).overlaps(_when(other)) and _one_event(index, item, other) for other in others)


def _one_event(index: Index, one: Item, other: Item) -> bool:
    mine, theirs = _undated(one), _undated(other)
    least = min(_weight(index, mine), _weight(index, theirs))
    return not least or _weight(index, mine & theirs) >= SAME_EVENT * least


def _undated(item: Item) -> frozenset[str]:
    """The terms of what an item says without those of its date, which all facts of that day share."""
    months = {lexicon().term(month.lower()) for month in dates.MONTHS}
    return frozenset(term for term in item.says if term not in months and not _FIGURES.fullmatch(term))


def _weight(index: Index, terms: Iterable[str]) -> float:
    return sum(index.idf[term] for term in sorted(terms))


def _when(item: Item) -> dates.When:
    assert item.when is not None  # noqa: S101 - only dated items come here
    return item.when
