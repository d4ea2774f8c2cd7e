"""What people write behind /subscribe: a time of day and a place, in any order."""

import datetime as dt
import re
from dataclasses import dataclass

from bot.services.zones import Zone, find_zones

_OFFSET = re.compile(
    r"\b(?:utc|gmt)\s*(?:[+\-−–]\s*\d{1,2}(?::?\d{2})?)?\b|(?<!\S)[+\-−]\d{1,2}(?::?\d{2})?\b", re.IGNORECASE
)
_TIME = re.compile(
    r"(?<![\w/])(?P<hours>\d{1,2})(?:(?:\s*[:.h-]\s*|\s+)(?P<minutes>\d{2})(?!\d)|(?P<packed>\d{2})(?!\d)|(?!\d))"
    r"\s*(?:h\b|uhr\b|o['’]?clock\b)?"
    r"\s*(?:(?P<half>[ap])\.?\s?m\b\.?|(?:in the |at )?(?P<part>morning|afternoon|evening|night)\b)?",
    re.IGNORECASE,
)
LONGEST_QUOTED = 60  # characters of a person's words that are said back

_WORDS = {"noon": 12 * 60, "midday": 12 * 60, "midnight": 0}
_FILLING = frozenset("at in on the every each day daily time zone timezone city please and my our for around".split())


@dataclass(frozen=True)
class Wish:
    """A time (minutes from midnight) and a zone by IANA's name, None where nothing was said.

    Where it isn't certain which zone is meant, `zone` is None and `candidates` are those to choose from.
    """

    minute: int | None = None
    zone: str | None = None
    candidates: tuple[Zone, ...] = ()


@dataclass(frozen=True)
class Misread:
    """What was written can't be understood; `why` is a sentence for the person."""

    why: str


def read_wish(text: str, moment: dt.datetime) -> Wish | Misread:
    """Read `08:30 Europe/Kyiv`, `8am`, `New York 8.30 pm`, `UTC+3 20` and the like; nothing at all is a wish too."""
    offset = _OFFSET.search(text)
    rest = text[: offset.start()] + " " + text[offset.end() :] if offset else text
    times = list(_TIME.finditer(rest)) + [m for w in _WORDS for m in re.finditer(rf"\b{w}\b", rest, re.IGNORECASE)]
    if len(times) > 1:
        return Misread("I can post once a day. Write one time, such as 08:30.")
    minute: int | None = None
    if times:
        [written] = times
        minute = _WORDS.get(written[0].lower()) if not written.re.groups else _minute(written)
        if minute is None:
            return Misread(f"“{written[0].strip()}” is no time of day. Write one such as 08:30, 20 or 8 pm.")
        rest = rest[: written.start()] + " " + rest[written.end() :]
    places = [offset[0].replace("−", "-").replace("–", "-")] if offset else _places(rest)
    return _with_zone(minute, places, moment)


def _with_zone(minute: int | None, places: list[str], moment: dt.datetime) -> Wish | Misread:
    if not places:
        return Wish(minute)
    found = max((find_zones(place, moment) for place in places), key=lambda f: (f.certain, bool(f.zones)))
    if found.certain:
        return Wish(minute, found.zones[0].name)
    if not found.zones:
        where = places[0][:LONGEST_QUOTED]
        return Misread(f"I don't know where “{where}” is. Write a large city near you, such as Kyiv, or UTC+3.")
    return Wish(minute, None, found.zones)


def _minute(written: re.Match[str]) -> int | None:
    """Minutes from midnight; None for a time that no clock shows."""
    hours, minutes = int(written["hours"]), int(written["minutes"] or written["packed"] or 0)
    if half := written["half"]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half in "pP" else 0)
    elif (written["part"] or "morning").lower() != "morning" and hours < 12:
        hours += 12
    if (hours, minutes) == (24, 0):
        hours = 0
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None


def _places(rest: str) -> list[str]:
    """What may name the place: all the words, or those before a comma."""
    parts = [[w for w in part.split() if w.casefold() not in _FILLING] for part in rest.split(",")]
    named = [" ".join(words).strip(" .!?;") for words in ([w for part in parts for w in part], *parts[:-1])]
    return list(dict.fromkeys(name for name in named if name))
