"""What all presses have in common: they travel in callback data, which is short."""

from typing import Protocol

LONGEST_DATA = 64  # bytes


class Press(Protocol):
    """What a button carries."""

    def data(self) -> str:
        """As callback data."""


def fits(press: Press) -> bool:
    """Whether a button can carry it."""
    return len(press.data().encode()) <= LONGEST_DATA
