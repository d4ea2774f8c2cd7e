"""The composition root: opens, wires, runs and closes everything."""

import asyncio
import contextlib
import datetime as dt
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import BotCommand, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes

from bot.conducting import Conductor
from bot.config import Settings, StartError
from bot.delivery import Delivery
from bot.refereeing import Referee
from bot.scheduling import Scheduler
from bot.services.answering import Answering
from bot.services.chats import Chats
from bot.services.daily import Composer, Daily
from bot.services.days import Days
from bot.services.desk import Desk
from bot.services.feedback import Feedback
from bot.services.games import Games
from bot.services.library import Library
from bot.services.lookup import Lookup
from bot.services.picking import Picker
from bot.services.polls import Polls
from bot.services.questions_of_day import QuestionsOfDay
from bot.services.reviews import Reviews
from bot.services.rounds import Rounds
from bot.services.scores import Scores
from bot.services.subscriptions import Subscriptions
from bot.services.timelines import Timelines
from bot.services.updates import Updates
from bot.storage.database import migrate, open_database
from handlers import (
    buttons,
    chats,
    errors,
    games,
    inline,
    questions,
    quiz,
    reports,
    review,
    start,
    subscriptions,
    timeline,
    today,
    top,
    votes,
)
from handlers.context import App, FootnoteContext, Services, provide, services_of
from handlers.ordering import ChatOrder
from handlers.receiving import Inbox, PatientRequest
from handlers.rights import Rights
from knowledge.posts import Post

UPDATES = [
    Update.MESSAGE,
    Update.CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.POLL_ANSWER,
    Update.INLINE_QUERY,
]  # named, because the server remembers what an earlier run asked for
HANDLERS = (
    inline,
    games,
    today,
    timeline,
    subscriptions,
    quiz,
    review,
    start,
    top,
    votes,
    reports,
    questions,
    buttons,
    chats,
    errors,
)  # in the order in which they are asked whether an update is for them
TIDY_SECONDS = 15 * 60  # between two sweeps of what is past its time
FINISH_SECONDS = 5  # for what was begun when the bot is told to stop
POLLING_TASK = "Updater:start_polling:polling_task"  # python-telegram-bot's name of it; it has no other handle

log = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """Run the bot on Telegram until SIGTERM or SIGINT. SIGHUP reads the packs anew.

    Raises StartError, PackError, OSError or ValueError where it can't start.
    """
    if settings.token is None:
        raise StartError("TELEGRAM_BOT_TOKEN is not set; get a token from @BotFather and put it there or into .env")
    if settings.webhook_url:
        raise StartError("FOOTNOTE_WEBHOOK_URL is set, but this version can only poll; unset it")
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # or python-telegram-bot warns at each time span it is told
    library = Library(settings.packs, settings.documents)
    async with opened(settings) as engine:
        await _serve(compose(settings, library, engine), settings)


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
    updates, inbox = Updates(engine), Inbox()
    application: App = (
        ApplicationBuilder()
        .token(settings.token.get_secret_value() if settings.token else "")
        .base_url(f"{settings.telegram_api}/bot")
        .base_file_url(f"{settings.telegram_api}/file/bot")
        .context_types(ContextTypes(context=FootnoteContext))
        .update_queue(inbox)
        .get_updates_request(PatientRequest(inbox))
        .concurrent_updates(ChatOrder(updates, inbox))
        .build()
    )
    subscribers = Subscriptions(engine, settings.timezone, settings.post_at)
    kept_chats = Chats(engine, subscribers)
    feedback = Feedback(engine, settings.owners)

    def withheld() -> frozenset[str]:
        return feedback.withheld

    days = Days(engine, library, settings.timezone, withheld=withheld)
    polls = Polls(engine, days.today)
    picker = Picker(library, polls, feedback)
    daily = Daily(engine, composer(library, withheld), QuestionsOfDay(library, feedback))
    provide(
        application,
        Services(
            answering=Answering(library, engine, withheld=withheld),
            chats=kept_chats,
            daily=daily,
            days=days,
            delivery=Delivery(application.bot, kept_chats),
            desk=Desk(library, feedback),
            feedback=feedback,
            games=Games(engine, library, picker),
            library=library,
            lookup=Lookup(library, feedback),
            polls=polls,
            reviews=Reviews(engine, library, feedback, days.zone),
            rights=Rights(application.bot),
            rounds=Rounds(engine, picker, daily.reserved),
            scores=Scores(engine, days.today),
            subscriptions=subscribers,
            timelines=Timelines(library, withheld),
            updates=updates,
        ),
    )
    for handler in HANDLERS:
        handler.register(application)
    return application


