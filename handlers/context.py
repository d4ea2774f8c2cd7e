"""What a handler is handed: Telegram's context with the bot's services, typed."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from telegram import ForceReply, InlineKeyboardMarkup, Message, Update
from telegram.ext import Application, CallbackContext, ExtBot, filters

from bot.delivery import Delivery, Outcome, Refused
from bot.services.answering import Answering
from bot.services.chats import Chats
from bot.services.daily import Daily
from bot.services.days import Days
from bot.services.desk import Desk
from bot.services.feedback import Feedback
from bot.services.games import Games
from bot.services.library import Library
from bot.services.lookup import Lookup
from bot.services.polls import Polls
from bot.services.reviews import Reviews
from bot.services.rounds import Rounds
from bot.services.scores import Scores
from bot.services.subscriptions import Place, Subscriptions
from bot.services.timelines import Timelines
from bot.services.updates import Updates
from bot.storage.conversations import Conversation
from handlers.rights import Rights

EVERYWHERE = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST  # where commands of a chat's own work

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True)
class Services:
    """All that the application's parts may call."""

    answering: Answering
    chats: Chats
    daily: Daily
    days: Days
    delivery: Delivery
    desk: Desk
    feedback: Feedback
    games: Games
    library: Library
    lookup: Lookup
    polls: Polls
    reviews: Reviews
    rights: Rights
    rounds: Rounds
    scores: Scores
    subscriptions: Subscriptions
    timelines: Timelines
    updates: Updates


def provide(application: App, services: Services) -> None:
    """Put the services where `services_of` and every handler's context find them."""
    application.bot_data["services"] = services


def services_of(application: App) -> Services:
    services = application.bot_data["services"]
    assert isinstance(services, Services)  # noqa: S101 - `provide` put it there
    return services


class FootnoteContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """`context.services` instead of a dictionary of anything."""

    @property
    def services(self) -> Services:
        return services_of(self.application)


def conversation(update: Update) -> Conversation | None:
    """Whose conversation an update belongs to; None where it has no chat."""
    chat, user, message = update.effective_chat, update.effective_user, update.effective_message
    if chat is None:
        return None
    return Conversation(chat.id, thread_of(message) or 0, user.id if user else 0)


def place_of(update: Update) -> Place | None:
    """The chat or topic that an update belongs to; None where it has no chat."""
    chat = update.effective_chat
    return Place(chat.id, thread_of(update.effective_message) or 0) if chat else None


def thread_of(message: Message | None) -> int | None:
    """The topic that a message stands in; None for General, whose id Telegram refuses when sending."""
    if message is None or not message.is_topic_message:
        return None
    return message.message_thread_id


async def say(
    update: Update,
    context: FootnoteContext,
    html: str,
    keyboard: InlineKeyboardMarkup | ForceReply | None = None,
) -> None:
    """Answer where the update came from; in a group as a reply, so that it is clear to whom."""
    if chat := update.effective_chat:
        thread_id, reply_to = thread_of(update.effective_message), _to_reply_to(update)
        await context.services.delivery.reply(chat.id, html, keyboard, thread_id=thread_id, reply_to=reply_to)


async def say_with_picture(
    update: Update, context: FootnoteContext, picture: bytes, html: str, keyboard: InlineKeyboardMarkup | None
) -> Outcome | None:
    """The same with a PNG; what became of it."""
    if (chat := update.effective_chat) is None:
        return None
    thread_id, reply_to = thread_of(update.effective_message), _to_reply_to(update)
    return await context.services.delivery.photo(
        chat.id, picture, html, keyboard, thread_id=thread_id, reply_to=reply_to
    )


async def show(
    update: Update, context: FootnoteContext, html: str, keyboard: InlineKeyboardMarkup | None = None
) -> None:
    """Put something in the place of the message whose button was pressed; else, or where that fails, say it."""
    message, chat = update.effective_message, update.effective_chat
    if update.callback_query is not None and message is not None and chat is not None:
        outcome = await context.services.delivery.edit(chat.id, message.message_id, html, keyboard)
        if not isinstance(outcome, Refused) or outcome.gone:
            return
    await say(update, context, html, keyboard)


def _to_reply_to(update: Update) -> int | None:
    message, chat = update.effective_message, update.effective_chat
    return message.message_id if message and chat and chat.type != chat.PRIVATE else None
