"""The buttons under answers: Source, More, Why, and choices."""

from telegram import InlineKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler

from bot.storage.conversations import Conversation
from handlers import render
from handlers.context import App, FootnoteContext, conversation, say

TOO_OLD = "This button is too old. Ask once more, and you get a fresh one."


def register(application: App) -> None:
    application.add_handler(CallbackQueryHandler(pressed))


async def pressed(update: Update, context: FootnoteContext) -> None:
    query, who = update.callback_query, conversation(update)
    if query is None:
        return
    button = render.button(query.data or "")
    shown = await _show(context, who, button) if button and who else None
    if shown is None:
        await context.services.delivery.answer_press(query.id, TOO_OLD, alert=True)
        return
    await context.services.delivery.answer_press(query.id)
    await say(update, context, *shown)


async def _show(
    context: FootnoteContext, who: Conversation, button: render.Button
) -> tuple[str, InlineKeyboardMarkup | None] | None:
    """What a press shows, or None where the button is too old."""
    answering = context.services.answering
    match button.action:
        case render.SOURCE:
            shown = await answering.sources(who.chat_id, button.key)
            return (render.sources(shown), None) if shown else None
        case render.WHY:
            explained = await answering.why(who.chat_id, button.key)
            return (render.explanation(explained), None) if explained else None
        case render.MORE:
            given = await answering.more(who, button.key)
        case _:
            given = await answering.choose(who, button.key, button.number)
    return render.answer(given) if given else None
