"""What users report as wrong, and what is put aside for it."""

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import reports
from bot.storage.database import reading


class Feedback:
    """Reports, and the facts that are neither asked nor posted for them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.withheld: frozenset[str] = frozenset()  # facts that are put aside

    async def load(self) -> None:
        """Read at the start what is put aside."""
        async with reading(self._engine) as connection:
            self.withheld = await reports.withheld_facts(connection)
