import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.answering import Answering
from bot.services.library import Library
from tests.fakes import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def answering(library: Library, engine: AsyncEngine, clock: Clock) -> Answering:
    return Answering(library, engine, clock)
