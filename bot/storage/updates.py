"""Which of Telegram's updates were handled already."""

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import handled_updates


async def was_handled(connection: AsyncConnection, update_id: int) -> bool:
    """Whether `mark_handled` was told of an update."""
    row = await connection.execute(select(handled_updates.c.update_id).where(handled_updates.c.update_id == update_id))
    return row.scalar_one_or_none() is not None


async def mark_handled(connection: AsyncConnection, update_id: int, now: float) -> None:
    """Remember an update; once is enough."""
    try:
        async with connection.begin_nested():
            await connection.execute(handled_updates.insert().values(update_id=update_id, handled_at=now))
    except IntegrityError:
        return


async def forget_handled_before(connection: AsyncConnection, than: float) -> None:
    """Forget the updates that were handled before `than` (epoch seconds)."""
    await connection.execute(delete(handled_updates).where(handled_updates.c.handled_at < than))
