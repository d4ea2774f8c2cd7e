"""Handlers are tested with a real bot process on the playground, or in this process where people can't do the thing."""

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Update

from bot.app import compose
from bot.config import Settings
from bot.playground import Playground
from bot.services.library import Library
from handlers.context import App, Services, services_of
from tests.bot.processes import BotProcess, PlaygroundProcess
from tests.conftest import LIGHTHOUSE


@pytest.fixture(scope="session")
def playground_process() -> Iterator[PlaygroundProcess]:
    """One playground for all tests of handlers: each brings people and chats of its own."""
    with PlaygroundProcess() as running:
        yield running


@pytest.fixture(scope="session")
def bot(playground_process: PlaygroundProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    """The bot, running, with the small pack."""
    settings = {"FOOTNOTE_PACKS": str(LIGHTHOUSE), "FOOTNOTE_DOCUMENTS": str(LIGHTHOUSE / "documents")}
    with BotProcess(tmp_path_factory.mktemp("bot"), playground_process.url, **settings) as running:
        yield running


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
