from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import buttons
from bot.storage.database import reading


async def kept(engine: AsyncEngine, key: str, chat_id: int, since: float = 0.0) -> str | None:
    async with reading(engine) as connection:
        return await buttons.kept_answer(connection, key, chat_id, since)


async def test_an_answer_is_kept_for_its_chat_only(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await buttons.keep_answer(connection, "abcdefghijkl", 7, '{"facts": []}', 100.0)

    assert await kept(engine, "abcdefghijkl", 7) == '{"facts": []}'
    assert await kept(engine, "abcdefghijkl", 8) is None
    assert await kept(engine, "another-key!", 7) is None


async def test_an_answer_kept_too_long_ago_is_not_told(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await buttons.keep_answer(connection, "abcdefghijkl", 7, "{}", 100.0)

    assert await kept(engine, "abcdefghijkl", 7, since=100.0) == "{}"
    assert await kept(engine, "abcdefghijkl", 7, since=101.0) is None


async def test_old_answers_are_dropped(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await buttons.keep_answer(connection, "old", 7, "{}", 100.0)
        await buttons.keep_answer(connection, "new", 7, "{}", 200.0)

        await buttons.drop_answers_older(connection, 200.0)

    assert await kept(engine, "old", 7) is None
    assert await kept(engine, "new", 7) == "{}"
