"""Handlers are tested with a real bot process on the playground, or in this process where people can't do the thing."""

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Update

from bot.app import compose
from bot.config import Settings
from bot.playground import Person, Playground
from bot.services.library import Library
from handlers.context import App, Services, services_of
from tests.bot.processes import BotProcess, PlaygroundProcess
from tests.packs import LIGHTHOUSE

SMALL_PACK = {"FOOTNOTE_PACKS": str(LIGHTHOUSE), "FOOTNOTE_DOCUMENTS": str(LIGHTHOUSE / "documents")}


def bot_settings(request: pytest.FixtureRequest) -> dict[str, str] | None:
    """Those of the bot of a module of tests: its `BOT_SETTINGS`, None where none is to run there.

    A module without them shares the bot that knows the small pack, and its playground, with others.
    """
    settings: dict[str, str] | None = getattr(request.module, "BOT_SETTINGS", SMALL_PACK)
    return settings


@pytest.fixture(scope="session")
def shared_playground_process() -> Iterator[PlaygroundProcess]:
    """One playground for all tests that share a bot: each brings people and chats of its own."""
    with PlaygroundProcess() as running:
        yield running


@pytest.fixture(scope="session")
def shared_bot(
    shared_playground_process: PlaygroundProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BotProcess]:
    with BotProcess(tmp_path_factory.mktemp("bot"), shared_playground_process.url, **SMALL_PACK) as running:
        yield running


@pytest.fixture(scope="module")
def playground_process(request: pytest.FixtureRequest) -> Iterator[PlaygroundProcess]:
    """The playground of the module's bot: on each is one bot, or the application of this process."""
    if bot_settings(request) is SMALL_PACK:
        yield request.getfixturevalue("shared_playground_process")
        return
    with PlaygroundProcess() as running:
        yield running


@pytest.fixture(scope="module")
def bot(
    request: pytest.FixtureRequest, playground_process: PlaygroundProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BotProcess]:
    """The module's bot, running."""
    settings = bot_settings(request)
    if settings is SMALL_PACK:
        yield request.getfixturevalue("shared_bot")
        return
    assert settings is not None, "no bot is to run here"
    with BotProcess(tmp_path_factory.mktemp("bot"), playground_process.url, **settings) as running:
        yield running
    assert "Traceback" not in running.log


@pytest.fixture
async def ann(playground: Playground) -> Person:
    return await playground.user("Ann")


@pytest.fixture
async def bob(playground: Playground) -> Person:
    return await playground.user("Bob")


class InProcess:
    """The application in this process; it handles the updates that it is handed, one by one."""

    def __init__(self, application: App, playground: Playground) -> None:
        self._application = application
        self._playground = playground

    @property
    def services(self) -> Services:
        return services_of(self._application)

    async def handle_newest(self, **changed: object) -> None:
        """Handle what somebody did last, with the message changed into what the playground can't send."""
        raw = dict((await self._playground.updates())[-1])
        if changed:
            message = {k: v for k, v in raw["message"].items() if k not in ("text", "entities")}
            raw["message"] = message | changed
        await self._application.process_update(Update.de_json(raw, self._application.bot))

    async def handle_newest_as_if_long_ago(self) -> None:
        """Handle the newest press as Telegram tells one whose message it no longer knows."""
        raw = dict((await self._playground.updates())[-1])
        query = dict(raw["callback_query"])
        forgotten = {"chat": query["message"]["chat"], "message_id": query["message"]["message_id"], "date": 0}
        await self.handle({**raw, "callback_query": {**query, "message": forgotten}})

    async def handle(self, raw: dict[str, object]) -> None:
        """Handle an update."""
        await self._application.process_update(Update.de_json(raw, self._application.bot))


@pytest.fixture
async def in_process(playground: Playground, library: Library, engine: AsyncEngine) -> AsyncIterator[InProcess]:
    settings = Settings(TELEGRAM_BOT_TOKEN=playground.token, FOOTNOTE_TELEGRAM_API=playground.url)
    application = compose(settings, library, engine)
    await application.initialize()
    yield InProcess(application, playground)
    await application.shutdown()