def composer(library: Library, withheld: Callable[[], frozenset[str]] = frozenset) -> Composer:
    """Composes posts from what the library holds at the time, without the facts that are put aside then."""

    def compose(date: dt.date, *, seen: Mapping[str, dt.date], seed: str) -> Post:
        return library.anniversaries.post(date, seen=seen, seed=seed, without=withheld())

    return compose


async def _serve(application: App, settings: Settings) -> None:
    """Answer until told to stop, or until Telegram no longer knows the token."""
    services, stop, hang_up = services_of(application), asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number, event in ((signal.SIGTERM, stop), (signal.SIGINT, stop), (signal.SIGHUP, hang_up)):
        loop.add_signal_handler(number, event.set)
    await services.polls.recover()
    await services.feedback.load()
    scheduler = Scheduler(services.daily, services.delivery, services.chats, services.polls)
    referee, conductor = Referee(services.games, services.delivery), Conductor(services)
    async with _polling(application, settings, scheduler, conductor) as polling:
        log.info("answering as @%s from %d facts", application.bot.username, len(services.library.index.facts))
        work = (scheduler.run(), referee.run(), conductor.run(), _tidy(services), _reload(services.library, hang_up))
        beside = [asyncio.create_task(each) for each in work]
        await asyncio.wait((polling, asyncio.create_task(stop.wait())), return_when=asyncio.FIRST_COMPLETED)
        log.info("stopping")
        for task in beside:
            task.cancel()
        # Whatever is cut short closes its connection to the database first: an open one would keep the process alive.
        await asyncio.wait(beside, timeout=FINISH_SECONDS)
        await referee.close()
        if polling.done():
            polling.result()  # raises what ended it


@contextlib.asynccontextmanager
async def _polling(
    application: App, settings: Settings, *senders: Scheduler | Conductor
) -> AsyncIterator[asyncio.Task[None]]:
    """Polling while inside; on the way out what was begun is finished. Raises StartError in words for Telegram's no."""
    updater = application.updater
    assert updater is not None  # noqa: S101 - the builder makes one unless told not to
    try:
        await application.initialize()
        await _introduce(application)
        await updater.start_polling(allowed_updates=UPDATES, error_callback=_poll_failed)
        await application.start()
        yield next(task for task in asyncio.all_tasks() if task.get_name() == POLLING_TASK)
    except InvalidToken:
        raise StartError("Telegram doesn't know this TELEGRAM_BOT_TOKEN; check it with @BotFather") from None
    except TelegramError as error:
        raise StartError(f"can't reach Telegram at {settings.telegram_api}: {error.message}") from None
    finally:
        await _finish(application, *senders)


async def _finish(application: App, *senders: Scheduler | Conductor) -> None:
    """Stop polling, answer what has come in, record what was sent, close the connections."""
    updater = application.updater
    closing = asyncio.gather(*(sender.close() for sender in senders))
    try:
        async with asyncio.timeout(FINISH_SECONDS):
            if updater is not None and updater.running:
                with contextlib.suppress(TelegramError):
                    await updater.stop()
            if application.running:
                await application.stop()
            await closing
    except TimeoutError:
        log.warning("stopped after %d s with messages left unanswered", FINISH_SECONDS)
    await services_of(application).delivery.close()
    await application.shutdown()


async def _introduce(application: App) -> None:
    """Show the commands in Telegram's menu; the bot works without, so a failure only goes to the log."""
    try:
        await application.bot.set_my_commands([BotCommand(name, text) for name, text in start.COMMANDS])
    except TelegramError as error:
        log.warning("the menu of commands could not be set: %s", error.message)


def _poll_failed(error: TelegramError) -> None:
    log.warning("Telegram can't be asked for messages, trying on: %s", error.message)


async def _tidy(services: Services) -> None:
    """Sweep from time to time."""
    while True:
        try:
            await services.answering.forget_old()
            await services.updates.forget_old()
            await services.subscriptions.forget_old()
            await services.daily.forget_old()
            await services.polls.forget_old()
            await services.rounds.forget_old()
            await services.scores.forget_old()
            await services.games.forget_old()
            await services.reviews.forget_old()
            await services.feedback.forget_old()
            await reports.tell(services)
        except SQLAlchemyError:
            log.exception("what is past its time could not be dropped")
        await asyncio.sleep(TIDY_SECONDS)


async def _reload(library: Library, hang_up: asyncio.Event) -> None:
    """Read the packs anew whenever told to."""
    while True:
        await hang_up.wait()
        hang_up.clear()
        await library.reload()
