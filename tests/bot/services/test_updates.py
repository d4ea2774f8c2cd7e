import logging
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.updates import REMEMBERED_SECONDS, Updates
from bot.storage.database import open_database
from tests.fakes import Clock


async def test_an_update_is_known_after_it_was_handled(engine: AsyncEngine) -> None:
    updates = Updates(engine)
    before = await updates.was_handled(5)

    await updates.mark_handled(5)

    assert not before
    assert await Updates(engine).was_handled(5)


async def test_updates_are_forgotten_when_telegram_no_longer_repeats_them(engine: AsyncEngine) -> None:
    clock = Clock()
    updates = Updates(engine, clock)
    await updates.mark_handled(5)
    clock.now += REMEMBERED_SECONDS
    await updates.forget_old()
    still_known = await updates.was_handled(5)
    clock.now += 1

    await updates.forget_old()

    assert still_known
    assert not await updates.was_handled(5)


async def test_a_failing_database_is_logged_and_keeps_no_update_from_being_handled(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = open_database(f"sqlite+aiosqlite:///{tmp_path}/never-migrated.db")
    updates = Updates(broken)

    with caplog.at_level(logging.ERROR):
        assert not await updates.was_handled(5)
        await updates.mark_handled(5)

    assert caplog.text.count("update 5") == 2
    await broken.dispose()
