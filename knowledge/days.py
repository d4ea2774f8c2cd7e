"""Which day people mean when they type one: `5 March`, `5.3.`, `tomorrow`, `next Friday`, `fifth of march`."""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.dates import MONTHS
from knowledge.text import ORDINALS, numbers, plain

LONGEST = 80  # characters; nobody needs more to name a day
SLIPS = 2  # letters that may be wrong in a month's name of six letters or more, one in a shorter one
FARTHEST = 3660  # days that "in … days" may reach

_EXAMPLE = "Write it like 5 March, 5/3, tomorrow or next Friday."
_FILLERS = frozenset("on the of for at what happened day date please show me s".split())
_WEEKDAYS = tuple(day.lower() for day in calendar.day_name)
_DAYS_AWAY = {
    "today": 0, "now": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "yesterday": -1,
    "after tomorrow": 2, "before yesterday": -2,
}  # fmt: skip
_UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7, "fortnight": 14}
_ORDINALS = ORDINALS | {"thirtieth": 30} | {f"twenty{word}": 20 + n for word, n in ORDINALS.items() if n < 10}
_ORDINALS |= {"thirtyfirst": 31}

_ISO = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})")
_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})\s*[./]\s*(?P<m>\d{1,2})(?:\s*[./]\s*(?P<y>\d{4}|\d{2})?)?")
_MONTH_FIRST = re.compile(r"(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:-(?P<y>\d{4}))?")  # the order of ISO 8601
_AWAY = re.compile(r"(?:in (?P<ahead>.+?)|(?P<back>.+?) ago)")
_AMOUNT = re.compile(r"(?:(?P<number>\d{1,6}|an?|[a-z]+(?: [a-z]+)?) )?(?P<unit>days?|weeks?|fortnight)(?: time)?")
_WEEKDAY = re.compile(r"(?:(?P<which>next|last|this|coming|past) )?(?P<day>[a-z]+)")


@dataclass(frozen=True)
class NoDay:
    """Nothing that names a day; `reason` is a sentence for whoever typed it."""

    reason: str


DayMeant: TypeAlias = dt.date | NoDay
_TOO_FAR = NoDay("That is too far away for me.")


def day_meant(text: str, today: dt.date) -> DayMeant:
    """The day that somebody means, seen from `today`. Never raises.

    Without a year it is a day of this year; so it is with a year that is past, since what is remembered on a day is
    remembered now. 29 February is the next one that there is. In figures the day comes before the month (`5/3`,
    `5.3.`), unless that can't be, or dashes show that it is ISO 8601's order (`03-05`). `next Friday` is the first one
    after today.
    """
    said = " ".join(plain(text[:LONGEST]).replace(",", " ").strip(" .!?").split())
    if not said:
        return NoDay(f"Which day? {_EXAMPLE}")
    readings: tuple[Callable[[str, dt.date], DayMeant | None], ...] = (_in_figures, _away, _weekday, _in_words)
    spoken = " ".join(word for word in said.split() if word not in _FILLERS) or said
    for read in readings:
        if meant := read(said if read is _in_figures else spoken, today):
            return meant
    return NoDay(f"I don't understand which day that is. {_EXAMPLE}")


def _in_figures(said: str, today: dt.date) -> DayMeant | None:
    said = said.removeprefix("on ")
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST):
        if match := pattern.fullmatch(said):
            day, month = int(match["d"]), int(match["m"])
            if pattern is not _ISO and month > 12 >= day:
                day, month = month, day
            year = int(match["y"]) if match["y"] else None
            return _day_of(day, month, year + 2000 if year is not None and year < 100 else year, today)
    return None


def _away(said: str, today: dt.date) -> DayMeant | None:
    """So many days or weeks from today."""
    if said in _DAYS_AWAY:
        return _moved(today, _DAYS_AWAY[said])
    if said in ("next week", "last week"):
        return _moved(today, 7 if said == "next week" else -7)
    match = _AWAY.fullmatch(said)
    amount = _AMOUNT.fullmatch(match["ahead"] or match["back"]) if match else None
    if match is None or amount is None:
        return None
    number = _number(amount["number"])
    if number is None:
        return None
    return _moved(today, number * _UNITS[amount["unit"]] * (1 if match["ahead"] else -1))


