from collections.abc import AsyncIterator

import pytest

from bot.playground import Person, Playground, serve


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    async with serve() as running:
        yield running


@pytest.fixture
async def ann(playground: Playground) -> Person:
    """Somebody who has started the bot."""
    person = await playground.user("Ann", username="ann")
    await person.private.say("/start")
    return person
