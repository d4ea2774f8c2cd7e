"""What each conversation was last about, as JSON text that the service reads and writes."""

from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import answers, conversations


@dataclass(frozen=True)
class Conversation:
    """One person's conversation in one chat or topic (`thread_id` 0 where a chat has none)."""

    chat_id: int
    thread_id: int
    user_id: int


async def recall(connection: AsyncConnection, who: Conversation, since: float) -> str | None:
    """What was remembered of a conversation at `since` (epoch seconds) or later."""
    row = await connection.execute(
        select(conversations.c.context).where(
            conversations.c.chat_id == who.chat_id,
            conversations.c.thread_id == who.thread_id,
            conversations.c.user_id == who.user_id,
            conversations.c.updated_at >= since,
        )
    )
    return row.scalar_one_or_none()


async def remember(connection: AsyncConnection, who: Conversation, context: str, now: float) -> None:
    """Put `context` in the place of what was remembered."""
    await forget(connection, who)
    values = {"chat_id": who.chat_id, "thread_id": who.thread_id, "user_id": who.user_id}
    await connection.execute(conversations.insert().values(**values, context=context, updated_at=now))


async def forget(connection: AsyncConnection, who: Conversation) -> None:
    """Drop what was remembered of a conversation."""
    await connection.execute(
        delete(conversations).where(
            conversations.c.chat_id == who.chat_id,
            conversations.c.thread_id == who.thread_id,
            conversations.c.user_id == who.user_id,
        )
    )


async def forget_older(connection: AsyncConnection, than: float) -> None:
    """Drop every conversation that was last touched before `than` (epoch seconds)."""
    await connection.execute(delete(conversations).where(conversations.c.updated_at < than))


async def move_chat(connection: AsyncConnection, old: int, new: int) -> None:
    """A group became a supergroup: all of it goes to the new id, but for what has begun anew there."""
    there = conversations.alias()
    begun_anew = select(there).where(
        there.c.chat_id == new,
        there.c.thread_id == conversations.c.thread_id,
        there.c.user_id == conversations.c.user_id,
    )
    await connection.execute(delete(conversations).where(conversations.c.chat_id == old, begun_anew.exists()))
    for table in (conversations, answers):
        await connection.execute(update(table).where(table.c.chat_id == old).values(chat_id=new))
