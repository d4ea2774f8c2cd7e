"""Presses of those who report that something is wrong, and of owners who settle it."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from handlers.presses import marks

PATTERN = "^r:"
DeskAction: TypeAlias = Literal["fix", "restore"]
_REPORT = re.compile(
    r"r:(?:(?P<key>[\w-]{12})?|f:(?P<marks>(?:[\w-]{8}){1,6})|(?P<verdict>fix|restore):(?P<mark>[\w-]{8}))", re.ASCII
)


@dataclass(frozen=True)
class ReportPress:
    """A press that says that something is wrong: the facts with these marks, else an answer by its key, else the
    question in the message.
    """

    key: str = ""
    marks: tuple[str, ...] = ()  # at most `MOST_MARKS`

    def data(self) -> str:
        """As callback data."""
        return f"r:f:{''.join(self.marks)}" if self.marks else f"r:{self.key}"


@dataclass(frozen=True)
class DeskPress:
    """An owner's verdict on the fact with this mark."""

    action: DeskAction
    mark: str

    def data(self) -> str:
        """As callback data."""
        return f"r:{self.action}:{self.mark}"


def read(data: str) -> ReportPress | DeskPress | None:
    """What callback data says."""
    match = _REPORT.fullmatch(data)
    if match is None:
        return None
    if match["verdict"]:
        return DeskPress("fix" if match["verdict"] == "fix" else "restore", match["mark"])
    return ReportPress(match["key"] or "", marks.split(match["marks"] or "") or ())
