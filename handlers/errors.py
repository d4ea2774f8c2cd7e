"""The one error handler: logs the fault, tells the person briefly."""

import logging

from telegram import Update
from telegram.error import NetworkError
from telegram.ext import Application

from handlers.context import FootnoteContext, say

SORRY = "Something went wrong on my side. It is written down; please try again."
log = logging.getLogger(__name__)


def register(application: Application) -> None:  # type: ignore[type-arg]
    application.add_error_handler(on_error)


async def on_error(update: object, context: FootnoteContext) -> None:
    if isinstance(context.error, NetworkError) and not isinstance(update, Update):
        log.warning("Telegram can't be reached: %s", context.error.message)
        return
    where = update.update_id if isinstance(update, Update) else "no update"
    log.error("a handler failed on update %s", where, exc_info=context.error)
    if isinstance(update, Update):
        if update.callback_query:
            await context.services.delivery.answer_press(update.callback_query.id, SORRY, alert=True)
        else:
            await say(update, context, SORRY)
