"""What the buttons under days, timelines, settings and quizzes carry: all that they need, in Telegram's 64 bytes."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.services.scores import SPANS, Span

LONGEST_DATA = 64  # bytes
LAST_MINUTE = 24 * 60 - 1

DayAction: TypeAlias = Literal["show", "sources", "about"]
_DAY_ACTIONS: dict[str, DayAction] = {"d": "show", "n": "sources", "a": "about"}
_DAY = re.compile(r"([dna]):([12]\d{3})(\d\d)(\d\d)(?::(\S+))?", re.ASCII)

SettingAction: TypeAlias = Literal[
    "set", "city", "weekday", "silent", "quiz", "hours", "zones", "card", "end", "resume"
]
_SETTING = re.compile(
    r"p:(?:(?P<set>set):(?P<minute>\d{0,4}):(?P<zone>[\w/+-]*)|(?P<city>city):(?P<for>\d{0,4})|"
    r"(?P<weekday>weekday):(?P<number>[0-6]):(?P<kept>[01])|(?P<flag>silent|quiz):(?P<on>[01])|"
    r"(?P<other>hours|zones|card|end|resume))",
    re.ASCII,
)

MOST_MARKS = 6  # that a button has room for
_MARK = re.compile(r"[\w-]{8}", re.ASCII)
_REPORT = re.compile(
    r"r:(?:(?P<key>[\w-]{12})?|f:(?P<marks>(?:[\w-]{8}){1,6})|(?P<verdict>fix|restore):(?P<mark>[\w-]{8}))", re.ASCII
)


@dataclass(frozen=True)
class DayPress:
    """A press under a day's page; `entity` is what more is asked about, `marks` are of the facts that the page tells.

    A page may be made anew later without facts that are put aside meanwhile: its sources are of what it told.
    """

    action: DayAction
    date: dt.date
    entity: str = ""
    marks: tuple[str, ...] = ()

    def data(self) -> str:
        """As callback data."""
        letter = next(letter for letter, action in _DAY_ACTIONS.items() if action == self.action)
        more = self.entity or "".join(self.marks)
        return f"{letter}:{self.date:%Y%m%d}" + (f":{more}" if more else "")


@dataclass(frozen=True)
class SettingPress:
    """A press in the settings of a daily post, or on the way to one.

    `set` wishes for a time and a zone, None where that stays open; `on` is what a switch is to be, never "the other".
    """

    action: SettingAction
    minute: int | None = None
    zone: str | None = None
    weekday: int = 0
    on: bool = False

    def data(self) -> str:
        """As callback data."""
        minute = "" if self.minute is None else self.minute
        match self.action:
            case "set":
                return f"p:set:{minute}:{self.zone or ''}"
            case "city":
                return f"p:city:{minute}"
            case "weekday":
                return f"p:weekday:{self.weekday}:{self.on:d}"
            case "silent" | "quiz":
                return f"p:{self.action}:{self.on:d}"
            case _:
                return f"p:{self.action}"


@dataclass(frozen=True)
class TimelinePress:
    """A press for the words of the timeline that was asked for so."""

    asked: str

    def data(self) -> str:
        """As callback data."""
        return f"t:{self.asked}"


@dataclass(frozen=True)
class BoardPress:
    """A press for the score board over another span of time."""

    span: Span

    def data(self) -> str:
        """As callback data."""
        return f"l:{self.span}"


@dataclass(frozen=True)
class NamePress:
    """A press of somebody who wants to be named on score boards, or not to be."""

    is_hidden: bool

    def data(self) -> str:
        """As callback data."""
        return f"l:{'hide' if self.is_hidden else 'show'}"


@dataclass(frozen=True)
class ReportPress:
    """A press that says that something is wrong: the facts with these marks, else an answer by its key, else the
    question in the message.
    """

    key: str = ""
    marks: tuple[str, ...] = ()  # of facts, as the desk's `mark_of` makes them; at most `MOST_MARKS`

    def data(self) -> str:
        """As callback data."""
        return f"r:f:{''.join(self.marks)}" if self.marks else f"r:{self.key}"


DeskAction: TypeAlias = Literal["fix", "restore"]


@dataclass(frozen=True)
class DeskPress:
    """An owner's verdict on the fact with this mark."""

    action: DeskAction
    mark: str

    def data(self) -> str:
        """As callback data."""
        return f"r:{self.action}:{self.mark}"


ReviewAction: TypeAlias = Literal["begin", "skip", "end"]
_REVIEW = re.compile(r"v:(begin|skip|end)", re.ASCII)


