"""What the buttons under days, timelines and settings carry: all that they need, in Telegram's 64 bytes."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

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


@dataclass(frozen=True)
class DayPress:
    """A press under a day's page; `entity` is what more is asked about."""

    action: DayAction
    date: dt.date
    entity: str = ""

    def data(self) -> str:
        """As callback data."""
        letter = next(letter for letter, action in _DAY_ACTIONS.items() if action == self.action)
        return f"{letter}:{self.date:%Y%m%d}" + (f":{self.entity}" if self.entity else "")


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
class ReportPress:
    """A press that says that something is wrong: an answer by its key, or with none the question in the message."""

    key: str = ""

    def data(self) -> str:
        """As callback data."""
        return f"r:{self.key}"


ReviewAction: TypeAlias = Literal["begin", "skip", "end"]
_REVIEW = re.compile(r"v:(begin|skip|end)", re.ASCII)


@dataclass(frozen=True)
class ReviewPress:
    """A press that begins a review or goes on with it, passes over its open question, or ends it."""

    action: ReviewAction

    def data(self) -> str:
        """As callback data."""
        return f"v:{self.action}"


Press: TypeAlias = DayPress | SettingPress | TimelinePress | ReportPress | ReviewPress


def fits(press: Press) -> bool:
    """Whether a button can carry it."""
    return len(press.data().encode()) <= LONGEST_DATA


def read(data: str) -> Press | None:
    """What callback data says; None for any that none of our buttons carries."""
    if match := _DAY.fullmatch(data):
        return _day(match)
    if match := _SETTING.fullmatch(data):
        return _setting(match)
    if match := _REVIEW.fullmatch(data):
        actions: tuple[ReviewAction, ...] = ("begin", "skip", "end")
        return ReviewPress(next(action for action in actions if action == match[1]))
    if data.startswith("t:"):
        return TimelinePress(data[2:])
    return ReportPress(data[2:]) if data.startswith("r:") else None


def _day(match: re.Match[str]) -> DayPress | None:
    letter, year, month, day, entity = match.groups()
    action = _DAY_ACTIONS[letter]
    if (action == "about") != bool(entity):
        return None
    try:
        return DayPress(action, dt.date(int(year), int(month), int(day)), entity or "")
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


def _other(name: str) -> SettingAction:
    actions: tuple[SettingAction, ...] = ("hours", "zones", "card", "end", "resume")
    return next(action for action in actions if action == name)
