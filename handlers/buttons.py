"""The buttons under answers: Source, More, Why, and choices."""

from telegram import InlineKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler

from bot.storage.conversations import Conversation
from handlers import render
from handlers.context import App, FootnoteContext, conversation, say
from handlers.presses import answers as presses
from handlers.presses.answers import AnswerPress

TOO_OLD = "This button is too old. Ask once more, and you get a fresh one."


def register(application: App) -> None:
    application.add_handler(CallbackQueryHandler(pressed))


async def pressed(update: Update, context: FootnoteContext) -> None:
    query, who = update.callback_query, conversation(update)
    if query is None:
        return
    press = presses.read(query.data or "")
    shown = await _show(context, who, press) if press and who else None
    if shown is None:
        await context.services.delivery.answer_press(query.id, TOO_OLD, alert=True)
        return
    await context.services.delivery.answer_press(query.id)
    await say(update, context, *shown)


async def _show(
    context: FootnoteContext, who: Conversation, press: AnswerPress
) -> tuple[str, InlineKeyboardMarkup | None] | None:
    """What a press shows, or None where the button is too old."""
    answering = context.services.answering
    match press.action:
        case "source":
            shown = await answering.sources(who.chat_id, press.key)
            return (render.sources(shown), None) if shown else None
        case "why":
            explained = await answering.why(who.chat_id, press.key)
            return (render.explanation(explained), None) if explained else None
        case "more":
            given = await answering.more(who, press.key)
        case "choose":
            given = await answering.choose(who, press.key, press.number)
    return render.answer(given) if given else None