@dataclass(frozen=True)
class ReviewPress:
    """A press that begins a review or goes on with it, passes over its open question, or ends it."""

    action: ReviewAction

    def data(self) -> str:
        """As callback data."""
        return f"v:{self.action}"


QuizAction: TypeAlias = Literal["skip", "stop", "again", "about", "open"]
_QUIZ = re.compile(
    r"q:(?:(?P<skip>skip):(?P<asked>\d{1,18}):(?P<position>\d{1,3})|(?P<action>stop|again):(?P<round>\d{1,18})|"
    r"(?P<about>about):(?P<entity>\S+)|(?P<open>open))",
    re.ASCII,
)


@dataclass(frozen=True)
class QuizPress:
    """A press for a quiz: in a round by its id, or for a new one about an entity or about anything."""

    action: QuizAction
    round_id: int = 0
    position: int = 0  # of the question that is to be skipped
    entity: str = ""

    def data(self) -> str:
        """As callback data."""
        match self.action:
            case "skip":
                return f"q:skip:{self.round_id}:{self.position}"
            case "stop" | "again":
                return f"q:{self.action}:{self.round_id}"
            case "about":
                return f"q:about:{self.entity}"
            case "open":
                return "q:open"


Press: TypeAlias = (
    DayPress | SettingPress | TimelinePress | BoardPress | NamePress | ReportPress | DeskPress | ReviewPress | QuizPress
)


def fits(press: Press) -> bool:
    """Whether a button can carry it."""
    return len(press.data().encode()) <= LONGEST_DATA


def read(data: str) -> Press | None:
    """What callback data says; None for any that none of our buttons carries."""
    if match := _DAY.fullmatch(data):
        return _day(match)
    if match := _SETTING.fullmatch(data):
        return _setting(match)
    if match := _QUIZ.fullmatch(data):
        return _quiz(match)
    if data.startswith("l:"):
        return _on_board(data[2:])
    if match := _REVIEW.fullmatch(data):
        actions: tuple[ReviewAction, ...] = ("begin", "skip", "end")
        return ReviewPress(next(action for action in actions if action == match[1]))
    if data.startswith("t:"):
        return TimelinePress(data[2:])
    return _report(data)


def _report(data: str) -> ReportPress | DeskPress | None:
    match = _REPORT.fullmatch(data)
    if match is None:
        return None
    if match["verdict"]:
        return DeskPress("fix" if match["verdict"] == "fix" else "restore", match["mark"])
    return ReportPress(match["key"] or "", _marks(match["marks"] or ""))


def _marks(joined: str) -> tuple[str, ...]:
    return tuple(joined[n : n + 8] for n in range(0, len(joined), 8))


def _day(match: re.Match[str]) -> DayPress | None:
    letter, year, month, day, more = match.groups()
    action = _DAY_ACTIONS[letter]
    if action == "sources":
        entity, marks = "", _marks(more or "")
    else:
        entity, marks = more or "", ()
    if (action == "about") != bool(entity) or not all(_MARK.fullmatch(mark) for mark in marks):
        return None
    try:
        return DayPress(action, dt.date(int(year), int(month), int(day)), entity, marks)
    except ValueError:
        return None


def _setting(match: re.Match[str]) -> SettingPress | None:
    minute = match["minute"] or match["for"]
    wished = int(minute) if minute else None
    if wished is not None and wished > LAST_MINUTE:
        return None
    if match["set"]:
        return SettingPress("set", wished, match["zone"] or None)
    if match["city"]:
        return SettingPress("city", wished)
    if match["weekday"]:
        return SettingPress("weekday", weekday=int(match["number"]), on=match["kept"] == "1")
    if match["flag"]:
        return SettingPress("silent" if match["flag"] == "silent" else "quiz", on=match["on"] == "1")
    return SettingPress(_other(match["other"]))


def _quiz(match: re.Match[str]) -> QuizPress:
    if match["skip"]:
        return QuizPress("skip", int(match["asked"]), int(match["position"]))
    if match["about"]:
        return QuizPress("about", entity=match["entity"])
    if match["open"]:
        return QuizPress("open")
    return QuizPress("stop" if match["action"] == "stop" else "again", int(match["round"]))


def _on_board(name: str) -> BoardPress | NamePress | None:
    if name in ("hide", "show"):
        return NamePress(name == "hide")
    return next((BoardPress(span) for span in SPANS if span == name), None)


def _other(name: str) -> SettingAction:
    actions: tuple[SettingAction, ...] = ("hours", "zones", "card", "end", "resume")
    return next(action for action in actions if action == name)
