"""What the buttons under days, timelines, settings and quizzes carry: all that they need, in Telegram's 64 bytes."""

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


Press: TypeAlias = DayPress | SettingPress | TimelinePress | ReportPress | QuizPress


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


def _quiz(match: re.Match[str]) -> QuizPress:
    if match["skip"]:
        return QuizPress("skip", int(match["asked"]), int(match["position"]))
    if match["about"]:
        return QuizPress("about", entity=match["entity"])
    if match["open"]:
        return QuizPress("open")
    return QuizPress("stop" if match["action"] == "stop" else "again", int(match["round"]))


def _other(name: str) -> SettingAction:
    actions: tuple[SettingAction, ...] = ("hours", "zones", "card", "end", "resume")
    return next(action for action in actions if action == name)
