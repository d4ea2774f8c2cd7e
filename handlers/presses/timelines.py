"""Presses under the pictures of timelines."""

from dataclasses import dataclass

PATTERN = "^t:"


@dataclass(frozen=True)
class TimelinePress:
    """A press for the words of the timeline that was asked for so."""

    asked: str

    def data(self) -> str:
        """As callback data."""
        return f"t:{self.asked}"


def read(data: str) -> TimelinePress | None:
    """What callback data says."""
    return TimelinePress(data[2:]) if data.startswith("t:") else None
