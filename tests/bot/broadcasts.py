"""A broadcast as the bot finds it: chats whose post is due now, and what became of each."""

import asyncio
import contextlib
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.playground import Person, Playground
from bot.services.subscriptions import EVERY_DAY
from bot.storage.database import migrate, open_database

PATIENCE_SECONDS = 120.0
UNSETTLED = ("due", "sending")


async def people(playground: Playground, number: int) -> list[Person]:
    """So many people, to whom the bot may write."""
    return [await playground.user(f"Reader {n}", started=True) for n in range(number)]


class Broadcast:
    """The database of a bot that isn't running yet, in which everybody's post has been due since this minute."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "footnote.db"

    async def prepare(self, chats: Sequence[int]) -> None:
        """Subscribe these chats."""
        engine = open_database(f"sqlite+aiosqlite:///{self._file}")
        await migrate(engine)
        await engine.dispose()
        due = int(time.time()) // 60 * 60
        minute = due // 60 % (24 * 60)
        rows = [(chat, 0, "UTC", minute, EVERY_DAY, False, False, due) for chat in chats]
        with contextlib.closing(sqlite3.connect(self._file, timeout=20)) as connection, connection:
            connection.executemany(
                "INSERT INTO subscriptions"
                " (chat_id, thread_id, zone, minute, weekdays, silent, daily_quiz, next_due)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )

    def states(self) -> dict[int, list[str]]:
        """The states of each chat's posts."""
        found: dict[int, list[str]] = {}
        with contextlib.closing(sqlite3.connect(self._file, timeout=20)) as connection:
            for chat, state in connection.execute("SELECT chat_id, state FROM posts"):
                found.setdefault(chat, []).append(state)
        return found

    def settled(self) -> int:
        """How many posts are over and done with."""
        return sum(state not in UNSETTLED for states in self.states().values() for state in states)

    async def until_settled(self, number: int) -> None:
        """Wait until so many posts are over and done with."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (settled := self.settled()) < number:
            assert time.monotonic() < deadline, f"the broadcast comes to no end: {settled} of {number} are settled"
            await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Tally:
    """What became of a broadcast, from the rows and from what stands in the chats."""

    chats: int
    states: Counter[str]
    received: int
    doubled: int  # chats that got it twice
    missing: int  # recorded as sent, but not there
    unrecorded: int  # there, but recorded as neither sent nor uncertain
    without_row: int

    @property
    def lost(self) -> int:
        """Posts that neither arrived nor are on record as uncertain."""
        return self.missing + self.without_row + sum(self.states[s] for s in (*UNSETTLED, "skipped", "failed"))


async def tally(playground: Playground, broadcast: Broadcast, readers: Sequence[Person]) -> Tally:
    """Count what everybody got, and hold it against the record."""
    states = broadcast.states()
    got = {r.id: sum(m.raw["from"]["is_bot"] for m in await playground.transcript(r.id)) for r in readers}
    recorded = {r.id: states.get(r.id, []) for r in readers}
    return Tally(
        chats=len(readers),
        states=Counter(state for found in recorded.values() for state in found),
        received=sum(number > 0 for number in got.values()),
        doubled=sum(number > 1 for number in got.values()),
        missing=sum(found == ["sent"] and not got[chat] for chat, found in recorded.items()),
        unrecorded=sum(bool(got[chat]) and not {"sent", "uncertain"} & set(found) for chat, found in recorded.items()),
        without_row=sum(not found for found in recorded.values()),
    )
