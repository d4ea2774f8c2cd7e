"""Timelines on demand: the events are chosen and drawn beside the bot's other work."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bot.services.library import Library
from bot.services.pictures import draw_timeline
from knowledge.timeline import NoTimeline, Timeline, timeline

DRAWN_AT_ONCE = 1  # a picture takes a third of a second of a processor and 30 MB; answers need what is left


@dataclass(frozen=True)
class Drawn:
    """A timeline with its picture, a PNG."""

    timeline: Timeline
    picture: bytes


class Timelines:
    """The timelines that people ask for."""

    def __init__(self, library: Library, withheld: Callable[[], frozenset[str]] = frozenset) -> None:
        """`withheld` tells which facts are put aside."""
        self._library = library
        self._withheld = withheld
        self._room = asyncio.Semaphore(DRAWN_AT_ONCE)

    def told(self, asked: str) -> Timeline | NoTimeline:
        """The timeline of a year, a span, a person, place or event."""
        return timeline(self._library.anniversaries, asked, without=self._withheld())

    def example(self) -> str:
        """Something to ask for: a year that the documents tell much of."""
        years = Counter(c.dated.first.year for c in self._library.anniversaries.tellable.values() if c.when)
        return str(years.most_common(1)[0][0]) if years else "1900"

    async def drawn(self, found: Timeline) -> Drawn:
        """The same with its picture."""
        async with self._room:
            return Drawn(found, await asyncio.to_thread(draw_timeline, found))
