"""The composition root: opens, wires, runs and closes everything."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import BotCommand, Update
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes

from bot.config import Settings
from bot.delivery import Delivery
from bot.services.answering import Answering
from bot.services.library import Library
from bot.services.updates import Updates
from bot.storage.database import migrate, open_database
from handlers import buttons, chats, errors, questions, start
from handlers.context import FootnoteContext, Services
from handlers.ordering import ChatOrder

UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY]  # named, because the server remembers what an earlier run asked for
App: TypeAlias = "Application[Any, Any, Any, Any, Any, Any]"

TIDY_SECONDS = 15 * 60  # between two sweeps of what is past its time

log = logging.getLogger(__name__)


class StartError(Exception):
    """The bot can't start, in one sentence."""


async def run(settings: Settings) -> None:
    """Run the bot on Telegram until SIGTERM or SIGINT.

    Raises StartError, DatabaseError, PackError, OSError or ValueError where it can't start.
    """
    if settings.token is None:
        raise StartError("TELEGRAM_BOT_TOKEN is not set; get a token from @BotFather and put it there or into .env")
    library = Library(settings.packs, settings.documents)
    stop = _stop_signal()
    async with opened(settings) as engine:
        application = compose(settings, library, engine)
        async with _started(application, settings):
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, library.reload)
            log.info("answering as @%s from %d facts", application.bot.username, len(library.index.facts))
            tidying = asyncio.create_task(_tidy(application))
            await stop.wait()
            log.info("stopping")
            tidying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await tidying


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """The database, brought up to date; closed whatever happens."""
    engine = open_database(settings.database)
    try:
        await migrate(engine)
        yield engine
    finally:
        await engine.dispose()


def compose(settings: Settings, library: Library, engine: AsyncEngine) -> App:
    """The application with its services and handlers; nothing is opened here."""
    token = settings.token.get_secret_value() if settings.token else ""
    updates = Updates(engine)
    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{settings.telegram_api}/bot")
        .base_file_url(f"{settings.telegram_api}/file/bot")
        .context_types(ContextTypes(context=FootnoteContext))
        .concurrent_updates(ChatOrder(updates))
        .build()
    )
    application.bot_data["services"] = Services(Answering(library, engine), Delivery(application.bot), library)
    application.bot_data["updates"] = updates
    for handler in (start, questions, buttons, chats, errors):
        handler.register(application)
    return application


@contextlib.asynccontextmanager
async def _started(application: App, settings: Settings) -> AsyncIterator[None]:
    """Polling while inside; on the way out what was begun is finished."""
    try:
        await application.initialize()
    except InvalidToken:
        raise StartError("Telegram doesn't know this TELEGRAM_BOT_TOKEN; check it with @BotFather") from None
    except NetworkError as error:
        raise StartError(f"can't reach Telegram at {settings.telegram_api}: {_without_secrets(error)}") from None
    try:
        await _introduce(application)
        await application.start()
        assert application.updater is not None  # noqa: S101 - the builder makes one unless told not to
        await application.updater.start_polling(allowed_updates=UPDATES, bootstrap_retries=-1)
        try:
            yield
        finally:
            await application.updater.stop()
            await application.stop()
    finally:
        await application.shutdown()


async def _introduce(application: App) -> None:
    """Show the commands in Telegram's menu; the bot works without, so a failure only goes to the log."""
    try:
        await application.bot.set_my_commands([BotCommand(name, text) for name, text in start.COMMANDS])
    except TelegramError as error:
        log.warning("the menu of commands could not be set: %s", error.message)


async def _tidy(application: App) -> None:
    services: Services = application.bot_data["services"]
    updates: Updates = application.bot_data["updates"]
    while True:
        await services.answering.forget_old()
        await updates.forget_old()
        await asyncio.sleep(TIDY_SECONDS)


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _without_secrets(error: NetworkError) -> str:
    return type(error.__cause__ or error).__name__