def _weekday(said: str, today: dt.date) -> DayMeant | None:
    match = _WEEKDAY.fullmatch(said)
    day = _weekday_named(match["day"]) if match else None
    if match is None or day is None:
        return None
    ahead = (day - today.weekday()) % 7
    if match["which"] in ("last", "past"):
        return _moved(today, ahead - 7)
    return _moved(today, ahead or (7 if match["which"] in ("next", "coming") else 0))


def _in_words(said: str, today: dt.date) -> DayMeant | None:
    """`5 march`, `march 5th 2026`, `fifth march`, `march twenty-first`, `leap day`, and a mere `5th`."""
    if said == "leap":  # "day" is a filler
        return _day_of(29, 2, None, today)
    tokens = re.findall(r"\d+(?:st|nd|rd|th)?|[a-z]+", re.sub(r"(?<=[a-z])-(?=[a-z])", "", said))
    months = [month for token in tokens if (month := _month(token)) is not None]
    days = [day for token in tokens if (day := _day(token)) is not None]
    years = [int(token) for token in tokens if re.fullmatch(r"[12]\d{3}", token)]
    if len(months) + len(days) + len(years) != len(tokens) or len(months) > 1 or len(days) > 1 or len(years) > 1:
        return None
    if months and days:
        return _day_of(days[0], months[0], years[0] if years else None, today)
    if months:
        return NoDay(f"Which day of {MONTHS[months[0] - 1]}? {_EXAMPLE}")
    is_ordinal = bool(days) and not tokens[0].isdigit()
    return _day_of(days[0], today.month, None, today) if is_ordinal and not years else None


def _day_of(day: int, month: int, year: int | None, today: dt.date) -> DayMeant:
    if not 1 <= month <= 12:
        return NoDay(f"There is no month {month}. {_EXAMPLE}")
    year = max(year, today.year) if year is not None else today.year
    longest = 29 if month == 2 else calendar.monthrange(today.year, month)[1]
    if not 1 <= day <= longest:
        return NoDay(f"{MONTHS[month - 1]} has {longest} days.")
    while (day, month) == (29, 2) and not calendar.isleap(year):
        year += 1
    return dt.date(year, month, day) if year <= dt.MAXYEAR else _TOO_FAR


def _moved(today: dt.date, days: int) -> DayMeant:
    if abs(days) > FARTHEST:
        return _TOO_FAR
    try:
        return today + dt.timedelta(days=days)
    except OverflowError:
        return _TOO_FAR


def _number(word: str | None) -> int | None:
    if word in (None, "a", "an", "one"):
        return 1
    if word.isdigit():
        return int(word)
    found = numbers(word)
    return int(found[0]) if len(found) == 1 else None


def _day(token: str) -> int | None:
    if match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", token):
        return int(match[1])
    return _ORDINALS.get(token)


def _month(token: str) -> int | None:
    """A month by its name, its first three letters or more, or a name with a slip."""
    if not token.isalpha() or token in _ORDINALS or len(token) < 3:
        return None
    names = [name.lower() for name in MONTHS]
    begun = [n for n, name in enumerate(names, 1) if name.startswith(token)]
    if len(begun) == 1:
        return begun[0]
    if len(token) < 4:
        return None
    near = process.extractOne(token, names, scorer=OSA.distance, score_cutoff=SLIPS if len(token) >= 6 else 1)
    return near[2] + 1 if near else None


def _weekday_named(word: str) -> int | None:
    begun = [n for n, day in enumerate(_WEEKDAYS) if day.startswith(word)]
    if len(begun) == 1 and len(word) >= 3:
        return begun[0]
    near = process.extractOne(word, _WEEKDAYS, scorer=OSA.distance, score_cutoff=1) if len(word) >= 5 else None
    return near[2] if near else None
