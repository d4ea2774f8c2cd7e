"""What tests of several folders share: a clean environment, a small pack, the playground and a bot on it."""

import os
from collections.abc import AsyncIterator, Iterator
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.playground import Playground
from bot.services.library import Library
from bot.storage.database import migrate, open_database
from knowledge.answers import answer
from knowledge.results import Ambiguous
from tests import packs
from tests.bot.processes import PlaygroundProcess
from tests.packs import LIGHTHOUSE


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting comes from the machine that the tests run on."""
    for name in os.environ:
        if name.startswith(("FOOTNOTE_", "TELEGRAM_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # as bot.app sets it


@pytest.fixture(scope="session")
def lighthouse() -> Path:
    """A small pack on a lighthouse and its keepers, two of whom share a name."""
    return LIGHTHOUSE


@pytest.fixture(scope="session")
def library() -> Library:
    """The small pack with its document."""
    return Library([LIGHTHOUSE], LIGHTHOUSE / "documents")


@pytest.fixture(scope="session")
def shipped() -> Library:
    """The pack that ships: the small one is too small for a quiz."""
    return packs.shipped()


@pytest.fixture(scope="session")
def vague_question(library: Library) -> str:
    """Some words out of a question, which leave open what is meant."""
    asks = [ask.split() for fact in library.index.facts.values() for ask in fact.asks]
    cut = [" ".join(words) for ask in asks for size in range(1, 6) for words in combinations(ask, size)]
    vague = (words for words in cut if isinstance(answer(library.index, words).answer, Ambiguous))
    found = next(vague, None)
    assert found, f"none of {len(cut)} vague questions is asked back"
    return found


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/footnote.db"


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """A database, brought up to date."""
    opened = open_database(database_url)
    await migrate(opened)
    yield opened
    await opened.dispose()


@pytest.fixture(scope="module")
def playground_process() -> Iterator[PlaygroundProcess]:
    with PlaygroundProcess() as running:
        yield running


@pytest.fixture
async def playground(playground_process: PlaygroundProcess) -> AsyncIterator[Playground]:
    """The driver of a playground of the module's own. The bot must have broken no rule when a test is over."""
    async with Playground.connect(playground_process.url) as driver:
        yield driver
        await driver.assert_no_violations()
