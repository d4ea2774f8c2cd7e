"""The one error handler: logs the fault, tells the person briefly."""

import logging

from telegram import Update

from handlers.context import App, FootnoteContext, say

SORRY = "Something went wrong on my side. It is written down; please try again."
log = logging.getLogger(__name__)


def register(application: App) -> None:
    application.add_error_handler(on_error)


async def on_error(update: object, context: FootnoteContext) -> None:
    if not isinstance(update, Update):
        log.error("something failed beside the updates", exc_info=context.error)
        return
    log.error("a handler failed on update %s", update.update_id, exc_info=context.error)
    if update.callback_query:
        await context.services.delivery.answer_press(update.callback_query.id, SORRY, alert=True)
    else:
        await say(update, context, SORRY)
