"""Presses that begin a round of questions, skip one or stop."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

PATTERN = "^q:"
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


def read(data: str) -> QuizPress | None:
    """What callback data says."""
    match = _QUIZ.fullmatch(data)
    if match is None:
        return None
    if match["skip"]:
        return QuizPress("skip", int(match["asked"]), int(match["position"]))
    if match["about"]:
        return QuizPress("about", entity=match["entity"])
    if match["open"]:
        return QuizPress("open")
    return QuizPress("stop" if match["action"] == "stop" else "again", int(match["round"]))
