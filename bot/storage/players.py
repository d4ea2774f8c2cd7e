"""People who played lately, as score boards name them."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import players

LONGEST_NAME = 64  # characters; Telegram's own limit for a first name


async def note(connection: AsyncConnection, user_id: int, name: str, now: float) -> None:
    """Somebody plays under this name; of those who hide, the name is not kept."""
    known = {"user_id": user_id, "name": name[:LONGEST_NAME], "is_hidden": False, "seen_at": now}
    again = _insert(connection).values(known).on_conflict_do_update(index_elements=["user_id"], set_={"seen_at": now})
    await connection.execute(again)
    shown = players.c.user_id == user_id, players.c.is_hidden.is_(False)
    await connection.execute(update(players).where(*shown).values(name=name[:LONGEST_NAME]))


async def set_hidden(connection: AsyncConnection, user_id: int, name: str, hidden: bool, now: float) -> None:
    """How somebody is shown from now on; of those who hide, the name is dropped."""
    shown = {"name": "" if hidden else name[:LONGEST_NAME], "is_hidden": hidden, "seen_at": now}
    known = _insert(connection).values({"user_id": user_id} | shown)
    await connection.execute(known.on_conflict_do_update(index_elements=["user_id"], set_=shown))


async def is_hidden(connection: AsyncConnection, user_id: int) -> bool:
    """Whether somebody hides."""
    return bool((await connection.execute(select(players.c.is_hidden).where(players.c.user_id == user_id))).scalar())


async def names(connection: AsyncConnection, user_ids: Iterable[int]) -> Mapping[int, str | None]:
    """What to call these players; None for one who hides. Those who are not known are left out."""
    chosen = select(players).where(players.c.user_id.in_(list(user_ids)))
    return {row.user_id: None if row.is_hidden else row.name for row in await connection.execute(chosen)}


async def forget_before(connection: AsyncConnection, moment: float) -> None:
    """Forget those who have not played since; but not the wish to hide, or who comes back would be named."""
    gone = players.c.seen_at < moment, players.c.is_hidden.is_(False)
    await connection.execute(delete(players).where(*gone))


def _insert(connection: AsyncConnection) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(players) if connection.dialect.name == "sqlite" else postgresql.insert(players)
