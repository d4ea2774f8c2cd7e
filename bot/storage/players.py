"""People who played lately, as score boards name them."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import players

LONGEST_NAME = 64  # characters; Telegram's own limit for a first name


async def note(connection: AsyncConnection, user_id: int, name: str, now: float) -> None:
    """Somebody plays under this name; of those who hide, the name is not kept."""
    insert = sqlite.insert(players) if connection.dialect.name == "sqlite" else postgresql.insert(players)
    known = {"user_id": user_id, "name": name[:LONGEST_NAME], "is_hidden": False, "seen_at": now}
    again = insert.values(known).on_conflict_do_update(index_elements=["user_id"], set_={"seen_at": now})
    await connection.execute(again)
    shown = players.c.user_id == user_id, players.c.is_hidden.is_(False)
    await connection.execute(update(players).where(*shown).values(name=name[:LONGEST_NAME]))


async def names(connection: AsyncConnection, user_ids: Iterable[int]) -> Mapping[int, str | None]:
    """What to call these players; None for one who hides. Those who are not known are left out."""
    chosen = select(players).where(players.c.user_id.in_(list(user_ids)))
    return {row.user_id: None if row.is_hidden else row.name for row in await connection.execute(chosen)}


async def forget_before(connection: AsyncConnection, moment: float) -> None:
    """Forget those who have not played since."""
    await connection.execute(delete(players).where(players.c.seen_at < moment))
