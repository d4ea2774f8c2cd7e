"""Presses in a review."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

PATTERN = "^v:"
ReviewAction: TypeAlias = Literal["begin", "skip", "end"]
ACTIONS: tuple[ReviewAction, ...] = get_args(ReviewAction)


@dataclass(frozen=True)
class ReviewPress:
    """A press that begins a review or goes on with it, passes over its open question, or ends it."""

    action: ReviewAction

    def data(self) -> str:
        """As callback data."""
        return f"v:{self.action}"


def read(data: str) -> ReviewPress | None:
    """What callback data says."""
    return next((press for press in map(ReviewPress, ACTIONS) if press.data() == data), None)
