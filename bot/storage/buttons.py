"""Answers that carry buttons, kept so that a press is understood after a restart."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import answers


async def keep_answer(connection: AsyncConnection, key: str, chat_id: int, answer: str, now: float) -> None:
    """Keep an answer (JSON text of the service's) under the key that its buttons carry."""
    await connection.execute(answers.insert().values(id=key, chat_id=chat_id, answer=answer, created_at=now))


async def kept_answer(connection: AsyncConnection, key: str, chat_id: int, since: float) -> str | None:
    """The answer behind a button of that chat, or None where it is another chat's or was kept before `since`."""
    row = await connection.execute(
        select(answers.c.answer).where(answers.c.id == key, answers.c.chat_id == chat_id, answers.c.created_at >= since)
    )
    return row.scalar_one_or_none()


async def drop_answers_older(connection: AsyncConnection, than: float) -> None:
    """Drop every answer that was kept before `than` (epoch seconds)."""
    await connection.execute(delete(answers).where(answers.c.created_at < than))
