"""Dates as EDTF (Library of Congress, 2019), and how they are said."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Precision = Literal["day", "month", "season", "year", "decade", "century"]

MONTHS = tuple(calendar.month_name)[1:]
_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
_COARSEST_FIRST: tuple[Precision, ...] = ("century", "decade", "year", "season", "month", "day")
_MARKS = re.compile(r"[~?%]")
_POINT = re.compile(
    r"(?P<century>[0-9]{2})XX|(?P<decade>[0-9]{3})X|"
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}|XX))?)?"
)


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

    @property
    def certain(self) -> bool:
        """Whether the document neither hedges nor rounds it."""
        return not self.approximate and not self.uncertain

    def overlaps(self, other: "When") -> bool:
        return self.first <= other.last and other.first <= self.last


@lru_cache(maxsize=4096)
def parse(text: str) -> When:
    """Read an EDTF date that says which days it may span: a point or a closed interval, of level 0, 1 or 2.

    Raises ValueError with a sentence that says what is off.
    """
    points = _points(text)
    if not 1 <= len(points) <= 2 or not _well_marked(text):
        raise ValueError(_whats_off(text))
    try:
        ends = [_span(point) for point in points]
    except ValueError:
        raise ValueError(_whats_off(text)) from None
    (first, _, _), (_, last, _) = ends[0], ends[-1]
    if last < first:
        raise ValueError(f"{text!r} ends before it begins; the earlier date comes first")
    precision = min((end[2] for end in ends), key=_COARSEST_FIRST.index)  # nothing is told more exactly than known
    return When(text, first, last, precision, "~" in text or "%" in text, "?" in text or "%" in text)


def say(text: str) -> str:
    """An EDTF date in words: `5 March 1953`, `July 1906`, `about 1940`, `1932 to 1933`, `perhaps the 1930s`."""
    parse(text)
    hedges = [_hedge(end) for end in text.split("/")]
    if len(set(hedges)) == 1:
        hedges[1:] = [""] * (len(hedges) - 1)
    return " to ".join(hedge + _say_point(point) for hedge, point in zip(hedges, _points(text), strict=True))


def _points(text: str) -> list[re.Match[str]]:
    """The one or two points of a date without their marks; none where a part of it is no point."""
    points = [_POINT.fullmatch(end) for end in _MARKS.sub("", text).split("/")]
    return [] if None in points else [point for point in points if point]


def _hedge(end: str) -> str:
    return "about " if "~" in end or "%" in end else "perhaps " if "?" in end else ""


def _say_point(point: re.Match[str]) -> str:
    if point["century"]:
        return f"the {_ordinal(int(point['century']) + 1)} century"
    if point["decade"]:
        return f"the {int(point['decade'])}0s"
    year, month, day = int(point["year"]), int(point["month"] or 0), point["day"]
    name = _SEASONS.get(month) or ("", *MONTHS)[month]
    return " ".join(part for part in (str(int(day)) if day and day != "XX" else "", name, str(year)) if part)


def _ordinal(number: int) -> str:
    suffix = "th" if 10 < number % 100 < 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def _span(point: re.Match[str]) -> tuple[dt.date, dt.date, Precision]:
    """The first and the last day of a point. Raises ValueError where the calendar has no such day."""
    if point["century"]:
        return dt.date(int(point["century"] + "00"), 1, 1), dt.date(int(point["century"] + "99"), 12, 31), "century"
    if point["decade"]:
        return dt.date(int(point["decade"] + "0"), 1, 1), dt.date(int(point["decade"] + "9"), 12, 31), "decade"
    year, month, day = int(point["year"]), point["month"], point["day"]
    if not month:
        return dt.date(year, 1, 1), dt.date(year, 12, 31), "year"
    if int(month) in _SEASONS and not day:
        begin = 3 * (int(month) - 20)  # spring begins in March; winter ends in the next year's February
        end = (year, begin + 2) if begin < 12 else (year + 1, 2)
        return dt.date(year, begin, 1), _last_of_month(*end), "season"
    if not day or day == "XX":
        return dt.date(year, int(month), 1), _last_of_month(year, int(month)), "month"
    return (date := dt.date(year, int(month), int(day))), date, "day"


def _last_of_month(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _well_marked(text: str) -> bool:
    """Whether its ~ ? % stand where EDTF has them: at most one at each end, or as level 2 allows."""
    marks = _MARKS.findall(text)
    if len(marks) == sum(bool(_MARKS.match(end[-1:])) for end in text.split("/")):
        return True
    import edtf  # here, for it takes 45 ms to import and 6 ms a date, and such dates are rare

    try:
        edtf.parse_edtf(text)
    except edtf.EDTFParseException:
        return False
    return True


def _whats_off(text: str) -> str:
    if ".." in text or text.startswith("/") or text.endswith("/"):
        return f"{text!r} is open at an end; give it a beginning and an end: 1930/1935"
    if found := re.search(r"([0-9]{4})-XX", text):
        return f"{text!r} leaves the month open; write the year alone ({found[1]}), or the month too"
    if text[:1] in ("[", "{"):
        return f"{text!r} is a set of dates; write the span that they lie in: 1932/1933"
    return f"{text!r} is not a date in EDTF; write 1953-03-05, 1906-07, 1906, 1932/1933, 1940~, 193X or 1920-08-XX"


@dataclass(frozen=True)
class Mentioned:
    """A date as a message names it; parts that it leaves out are None. It may only bound a time: `before 1930`."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    bound: Literal["before", "after"] | None = None

    def fits(self, when: When) -> bool:
        """Whether an event of that date may be meant: no part disagrees, and a day fits only what is dated to the day.

        Of an interval between two days, these two fit. A bound fits what lies on its side, the year itself included.
        """
        if self.year is not None and self.bound:
            return when.first.year <= self.year if self.bound == "before" else when.last.year >= self.year
        if self.year is not None and self.year not in when.years:
            return False
        if self.month is not None:
            begin, end = (when.first.year, when.first.month), (when.last.year, when.last.month)
            years = when.years if self.year is None else (self.year,)
            if not 1 <= self.month <= 12 or not any(begin <= (year, self.month) <= end for year in years):
                return False
        return self.day is None or (
            when.precision == "day" and any(self._is_part_of(date) for date in (when.first, when.last))
        )

    def _is_part_of(self, date: dt.date) -> bool:
        return self.year in (None, date.year) and self.month in (None, date.month) and self.day in (None, date.day)


