"""Presses in the settings of a daily post, or on the way to one."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

PATTERN = "^p:"
LAST_MINUTE = 24 * 60 - 1
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
class SettingPress:
    """A press in the settings.

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


def read(data: str) -> SettingPress | None:
    """What callback data says."""
    match = _SETTING.fullmatch(data)
    if match is None:
        return None
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
