from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import buttons, conversations
from bot.storage.conversations import Conversation
from bot.storage.database import reading

ANN = Conversation(chat_id=-100_200_300_400, thread_id=0, user_id=7_000_000_001)


async def remember(engine: AsyncEngine, who: Conversation, context: str, now: float = 100.0) -> None:
    async with engine.begin() as connection:
        await conversations.remember(connection, who, context, now)


async def recall(engine: AsyncEngine, who: Conversation, since: float = 0.0) -> str | None:
    async with reading(engine) as connection:
        return await conversations.recall(connection, who, since)


async def test_a_conversation_is_recalled_as_it_was_last_remembered(engine: AsyncEngine) -> None:
    await remember(engine, ANN, "first")
    await remember(engine, ANN, "second")

    assert await recall(engine, ANN) == "second"


async def test_each_person_chat_and_topic_has_its_own(engine: AsyncEngine) -> None:
    others = [
        Conversation(ANN.chat_id, 0, 8),
        Conversation(ANN.chat_id, 5, ANN.user_id),
        Conversation(-1, 0, ANN.user_id),
    ]
    await remember(engine, ANN, "Ann's")

    assert [await recall(engine, who) for who in others] == [None, None, None]


async def test_what_was_remembered_too_long_ago_is_not_recalled(engine: AsyncEngine) -> None:
    await remember(engine, ANN, "old", now=100.0)

    assert await recall(engine, ANN, since=100.0) == "old"
    assert await recall(engine, ANN, since=100.5) is None


async def test_one_conversation_is_forgotten_and_the_others_stay(engine: AsyncEngine) -> None:
    bob = Conversation(ANN.chat_id, 0, 8)
    await remember(engine, ANN, "Ann's")
    await remember(engine, bob, "Bob's")

    async with engine.begin() as connection:
        await conversations.forget(connection, ANN)

    assert await recall(engine, ANN) is None
    assert await recall(engine, bob) == "Bob's"


async def test_old_conversations_are_forgotten(engine: AsyncEngine) -> None:
    bob = Conversation(ANN.chat_id, 0, 8)
    await remember(engine, ANN, "old", now=100.0)
    await remember(engine, bob, "new", now=200.0)

    async with engine.begin() as connection:
        await conversations.forget_older(connection, 200.0)

    assert await recall(engine, ANN) is None
    assert await recall(engine, bob) == "new"


async def test_a_chat_moves_with_all_that_belongs_to_it(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await conversations.remember(connection, Conversation(-5, 0, 1), "of the group", 100.0)
        await conversations.remember(connection, Conversation(-6, 0, 1), "of another group", 100.0)
        await buttons.keep_answer(connection, "key-of-group", -5, "{}", 100.0)

        await conversations.move_chat(connection, -5, -1005)

    assert await recall(engine, Conversation(-1005, 0, 1)) == "of the group"
    assert await recall(engine, Conversation(-5, 0, 1)) is None
    assert await recall(engine, Conversation(-6, 0, 1)) == "of another group"
    async with reading(engine) as connection:
        assert await buttons.kept_answer(connection, "key-of-group", -1005, 0.0) == "{}"


async def test_what_has_begun_in_the_new_chat_goes_before_what_moves_there(engine: AsyncEngine) -> None:
    await remember(engine, Conversation(-5, 0, 1), "Ann's of old")
    await remember(engine, Conversation(-5, 0, 2), "Bob's of old")
    await remember(engine, Conversation(-1005, 0, 1), "Ann's of now")

    async with engine.begin() as connection:
        await conversations.move_chat(connection, -5, -1005)

    assert await recall(engine, Conversation(-1005, 0, 1)) == "Ann's of now"
    assert await recall(engine, Conversation(-1005, 0, 2)) == "Bob's of old"