_NAMED = "|".join(f"{m.lower()}|{m[:3].lower()}" for m in MONTHS) + "|sept"
_DAY = r"(?P<d>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"[12]\d{3}|'?[3-9]\d"
_IN_TEXT = (
    re.compile(r"\b(?P<y>[12]\d{3})-(?P<m>[01]\d)(?:-(?P<d>[0-3]\d))?\b"),
    re.compile(r"\b(?P<d>[0-3]?\d)[./](?P<m>[01]?\d)[./](?P<y>[12]\d{3})\b"),
    re.compile(r"\b(?P<m>[01]?\d)/(?P<d>[0-3]?\d)/(?P<y>[12]\d{3})\b"),  # where the first can't be a day's number
    re.compile(rf"\b(?:the )?{_DAY}(?: of)? (?P<n>{_NAMED})\b\.?(?:,? ?(?:of )?(?P<y>{_YEAR})\b)?"),
    re.compile(rf"\b(?P<n>{_NAMED})\.? (?:the )?{_DAY}\b(?!\d)(?:,? (?:of )?(?P<y>{_YEAR})\b)?"),
    re.compile(rf"\b(?P<n>{_NAMED})\.?,?(?: of| in)? (?P<y>{_YEAR})\b"),
    re.compile(rf"\b(?P<n>{'|'.join(m.lower() for m in MONTHS if m != 'May')}|in may|of may|aug|sept|oct|nov|dec)\b"),
    re.compile(r"\b(?P<y>1[0-9]\d\d|20\d\d)\b"),
    re.compile(r"(?<!\w)(?P<y>'\d\d)\b"),
)
_BOUND = re.compile(r"\b(?:(?P<before>before|until|till|by|up to|prior to)|(?P<after>after|since)) (?:the )?$")


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
            if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
                continue
            year = year + 1900 if year and year < 100 else year
            found.append((match.start(), Mentioned(year, month, day, _bound(text[: match.start()]))))
            taken.append(match.span())
    return [date for _, date in sorted(found, key=lambda f: f[0])]


def _bound(before: str) -> Literal["before", "after"] | None:
    """Whether the words before a date make it a bound."""
    match = _BOUND.search(before[-20:])
    return None if match is None else "before" if match["before"] else "after"


def _month(name: str | None) -> int | None:
    if not name:
        return None
    return next(n for n, m in enumerate(MONTHS, 1) if m.lower().startswith(name.split()[-1][:3]))
