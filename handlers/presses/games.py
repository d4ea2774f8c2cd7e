"""Presses in games in messages that were sent inline."""

import re
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from handlers.presses.callback_data import fits
from knowledge.quiz import Difficulty
from knowledge.quiz_wish import MOST, Wish

PATTERN = "^g:"
GameAction: TypeAlias = Literal["answer", "reveal", "next", "wake", "rematch", "report"]
_ACTIONS: dict[str, GameAction] = {
    "a": "answer",
    "r": "reveal",
    "n": "next",
    "w": "wake",
    "m": "rematch",
    "f": "report",
}
_LETTERS = {action: letter for letter, action in _ACTIONS.items()}
_PRESS = re.compile(r"g:([arnwmf]):([1-9]\d{0,5})(?::(\d))?", re.ASCII)
_DIFFICULTIES: dict[str, Difficulty | None] = {"": None, "e": "easy", "m": "medium", "h": "hard"}
_BEGIN = re.compile(r"g:b:([1-9]\d?):([emh]?):((?:\d{4})?):(\S*)", re.ASCII)


@dataclass(frozen=True)
class GamePress:
    """A press in a game; `number` is of the question that the button was shown under, in its message."""

    action: GameAction
    number: int
    option: int = 0

    def data(self) -> str:
        """As callback data."""
        return f"g:{_LETTERS[self.action]}:{self.number}" + (f":{self.option}" if self.action == "answer" else "")


@dataclass(frozen=True)
class BeginPress:
    """A press that begins the game that a message offers."""

    wish: Wish

    def data(self) -> str:
        """As callback data."""
        wish = self.wish
        return f"g:b:{wish.n}:{(wish.difficulty or '')[:1]}:{wish.year or ''}:{','.join(wish.about)}"


def read(data: str) -> GamePress | BeginPress | None:
    """What callback data says."""
    if match := _PRESS.fullmatch(data):
        action = _ACTIONS[match[1]]
        is_answer = action == "answer"
        return GamePress(action, int(match[2]), int(match[3] or 0)) if is_answer == bool(match[3]) else None
    match = _BEGIN.fullmatch(data)
    if match is None or int(match[1]) > MOST:
        return None
    about = tuple(entity for entity in match[4].split(",") if entity)
    return BeginPress(Wish(int(match[1]), _DIFFICULTIES[match[2]], int(match[3]) if match[3] else None, about))


def that_fits(wish: Wish) -> Wish | None:
    """The wish with as many of its topics as a button carries, whatever the number; None where that is none."""
    fitting = wish
    while not fits(BeginPress(replace(fitting, n=MOST))):
        fitting = replace(fitting, about=fitting.about[:-1])
    return fitting if fitting.about or not wish.about else None
