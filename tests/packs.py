"""The packs that tests ask from."""

from functools import lru_cache
from pathlib import Path

from bot.services.library import Library

LIGHTHOUSE = Path(__file__).parent / "bot" / "lighthouse"  # small: two of its keepers share a name, it has no questions
SHIPPED = Path(__file__).parents[1] / "knowledge" / "packs" / "stalin"


@lru_cache(maxsize=1)
def shipped() -> Library:
    """The pack that ships with the bot, without its documents; read once, since that takes a while."""
    return Library([SHIPPED])
