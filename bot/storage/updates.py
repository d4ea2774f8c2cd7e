"""Which of Telegram's updates were handled already."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import handled_updates


async def handled(connection: AsyncConnection, update_ids: Collection[int]) -> frozenset[int]:
    """Those of some updates that `mark_handled` was told of."""
    chosen = select(handled_updates.c.update_id).where(handled_updates.c.update_id.in_(update_ids))
    return frozenset((await connection.execute(chosen)).scalars())


async def mark_handled(connection: AsyncConnection, update_ids: Collection[int], now: float) -> None:
    """Remember updates; once is enough."""
    is_sqlite = connection.dialect.name == "sqlite"
    insert = sqlite.insert(handled_updates) if is_sqlite else postgresql.insert(handled_updates)
    rows = [{"update_id": update_id, "handled_at": now} for update_id in sorted(set(update_ids))]
    await connection.execute(insert.values(rows).on_conflict_do_nothing())


async def forget_handled_before(connection: AsyncConnection, than: float) -> None:
    """Forget the updates that were handled before `than` (epoch seconds)."""
    await connection.execute(delete(handled_updates).where(handled_updates.c.handled_at < than))
