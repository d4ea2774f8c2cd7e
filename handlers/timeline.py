"""/timeline: a picture of a year's or somebody's events, and the same in words."""

import asyncio
from html import escape

from telegram import Update
from telegram.constants import ChatAction
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.delivery import Refused
from handlers import render
from handlers.buttons import TOO_OLD
from handlers.context import EVERYWHERE, App, FootnoteContext, say, say_with_picture, thread_of
from handlers.presses import timelines as presses
from knowledge.timeline import NoTimeline, Timeline

EXAMPLES = "For example: /timeline {example}"


def register(application: App) -> None:
    application.add_handler(CommandHandler("timeline", timeline, EVERYWHERE))
    application.add_handler(CallbackQueryHandler(pressed, presses.PATTERN))


async def timeline(update: Update, context: FootnoteContext) -> None:
    asked = " ".join(context.args or ())
    found = context.services.timelines.told(asked)
    if isinstance(found, NoTimeline):
        example = EXAMPLES.format(example=context.services.timelines.example())
        await say(update, context, escape(f"{found.reason} {example}"))
        return
    await _send(update, context, found, asked)


async def pressed(update: Update, context: FootnoteContext) -> None:
    query = update.callback_query
    if query is None:
        return
    press = presses.read(query.data or "")
    asked = press.asked if press else ""
    found = context.services.timelines.told(asked)
    if isinstance(found, NoTimeline):
        await context.services.delivery.answer_press(query.id, TOO_OLD, alert=True)
        return
    await context.services.delivery.answer_press(query.id)
    await say(update, context, render.timeline_text(found))


async def _send(update: Update, context: FootnoteContext, found: Timeline, asked: str) -> None:
    """The picture; its words too where no button can bring them, or where pictures aren't allowed."""
    services, chat = context.services, update.effective_chat
    if chat is None:
        return
    drawn, _ = await asyncio.gather(
        services.timelines.drawn(found),
        services.delivery.show_work(chat.id, ChatAction.UPLOAD_PHOTO, thread_of(update.effective_message)),
    )
    caption, keyboard = render.timeline_caption(found, asked)
    outcome = await say_with_picture(update, context, drawn.picture, caption, keyboard)
    if keyboard is None or (isinstance(outcome, Refused) and not outcome.gone):
        await say(update, context, render.timeline_text(found))
