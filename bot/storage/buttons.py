"""Answers that carry buttons, kept so that a press is understood after a restart."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import answers


async def keep_answer(connection: AsyncConnection, key: str, chat_id: int, answer: str, now: float) -> None:
    await connection.execute(answers.insert().values(id=key, chat_id=chat_id, answer=answer, created_at=now))


async def kept_answer(connection: AsyncConnection, key: str, chat_id: int) -> str | None:
    """The answer behind a button of that chat, or None where it is too old or another chat's."""
    row = await connection.execute(select(answers.c.answer).where(answers.c.id == key, answers.c.chat_id == chat_id))
    return row.scalar_one_or_none()


async def drop_answers_older(connection: AsyncConnection, than: float) -> None:
    await connection.execute(delete(answers).where(answers.c.created_at < than))
