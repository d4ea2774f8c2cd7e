"""What players earned in a chat, by the chat's own dates."""

import datetime as dt

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import scores


async def add(
    connection: AsyncConnection,
    chat_id: int,
    user_id: int,
    local_date: dt.date,
    *,
    is_right: bool,
    seconds: float,
    of_day: bool = False,
) -> None:
    """Count an answer; `of_day`: to the question of that date."""
    insert = sqlite.insert(scores) if connection.dialect.name == "sqlite" else postgresql.insert(scores)
    earned = {
        "answered": 1,
        "right": int(is_right),
        "seconds": seconds if is_right else 0.0,
        "of_day": is_right if of_day else None,
    }
    sums = {name: scores.c[name] + earned[name] for name in ("answered", "right", "seconds")}
    counted = insert.values({"chat_id": chat_id, "user_id": user_id, "local_date": local_date} | earned)
    await connection.execute(
        counted.on_conflict_do_update(
            index_elements=["chat_id", "user_id", "local_date"],
            set_=sums | ({"of_day": is_right} if of_day else {}),
        )
    )
