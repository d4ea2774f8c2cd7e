"""Presses under a day's page."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from handlers.presses import marks as marks_of_facts

PATTERN = "^[dna]:"
DayAction: TypeAlias = Literal["show", "sources", "about"]
_ACTIONS: dict[str, DayAction] = {"d": "show", "n": "sources", "a": "about"}
_LETTERS = {action: letter for letter, action in _ACTIONS.items()}
_DAY = re.compile(r"([dna]):([12]\d{3})(\d\d)(\d\d)(?::(\S+))?", re.ASCII)


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
        more = self.entity or "".join(self.marks)
        return f"{_LETTERS[self.action]}:{self.date:%Y%m%d}" + (f":{more}" if more else "")


def read(data: str) -> DayPress | None:
    """What callback data says."""
    match = _DAY.fullmatch(data)
    if match is None:
        return None
    letter, year, month, day, more = match.groups(default="")
    action = _ACTIONS[letter]
    entity, marks = ("", marks_of_facts.split(more)) if action == "sources" else (more, ())
    if (action == "about") != bool(entity) or marks is None:
        return None
    try:
        return DayPress(action, dt.date(int(year), int(month), int(day)), entity, marks)
    except ValueError:
        return None
