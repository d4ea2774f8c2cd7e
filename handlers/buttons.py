"""The buttons under answers: Source, More, Why, and choices."""

import re

from telegram import InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler

from bot.storage.conversations import Conversation
from handlers import render
from handlers.context import FootnoteContext, conversation, say

TOO_OLD = "This button is too old. Ask once more, and you get a fresh one."
_DATA = re.compile(r"^(?P<action>[smwc]):(?P<key>[\w-]{4,16})(?::(?P<number>\d))?$")


def register(application: Application) -> None:  # type: ignore[type-arg]
    application.add_handler(CallbackQueryHandler(pressed))


async def pressed(update: Update, context: FootnoteContext) -> None:
    query, who = update.callback_query, conversation(update)
    found = _DATA.match(query.data or "") if query else None
    if query is None:
        return
    shown = None
    if found and who:
        shown = await _show(context, who, found["action"], found["key"], int(found["number"] or 0))
    if shown is None:
        await context.services.delivery.answer_press(query.id, TOO_OLD, alert=True)
        return
    await context.services.delivery.answer_press(query.id)
    await say(update, context, *shown)


async def _show(
    context: FootnoteContext, who: Conversation, action: str, key: str, number: int
) -> tuple[str, InlineKeyboardMarkup | None] | None:
    """What a press shows, or None where the button is too old."""
    answering = context.services.answering
    if action == render.SOURCE:
        shown = await answering.sources(who.chat_id, key)
        return (render.sources(shown), None) if shown else None
    if action == render.WHY:
        explained = await answering.why(who.chat_id, key)
        return (render.explanation(explained), None) if explained else None
    given = await (answering.more(who, key) if action == render.MORE else answering.choose(who, key, number))
    return render.answer(given) if given else None
