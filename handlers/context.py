"""What a handler is handed: Telegram's context with the bot's services, typed."""

from dataclasses import dataclass
from typing import Any

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.ext import CallbackContext, ExtBot

from bot.delivery import Delivery
from bot.services.answering import Answering
from bot.services.library import Library
from bot.storage.conversations import Conversation


@dataclass(frozen=True)
class Services:
    """All that handlers may call."""

    answering: Answering
    delivery: Delivery
    library: Library


class FootnoteContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """`context.services` instead of a dictionary of anything."""

    @property
    def services(self) -> Services:
        services = self.bot_data["services"]
        assert isinstance(services, Services)  # noqa: S101 - put there by bot.app
        return services


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
    reply_to = message.message_id if message and chat.type != chat.PRIVATE and update.callback_query is None else None
    await context.services.delivery.reply(chat.id, html, keyboard, thread_id=thread_of(message), reply_to=reply_to)
