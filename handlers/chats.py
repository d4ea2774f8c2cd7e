"""What happens to chats themselves: a group that becomes a supergroup."""

from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from handlers.context import FootnoteContext


def register(application: Application) -> None:  # type: ignore[type-arg]
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, migrated))


async def migrated(update: Update, context: FootnoteContext) -> None:
    message = update.effective_message
    if message is not None and message.migrate_to_chat_id:
        await context.services.answering.move_chat(message.chat_id, message.migrate_to_chat_id)
