"""Presses under score boards, and about names on them."""

from dataclasses import dataclass

from bot.services.scores import SPANS, Span

PATTERN = "^l:"


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


def read(data: str) -> BoardPress | NamePress | None:
    """What callback data says."""
    match data:
        case "l:hide" | "l:show":
            return NamePress(data == "l:hide")
        case _:
            return next((press for press in map(BoardPress, SPANS) if press.data() == data), None)
