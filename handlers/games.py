"""Presses in games that were sent inline: each is counted and answered at once; the message follows by itself."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.services.feedback import Reported
from bot.services.games import Declined, Marked, Move
from handlers import render_games, reports
from handlers.buttons import TOO_OLD
from handlers.context import App, FootnoteContext, Services
from handlers.presses import games as presses
from handlers.presses.games import BeginPress, GamePress

DECLINED = {
    "gone": "I no longer know this game. Send a new one: type @{username} quiz in any chat.",
    "begun": "The game has begun already. Its question appears here in a moment.",
    "no questions": "I have no more questions about this. Send another game: type @{username} quiz in any chat.",
    "over": "That question is over; question {number} is on. It appears here in a moment.",
    "revealed": "Too late for this question: the answer is out.",
    "not yours": "Only who began the game may reveal the answer early. It comes by itself after the first answers.",
    "too soon": "Give the others a moment to read. Then anybody may go on.",
    "awake": "The game goes on already.",
}


def register(application: App) -> None:
    application.add_handler(CallbackQueryHandler(pressed, presses.PATTERN))


async def pressed(update: Update, context: FootnoteContext) -> None:
    query = update.callback_query
    if query is None:
        return
    press = presses.read(query.data or "")
    if press is None or query.inline_message_id is None:
        await context.services.delivery.answer_press(query.id, TOO_OLD, alert=True)
        return
    user, services = query.from_user, context.services
    done = await _do(services, query.inline_message_id, user.id, user.first_name, press)
    said = _said(done, context)
    await services.delivery.answer_press(query.id, said, alert=said is not None)
    if isinstance(done, Reported):
        await reports.tell(services)


async def _do(
    services: Services, message: str, user_id: int, name: str, press: GamePress | BeginPress
) -> Marked | Move | Reported:
    games = services.games
    if isinstance(press, BeginPress):
        return await games.begin(message, user_id, press.wish)
    match press.action:
        case "answer":
            return await games.answer(message, user_id, name, press.number, press.option)
        case "reveal":
            return await games.reveal(message, user_id, press.number)
        case "next":
            return await games.go_on(message, user_id, press.number)
        case "wake":
            return await games.wake(message, press.number)
        case "rematch":
            return await games.rematch(message, user_id, press.number)
        case "report":
            question = await games.question(message, press.number)
            if question is None:
                return Declined("gone")
            return await services.feedback.report(question.fact, user_id, "question")


def _said(done: Marked | Move | Reported, context: FootnoteContext) -> str | None:
    """What whoever pressed is told; None where the message shows it."""
    match done:
        case Reported():
            return reports.ANSWERS[done]
        case Marked():
            return render_games.marked(done)
        case Declined(reason, number):
            return DECLINED[reason].format(username=context.bot.username, number=number)
        case _:
            return None
