"""Presses under answers: Source, More, Why, and choices."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

AnswerAction: TypeAlias = Literal["source", "more", "why", "choose"]
_ACTIONS: dict[str, AnswerAction] = {"s": "source", "m": "more", "w": "why", "c": "choose"}
_LETTERS = {action: letter for letter, action in _ACTIONS.items()}
_ANSWER = re.compile(r"(?:[smw]:[\w-]{12}|c:[\w-]{12}:[0-9])", re.ASCII)


@dataclass(frozen=True)
class AnswerPress:
    """A press under an answer; `key` names the answer."""

    action: AnswerAction
    key: str
    number: int = 0  # of a choice

    def data(self) -> str:
        """As callback data."""
        return f"{_LETTERS[self.action]}:{self.key}" + (f":{self.number}" if self.action == "choose" else "")


def read(data: str) -> AnswerPress | None:
    """What callback data says."""
    if not _ANSWER.fullmatch(data):
        return None
    letter, key, *number = data.split(":")
    return AnswerPress(_ACTIONS[letter], key, *map(int, number))
