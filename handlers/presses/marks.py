"""Marks of facts on buttons, as the desk's `mark_of` makes them."""

import re

MOST_MARKS = 6  # that a button has room for
_LENGTH = 8  # characters of a mark
_MARKS = re.compile(rf"(?:[\w-]{{{_LENGTH}}})*", re.ASCII)


def split(joined: str) -> tuple[str, ...] | None:
    """The marks that stand one after the other; None where these are no marks."""
    if not _MARKS.fullmatch(joined):
        return None
    return tuple(joined[n : n + _LENGTH] for n in range(0, len(joined), _LENGTH))
