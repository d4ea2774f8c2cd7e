"""/top, the score board of a chat, and /anonymous, which keeps one's name off it."""

from telegram import Chat, Update, User
from telegram.ext import CallbackQueryHandler, CommandHandler

from handlers import render_scores
from handlers.buttons import TOO_OLD
from handlers.context import EVERYWHERE, App, FootnoteContext, place_of, say, show
from handlers.presses import scores as presses

IN_A_CHANNEL = "In a channel nobody sees who answered, so there is no score. In groups there is one."
WHO_ARE_YOU = "I can't see who you are here. Write me /anonymous in our private chat."


def register(application: App) -> None:
    application.add_handler(CommandHandler("top", top, EVERYWHERE))
    application.add_handler(CommandHandler("anonymous", anonymous, EVERYWHERE))
    application.add_handler(CallbackQueryHandler(pressed, presses.PATTERN))


async def top(update: Update, context: FootnoteContext) -> None:
    chat, place, user = update.effective_chat, place_of(update), _person(update)
    if chat is None or place is None:
        return
    scores = context.services.scores
    if chat.type == Chat.CHANNEL:
        await say(update, context, IN_A_CHANNEL)
    elif chat.type == Chat.PRIVATE:
        await say(update, context, render_scores.figures(await scores.figures(chat.id)))
    else:
        board = await scores.board(place, "day", user.id if user else None)
        await say(update, context, *render_scores.board(board))


async def anonymous(update: Update, context: FootnoteContext) -> None:
    user = _person(update)
    if user is None:
        await say(update, context, WHO_ARE_YOU)
        return
    hidden = not await context.services.scores.is_hidden(user.id)
    await context.services.scores.set_hidden(user.id, user.first_name, hidden=hidden)
    await say(update, context, *render_scores.shown_as(user.first_name, hidden=hidden))


async def pressed(update: Update, context: FootnoteContext) -> None:
    query, place = update.callback_query, place_of(update)
    if query is None or place is None:
        return
    services, press = context.services, presses.read(query.data or "")
    match press:
        case presses.BoardPress(span):
            await services.delivery.answer_press(query.id)
            board = await services.scores.board(place, span, query.from_user.id)
            await show(update, context, *render_scores.board(board))
        case presses.NamePress(hidden):
            await services.scores.set_hidden(query.from_user.id, query.from_user.first_name, hidden=hidden)
            await services.delivery.answer_press(query.id, render_scores.now(hidden=hidden), alert=True)
            if place.chat_id == query.from_user.id:  # elsewhere the message is somebody else's
                await show(update, context, *render_scores.shown_as(query.from_user.first_name, hidden=hidden))
        case _:
            await services.delivery.answer_press(query.id, TOO_OLD, alert=True)


def _person(update: Update) -> User | None:
    """Who sent a message, unless they hide behind a group's or a channel's name."""
    message = update.effective_message
    return None if message is None or message.sender_chat else update.effective_user
