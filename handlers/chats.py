"""What happens to chats themselves: a group that becomes a supergroup."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from handlers.context import App, FootnoteContext


def register(application: App) -> None:
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, migrated))


async def migrated(update: Update, context: FootnoteContext) -> None:
    """Telegram says it in the old chat (`migrate_to_chat_id`) and in the new one; the first is enough."""
    message = update.effective_message
    if message is not None and message.migrate_to_chat_id:
        await context.services.answering.move_chat(message.chat_id, message.migrate_to_chat_id)
