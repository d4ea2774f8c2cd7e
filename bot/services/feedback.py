"""What users report as wrong, and what is put aside for it.

A report counts once per user and fact, and is settled once, by an owner. All of it is in the database before anybody
is answered.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from enum import Enum

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import reports
from bot.storage.database import lasting, reading
from bot.storage.reports import About, Opened, Verdict, Verdicted

__all__ = ["About", "Feedback", "Opened", "Reported", "Verdict", "Verdicted"]

ENOUGH = 3  # users who report a fact until it is put aside: one may err, and two may be friends
MOST_A_DAY = 20  # facts that one user can report in 24 hours, so that nobody empties the quiz alone
DAY_SECONDS = 24 * 3600
SETTLED_SECONDS = 60 * DAY_SECONDS  # for which a settled report is kept
OPEN_SECONDS = 400 * DAY_SECONDS  # for which an open one is

log = logging.getLogger(__name__)


class Reported(Enum):
    """What a report has led to."""

    NOTED = "kept, to be checked"
    ASIDE = "the fact is put aside"
    ALREADY = "the same user has reported it before"
    TOO_MANY = "not kept: enough for one day"


class Feedback:
    """Reports, and the facts that are neither asked nor posted for them."""

    def __init__(
        self, engine: AsyncEngine, owners: Collection[int] = frozenset(), clock: Callable[[], float] = time.time
    ) -> None:
        """`owners` are the users whose single report puts a fact aside."""
        self.withheld: frozenset[str] = frozenset()  # facts that are put aside
        self.owners = frozenset(owners)
        self._engine = engine
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()  # so that of reports that come together the last one sees the others

    async def load(self) -> None:
        """Read at the start what is put aside."""
        async with reading(self._engine) as connection:
            self.withheld = await reports.withheld_facts(connection)

    async def report(self, fact: str, user_id: int, about: About) -> Reported:
        """Somebody says that a fact is wrong, having seen it as a question or in an answer."""
        now, is_owner = self._clock(), user_id in self.owners
        async with self._one_at_a_time:
            async with lasting(self._engine) as connection:
                if not is_owner and await reports.count_since(connection, user_id, now - DAY_SECONDS) >= MOST_A_DAY:
                    is_known = await reports.has_reported(connection, fact, user_id)
                    return Reported.ALREADY if is_known else Reported.TOO_MANY
                is_new = await reports.add(connection, fact, user_id, about, now)
                enough = is_owner or await reports.open_reporters(connection, fact) >= ENOUGH
                if enough and fact not in self.withheld:
                    await reports.withhold(connection, fact, "owner" if is_owner else "reports", now)
            if enough and fact not in self.withheld:
                self.withheld |= {fact}
                log.info("%s is put aside: %s", fact, "an owner reported it" if is_owner else f"{ENOUGH} reports")
        if not is_new and not is_owner:
            return Reported.ALREADY
        return Reported.ASIDE if fact in self.withheld else Reported.NOTED

    async def settle(self, fact: str, verdict: Verdict) -> int:
        """An owner's verdict on a fact: `right` puts it aside, `unfounded` takes it back; how many reports it settles.

        A verdict on a fact without open reports changes only whether it is put aside.
        """
        now = self._clock()
        async with self._one_at_a_time:
            async with lasting(self._engine) as connection:
                settled = await reports.settle(connection, fact, verdict, now)
                if verdict == "right":
                    await reports.withhold(connection, fact, "owner", now)
                    await reports.mark_owners_told(connection, fact, now)  # they have done it
                else:
                    await reports.release(connection, fact)
            self.withheld = self.withheld | {fact} if verdict == "right" else self.withheld - {fact}
        log.info("%s is %s, %d reports are settled", fact, "put aside" if verdict == "right" else "in use", settled)
        return settled

    async def opened(self) -> list[Opened]:
        """The facts with open reports, those reported last coming first."""
        async with reading(self._engine) as connection:
            return await reports.opened(connection)

    async def untold(self) -> list[Verdicted]:
        """The settled reports whose users haven't been told yet."""
        async with reading(self._engine) as connection:
            return await reports.untold(connection)

    async def claim(self, due: Verdicted) -> bool:
        """Record that a user is told, right before the attempt; False where it must not be made any more."""
        async with lasting(self._engine) as connection:
            return await reports.mark_told(connection, due.fact, due.user_id, self._clock())

    async def not_told(self, due: Verdicted) -> None:
        """What a user was to be told certainly did not arrive; it is due again."""
        async with self._engine.begin() as connection:
            await reports.unmark_told(connection, due.fact, due.user_id)

    async def untold_owners(self) -> list[str]:
        """The facts put aside of which the owners haven't been told yet; none where there are no owners."""
        if not self.owners:
            return []
        async with reading(self._engine) as connection:
            return await reports.untold_withheld(connection)

    async def claim_owners(self, fact: str) -> bool:
        """Record that the owners are told that a fact is put aside, right before the attempts; False as above."""
        async with lasting(self._engine) as connection:
            return await reports.mark_owners_told(connection, fact, self._clock())

    async def forget_old(self) -> None:
        """Forget reports past their time."""
        now = self._clock()
        async with self._engine.begin() as connection:
            await reports.forget_before(connection, now - SETTLED_SECONDS, now - OPEN_SECONDS)
