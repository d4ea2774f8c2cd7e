"""What a handler is handed: Telegram's context with the bot's services, typed."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.delivery import Delivery
from bot.services.answering import Answering
from bot.services.library import Library
from bot.services.updates import Updates
from bot.storage.conversations import Conversation

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True)
class Services:
    """All that the application's parts may call."""

    answering: Answering
    delivery: Delivery
    library: Library
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


def thread_of(message: Message | None) -> int | None:
    """The topic that a message stands in; None for General, whose id Telegram refuses when sending."""
    if message is None or not message.is_topic_message:
        return None
    return message.message_thread_id


async def say(
    update: Update, context: FootnoteContext, html: str, keyboard: InlineKeyboardMarkup | None = None
) -> None:
    """Answer where the update came from; in a group as a reply, so that it is clear to whom."""
    message, chat = update.effective_message, update.effective_chat
    if chat is None:
        return
    reply_to = message.message_id if message and chat.type != chat.PRIVATE else None
    await context.services.delivery.reply(chat.id, html, keyboard, thread_id=thread_of(message), reply_to=reply_to)
