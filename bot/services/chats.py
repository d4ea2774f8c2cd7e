"""What happens to whole chats: they move to another id, the bot is removed, it comes back."""

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.subscriptions import Ended, Subscription, Subscriptions
from bot.storage import conversations, polls, posts, rounds, scores, subscriptions


class Chats:
    """Carries what happens to a chat to all that is kept of it."""

    def __init__(self, engine: AsyncEngine, kept: Subscriptions) -> None:
        self._engine = engine
        self._subscriptions = kept

    async def moved(self, old: int, new: int) -> None:
        """A group became a supergroup under a new id: all of it goes there. Telling it twice does no harm."""
        async with self._engine.begin() as connection:
            for table in (conversations, subscriptions, posts, polls, rounds, scores):
                await table.move_chat(connection, old, new)

    async def lost(self, chat_id: int, because: Ended, thread_id: int | None = None) -> None:
        """Nothing more can be sent to a chat, or to one topic of it (0: to what is in none)."""
        await self._subscriptions.end(chat_id, because, thread_id)
        async with self._engine.begin() as connection:
            await rounds.finish_at(connection, chat_id, thread_id)

    async def returned(self, chat_id: int, *because: Ended) -> tuple[Subscription, ...]:
        """The bot may write there again; the subscriptions that go on by it."""
        return await self._subscriptions.revive(chat_id, *because)
