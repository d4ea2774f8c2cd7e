"""/quiz and /stop, and the buttons that begin a round, skip a question or stop."""

from html import escape

from telegram import CallbackQuery, Chat, Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.services.rounds import Audience, Begun, NoQuestions, Place, Running
from handlers import render_quiz
from handlers.buttons import TOO_OLD
from handlers.context import EVERYWHERE, App, FootnoteContext, place_of, say
from handlers.presses import quizzes as presses
from handlers.presses.quizzes import QuizPress
from handlers.rights import CANT_TELL, Standing
from knowledge.quiz_wish import NoWish, Wish, read_wish

OVER = "That round is over. /quiz begins a new one."
QUESTION_OVER = "That question is over."
NOT_YOURS = "Only who began this round, or an administrator, can do that."
NONE_ON = "No round is on here. /quiz begins one."
STOPPED = "Stopped."
ONLY_ADMINISTRATORS = "Only administrators can begin a quiz in a channel."


def register(application: App) -> None:
    application.add_handler(CommandHandler("quiz", quiz, EVERYWHERE))
    application.add_handler(CommandHandler("stop", stop, EVERYWHERE))
    application.add_handler(CallbackQueryHandler(pressed, presses.PATTERN))


async def quiz(update: Update, context: FootnoteContext) -> None:
    await begin(update, context, " ".join(context.args or ()))


async def begin(update: Update, context: FootnoteContext, wished: str) -> None:
    """Begin a round as somebody wishes in words."""
    wish = read_wish(context.services.library.index, wished)
    if isinstance(wish, NoWish):
        await say(update, context, escape(f"{wish.why} For example: {render_quiz.EXAMPLE}"), render_quiz.offer())
        return
    started = await _start(update, context, wish)
    if isinstance(started, Running):
        await _point_at(update, context, started)
    elif started is not None:
        await _tell(update, context, started)


async def stop(update: Update, context: FootnoteContext) -> None:
    place = place_of(update)
    found = await context.services.rounds.going_on(place) if place else None
    if place is None or found is None:
        await say(update, context, NONE_ON)
    elif found.is_ending:
        await say(update, context, render_quiz.running(found))
    elif refusal := await _refused(update, context, found):
        await say(update, context, refusal)
    else:
        await _stop(context, place, found.id)


async def pressed(update: Update, context: FootnoteContext) -> None:
    query, place = update.callback_query, place_of(update)
    press = presses.read(query.data or "") if query else None
    if query is None or place is None:
        return
    if press is None:
        await context.services.delivery.answer_press(query.id, TOO_OLD, alert=True)
    elif press.action in ("skip", "stop"):
        await _cut(update, context, query, place, press)
    else:
        await _begin_by_press(update, context, query, place, press)


async def _begin_by_press(
    update: Update, context: FootnoteContext, query: CallbackQuery, place: Place, press: QuizPress
) -> None:
    answer_press = context.services.delivery.answer_press
    wish = await _wished(context, place, press)
    if wish is None:
        await answer_press(query.id, TOO_OLD, alert=True)
        return
    if place_is_channel(update) and (refusal := await _refused(update, context, None)):
        await answer_press(query.id, refusal, alert=True)
        return
    started = await _start(update, context, wish)
    if isinstance(started, Running):
        await answer_press(query.id, render_quiz.running(started), alert=True)
        return
    await answer_press(query.id)
    if started is not None:
        await _tell(update, context, started)


async def _cut(update: Update, context: FootnoteContext, query: CallbackQuery, place: Place, press: QuizPress) -> None:
    """Skip a question or stop a round."""
    services = context.services
    found = await services.rounds.running(place)
    if found is None or found.id != press.round_id or found.is_ending:
        await services.delivery.answer_press(query.id, OVER, alert=True)
        return
    if refusal := await _refused(update, context, found):
        await services.delivery.answer_press(query.id, refusal, alert=True)
        return
    if press.action == "stop":
        await services.delivery.answer_press(query.id, STOPPED)
        await _stop(context, place, found.id)
        return
    cut = await services.rounds.skip(found.id, press.position)
    await services.delivery.answer_press(query.id, None if cut else QUESTION_OVER, alert=cut is None)
    await _close(context, place, cut.close if cut else None)


async def _stop(context: FootnoteContext, place: Place, round_id: int) -> None:
    cut = await context.services.rounds.stop(round_id)
    await _close(context, place, cut.close if cut else None)


async def _close(context: FootnoteContext, place: Place, message_id: int | None) -> None:
    """Show the right answer of a question that was cut short."""
    if message_id is not None:
        await context.services.delivery.stop_poll(place.chat_id, message_id, render_quiz.after_question())


async def _start(update: Update, context: FootnoteContext, wish: Wish) -> Begun | NoQuestions | Running | None:
    place, chat, user = place_of(update), update.effective_chat, update.effective_user
    if place is None or chat is None:
        return None
    user_id, rounds = user.id if user else None, context.services.rounds
    return await rounds.start(place, _audience(chat), _starter(update), wish, user_id)


async def _tell(update: Update, context: FootnoteContext, started: Begun | NoQuestions) -> None:
    index = context.services.library.index
    if isinstance(started, NoQuestions):
        await say(update, context, *render_quiz.none(started, index))
    elif told := render_quiz.begun(started, index, _named(update)):
        await say(update, context, *told)


async def _point_at(update: Update, context: FootnoteContext, found: Running) -> None:
    """Answer with the question that is on, so that a tap leads to it."""
    place = place_of(update)
    if place is not None:
        await context.services.delivery.reply(
            place.chat_id, render_quiz.running(found), thread_id=place.thread_id or None, reply_to=found.message_id
        )


async def _wished(context: FootnoteContext, place: Place, press: QuizPress) -> Wish | None:
    """What a button begins; None where nobody knows any more."""
    match press.action:
        case "about":
            return Wish(about=(press.entity,)) if press.entity in context.services.library.index.entities else None
        case "again":
            return await context.services.rounds.wish_of(press.round_id, place)
        case _:
            return Wish()


async def _refused(update: Update, context: FootnoteContext, found: Running | None) -> str | None:
    """Why somebody may not decide about a round, or begin one in a channel; None where they may."""
    if found is not None and found.started_by == _starter(update) != 0:
        return None
    standing = await context.services.rights.standing(update)
    if standing.may_manage:
        return None
    if standing is Standing.UNKNOWN:
        return CANT_TELL
    return NOT_YOURS if found else ONLY_ADMINISTRATORS


def place_is_channel(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == Chat.CHANNEL


def _audience(chat: Chat) -> Audience:
    if chat.type == Chat.PRIVATE:
        return "private"
    return "channel" if chat.type == Chat.CHANNEL else "group"


def _starter(update: Update) -> int:
    """Whoever acts: a person, or the chat in whose name somebody writes."""
    message = update.effective_message if update.callback_query is None else None
    if message is not None and message.sender_chat is not None:
        return message.sender_chat.id
    return update.effective_user.id if update.effective_user else 0


def _named(update: Update) -> str | None:
    """Whoever begins a round, unless they hide."""
    message = update.effective_message if update.callback_query is None else None
    if update.effective_user is None or (message is not None and message.sender_chat is not None):
        return None
    return update.effective_user.first_name
