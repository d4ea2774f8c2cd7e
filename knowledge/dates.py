"""Dates as EDTF (Library of Congress, 2019), and how they are said."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import edtf

Precision = Literal["day", "month", "season", "year", "decade", "century"]

MONTHS = tuple(calendar.month_name)[1:]
_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
_PLAIN = re.compile(r"^(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?$")


@dataclass(frozen=True)
class When:
    """An EDTF date: the days that it may span, first and last included, and how precisely it is known."""

    edtf: str
    first: dt.date
    last: dt.date
    precision: Precision
    approximate: bool = False
    uncertain: bool = False

    @property
    def years(self) -> range:
        return range(self.first.year, self.last.year + 1)

    def overlaps(self, other: "When") -> bool:
        return self.first <= other.last and other.first <= self.last


@lru_cache(maxsize=4096)
def parse(text: str) -> When:
    """Read an EDTF date of level 0, 1 or 2 with a known year.

    Raises ValueError with a sentence that says what is off.
    """
    if found := _PLAIN.match(text):
        return _plain(text, int(found["year"]), int(found["month"] or 0), int(found["day"] or 0))
    try:
        parsed = edtf.parse_edtf(text)
    except edtf.EDTFParseException:
        raise ValueError(_not_edtf(text)) from None
    try:
        first = dt.date(*parsed.lower_strict()[:3])
        last = dt.date(*parsed.upper_strict()[:3])
    except (ValueError, TypeError, AttributeError):
        raise ValueError(f"{text!r} names no span of days; give it a beginning and an end") from None
    if last < first:
        raise ValueError(f"{text!r} ends before it begins")
    return When(text, first, last, _precision(text), "~" in text or "%" in text, "?" in text or "%" in text)


def say(text: str) -> str:
    """An EDTF date in words: `5 March 1953`, `July 1906`, `about 1940`, `between 1932 and 1933`."""
    when = parse(text)
    bare = re.sub(r"[~?%]", "", text)
    hedge = "about " if when.approximate else "perhaps " if when.uncertain else ""
    if "/" in bare:
        begin, end = bare.split("/")
        return f"{hedge}{_point(begin)} to {_point(end)}"
    return hedge + _point(bare)


def _point(bare: str) -> str:
    if re.fullmatch(r"\d{3}X", bare):
        return f"the {bare[:3]}0s"
    parts = bare.split("-")
    if len(parts) == 1 or not parts[1].isdigit():
        return parts[0]
    month = int(parts[1])
    name = _SEASONS.get(month) or MONTHS[month - 1]
    return f"{int(parts[2])} {name} {parts[0]}" if len(parts) == 3 and parts[2].isdigit() else f"{name} {parts[0]}"


def _plain(text: str, year: int, month: int, day: int) -> When:
    try:
        if not month:
            return When(text, dt.date(year, 1, 1), dt.date(year, 12, 31), "year")
        if month in _SEASONS and not day:
            return _season(text, year, month)
        if not day:
            return When(
                text, dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]), "month"
            )
        return When(text, date := dt.date(year, month, day), date, "day")
    except (ValueError, IndexError):
        raise ValueError(_not_edtf(text)) from None


def _season(text: str, year: int, month: int) -> When:
    begin = 3 * (month - 20)
    first = dt.date(year, begin, 1)
    last_month, last_year = (begin + 2, year) if begin < 12 else (2, year + 1)
    return When(text, first, dt.date(last_year, last_month, calendar.monthrange(last_year, last_month)[1]), "season")


def _precision(text: str) -> Precision:
    """The coarsest part decides, so that nothing is told more exactly than it is known."""
    ends = [re.sub(r"[~?%]", "", part) for part in text.split("/")]
    found = [_precision_of(end) for end in ends]
    order: tuple[Precision, ...] = ("century", "decade", "year", "season", "month", "day")
    return min(found, key=order.index)


def _precision_of(bare: str) -> Precision:
    parts = bare.split("-")
    if parts[0].endswith("XX"):
        return "century"
    if parts[0].endswith("X"):
        return "decade"
    if len(parts) == 1 or not parts[1].isdigit():
        return "year"
    if int(parts[1]) in _SEASONS:
        return "season"
    return "day" if len(parts) == 3 and parts[2].isdigit() else "month"


def _not_edtf(text: str) -> str:
    return f"{text!r} is not a date in EDTF; write 1953-03-05, 1906-07, 1906, 1932/1933, 1940~, 193X or 1920-08-XX"


@dataclass(frozen=True)
class Mentioned:
    """A date as a message names it; parts that it leaves out are None."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def fits(self, when: When) -> bool:
        """Whether an event of that date may be meant: no part disagrees, none is finer than what is known of it."""
        if self.year is not None and self.year not in when.years:
            return False
        if self.month is not None and not any(
            when.first <= dt.date(year, self.month, calendar.monthrange(year, self.month)[1])
            and dt.date(year, self.month, 1) <= when.last
            for year in ([self.year] if self.year else when.years)
        ):
            return False
        return self.day is None or (when.precision == "day" and self.day in (when.first.day, when.last.day))


_NAMED = "|".join(f"{m.lower()}|{m[:3].lower()}" for m in MONTHS) + "|sept"
_DAY = r"(?P<d>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"[12]\d{3}|'?[3-9]\d"
_IN_TEXT = (
    re.compile(r"\b(?P<y>[12]\d{3})-(?P<m>[01]\d)(?:-(?P<d>[0-3]\d))?\b"),
    re.compile(r"\b(?P<d>[0-3]?\d)[./](?P<m>[01]?\d)[./](?P<y>[12]\d{3})\b"),
    re.compile(rf"\b(?:the )?{_DAY}(?: of)? (?P<n>{_NAMED})\b\.?(?:,? ?(?:of )?(?P<y>{_YEAR})\b)?"),
    re.compile(rf"\b(?P<n>{_NAMED})\.? (?:the )?{_DAY}\b(?!\d)(?:,? (?:of )?(?P<y>{_YEAR})\b)?"),
    re.compile(rf"\b(?P<n>{_NAMED})\.?,?(?: of| in)? (?P<y>{_YEAR})\b"),
    re.compile(rf"\b(?P<n>{'|'.join(m.lower() for m in MONTHS if m != 'May')}|in may|of may|aug|sept|oct|nov|dec)\b"),
    re.compile(r"\b(?P<y>1[0-9]\d\d|20\d\d)\b"),
)


def mentioned(text: str) -> list[Mentioned]:
    """The dates that a message in lower case names, in any usual form; a two-digit year is of the 20th century."""
    found: list[tuple[int, Mentioned]] = []
    taken: list[tuple[int, int]] = []
    for pattern in _IN_TEXT:
        for match in pattern.finditer(text):
            if any(match.start() < stop and start < match.end() for start, stop in taken):
                continue
            parts = match.groupdict()
            year = int(parts["y"].lstrip("'")) if parts.get("y") else None
            month = int(parts["m"]) if parts.get("m") else _month(parts.get("n"))
            day = int(parts["d"]) if parts.get("d") else None
            if (month and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
                continue
            found.append((match.start(), Mentioned(year + 1900 if year and year < 100 else year, month, day)))
            taken.append(match.span())
    return [date for _, date in sorted(found, key=lambda f: f[0])]


def _month(name: str | None) -> int | None:
    if not name:
        return None
    return next(n for n, m in enumerate(MONTHS, 1) if m.lower().startswith(name.split()[-1][:3]))
