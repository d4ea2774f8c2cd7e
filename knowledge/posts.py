"""What a chat is posted on a date: facts, each with the anniversary that it is, told no more exactly than is known."""

import datetime as dt
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from knowledge import dates
from knowledge.pack import Fact
from knowledge.results import Source, sources_as_json
from knowledge.text import numbers, plain

Precision = Literal["day", "month", "year", "none"]


@dataclass(frozen=True)
class Topic:
    """Something that a post is about, of which more can be told."""

    entity: str
    name: str


@dataclass(frozen=True)
class PostItem:
    """One fact of a post."""

    precision: Precision  # of the anniversary: how exactly the document dates what is remembered
    years_ago: int | None
    lead: str  # what kind of anniversary it is, without punctuation at its end; empty for none
    says: str  # the fact in its own words
    fact: str
    sources: tuple[Source, ...]
    solemn: bool
    note: str | None = None  # what has to be said about the date
    topics: tuple[Topic, ...] = ()  # what it is about; the one that nearly everything is about comes last

    @property
    def text(self) -> str:
        """One plain line."""
        return f"{self.lead}: {self.says}" if self.lead else self.says


@dataclass(frozen=True)
class Post:
    """What one chat gets on one date. Empty only where nothing in the packs can be told unasked."""

    date: dt.date
    items: tuple[PostItem, ...]

    @property
    def solemn(self) -> bool:
        """Whether it tells of suffering or death: then nothing light goes with it, neither a quiz nor an emoji."""
        return any(item.solemn for item in self.items)

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of the facts that it tells."""
        return tuple(item.fact for item in self.items)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """What its items are about: the first topic of each, then the second ones, and so on."""
        rows = zip_longest(*(item.topics for item in self.items))
        return tuple(dict.fromkeys(topic for row in rows for topic in row if topic is not None))


def as_json(post: Post) -> dict[str, object]:
    """The form that `footnote today --json` prints."""
    return {
        "date": post.date.isoformat(),
        "solemn": post.solemn,
        "items": [
            {
                "precision": item.precision,
                "years_ago": item.years_ago,
                "text": item.text,
                "fact": item.fact,
                "sources": sources_as_json(item.sources),
                "solemn": item.solemn,
                "note": item.note,
            }
            for item in post.items
        ],
    }


def years_between(when: dates.When, date: dt.date) -> int:
    """Years from an event to a date; an event from a December to a January is of two years, in each month of one."""
    first, last = when.first, when.last
    return date.year - (last if date.month == last.month != first.month else first).year


def lead(fact: Fact, when: dates.When, date: dt.date, precision: Precision) -> str:
    """What anniversary a fact is: `75 years ago today`, `120 years ago this month`, `100 years ago`.

    It names the date where the fact's own words don't: `75 years ago, in 1953`.
    """
    years = years_between(when, date)
    words = f"{years} year{'' if years == 1 else 's'} ago" if years else "This year"
    on_its_day = (when.first.month, when.first.day) == (date.month, date.day)
    if precision == "day" and on_its_day:
        words = f"{words} today" if years else "Today"
        words = words if when.first == when.last else f"Begun {words[0].lower()}{words[1:]}"
    elif precision == "month":
        words = f"{words} this month" if years else "This month"
    if _names_its_date(fact, when) and (on_its_day or precision != "day"):
        return words
    return f"{words}, {_preposition(when)} {dates.say(when.edtf)}"


def note(fact: Fact) -> str | None:
    """What has to be said about the calendar of an old Russian date."""
    if fact.calendar == "unstated":
        return "The document doesn't name the calendar of this date."
    return "This date is in the Julian calendar." if fact.calendar == "julian" else None


def _names_its_date(fact: Fact, when: dates.When) -> bool:
    """Whether a fact's own words give its date as exactly as it is known."""
    if when.first.year not in numbers(fact.says):
        return False
    if when.precision not in ("day", "month"):
        return True
    return any(
        said.month == when.first.month and (when.precision == "month" or said.day == when.first.day)
        for said in dates.mentioned(plain(fact.says))
    )


def _preposition(when: dates.When) -> str:
    return "from" if "/" in when.edtf else "on" if when.precision == "day" else "in"
