"""/review: what somebody got wrong, asked again in private when it is about to be forgotten."""

import asyncio
import re

from telegram import Chat, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot.delivery import Later, Refused, Sent
from bot.services.polls import Place
from bot.services.reviews import MOST, Next, NoCards, Over, Rest, Step, Unanswered
from handlers import render_review as render
from handlers.asking import ask
from handlers.buttons import TOO_OLD
from handlers.context import App, FootnoteContext, Services, say
from handlers.presses import reviews as presses

LINKED = re.compile(r"/start(?:@\w+)? review$", re.ASCII)
MOST_TRIES = 3  # of sending a question that certainly did not arrive
LONGEST_WAIT = 60.0  # seconds between them, for which somebody may look at the chat

NO_CARDS = (
    "Nothing to review yet. A question that you get wrong – in a quiz, a daily question or a game – comes back here "
    "until you know it: soon at first, then after days, then after weeks.\n\n/quiz asks you some."
)
REST = "{when}\n\nUntil then: /quiz"
DUE = "<b>Review:</b> {counts}."
LONG = " I ask up to {most} at a time."
UNANSWERED = "This question still waits for your answer."
OVER = "This review is over. /review begins another one."
IN_PRIVATE = "A review is between the two of us."
OPEN_PRIVATE = "Review in private"
LOST = "The next question got lost on its way. /review goes on."


def register(application: App) -> None:
    application.add_handler(CommandHandler("start", review, filters.Regex(LINKED) & filters.UpdateType.MESSAGE))
    application.add_handler(CommandHandler("review", review, filters.UpdateType.MESSAGE))
    application.add_handler(CallbackQueryHandler(pressed, presses.PATTERN))


async def review(update: Update, context: FootnoteContext) -> None:
    chat, user = update.effective_chat, update.effective_user
    if chat is None or user is None:
        return
    if chat.type != Chat.PRIVATE:
        username = context.services.delivery.username
        await say(update, context, IN_PRIVATE, render.link(OPEN_PRIVATE, username) if username else None)
        return
    await begin(context.services, user.id)


async def pressed(update: Update, context: FootnoteContext) -> None:
    query, chat, services = update.callback_query, update.effective_chat, context.services
    if query is None:
        return
    press = presses.read(query.data or "")
    if press is None or chat is None or chat.id != query.from_user.id:
        await services.delivery.answer_press(query.id, TOO_OLD, alert=True)
        return
    if press.action != "begin" and not await services.reviews.is_running(chat.id):
        await services.delivery.answer_press(query.id, OVER, alert=True)
        return
    await services.delivery.answer_press(query.id)
    match press.action:
        case "begin":
            await begin(services, chat.id)
        case "skip":
            await skip(services, chat.id)
        case "end":
            await end(services, chat.id)


async def begin(services: Services, user_id: int) -> None:
    """Begin a review, or say why there is none."""
    async with services.reviews.turn(user_id):
        match await services.reviews.begin(user_id):
            case Next() as step:
                words = DUE.format(counts=render.counts(step.progress))
                more = LONG.format(most=MOST) if step.progress.due > MOST else ""
                await services.delivery.reply(user_id, words + more)
                await _ask(services, user_id, step)
            case Unanswered(asked):
                await services.delivery.reply(user_id, UNANSWERED, render.under_unanswered(), reply_to=asked.message_id)
            case Rest(progress):
                await services.delivery.reply(user_id, REST.format(when=render.resting(progress)))
            case NoCards():
                await services.delivery.reply(user_id, NO_CARDS)


async def go_on(services: Services, user_id: int) -> None:
    """Ask the next question after an answer, or tell how it went."""
    async with services.reviews.turn(user_id):
        await _show(services, user_id, await services.reviews.go_on(user_id))


async def skip(services: Services, user_id: int) -> None:
    """Close the open question and go on."""
    async with services.reviews.turn(user_id):
        if await _close(services, user_id):
            await _show(services, user_id, await services.reviews.go_on(user_id))


async def end(services: Services, user_id: int) -> None:
    """Close the open question and tell how it went."""
    async with services.reviews.turn(user_id):
        if await _close(services, user_id):
            await _show(services, user_id, await services.reviews.end(user_id))


async def _close(services: Services, user_id: int) -> bool:
    """Close the open question; whether there was one."""
    skipped = await services.reviews.skip(user_id)
    if skipped is not None and skipped.message_id is not None:
        await services.delivery.stop_poll(user_id, skipped.message_id, render.under_closed())
    return skipped is not None


async def _show(services: Services, user_id: int, step: Step | None) -> None:
    match step:
        case Next():
            await _ask(services, user_id, step)
        case Over():
            words, keyboard = render.summary(step)
            picture = await services.reviews.picture(step.progress)
            outcome = await services.delivery.photo(user_id, picture, words, keyboard)
            if isinstance(outcome, Refused) and not outcome.gone:
                await services.delivery.reply(user_id, words, keyboard)


async def _ask(services: Services, user_id: int, step: Next) -> None:
    """Send a question, again where it certainly did not arrive; one that Telegram won't take makes way for others."""
    for _ in range(MOST_TRIES):
        outcome = await ask(
            services,
            Place(user_id, 0),
            step.question,
            "review",
            title=render.title(step),
            keyboard=render.under_question(),
            number=step.number,
        )
        if not isinstance(outcome, Later) or outcome.seconds > LONGEST_WAIT:
            break
        await asyncio.sleep(outcome.seconds)
    if isinstance(outcome, Refused) and not outcome.gone:
        await services.reviews.put_off(user_id, step.question)
    if not isinstance(outcome, Sent) and not (isinstance(outcome, Refused) and outcome.gone):
        await services.delivery.reply(user_id, LOST)
