"""What users say is wrong, and which facts are put aside."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import withheld


async def withheld_facts(connection: AsyncConnection) -> frozenset[str]:
    """The facts that are put aside."""
    return frozenset((await connection.execute(select(withheld.c.fact))).scalars())
