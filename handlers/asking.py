"""Asking a quiz question in a chat: recorded before it is sent, and what became of it after."""

import datetime as dt
from collections.abc import Awaitable, Callable

from telegram import InlineKeyboardMarkup

from bot.delivery import Later, Moved, PostOutcome, QuizPoll, Refused, Sent
from bot.services.polls import Place, Purpose
from handlers.context import Services
from knowledge.pack import LONGEST_QUESTION
from knowledge.quiz import Question


async def ask(
    services: Services,
    place: Place,
    question: Question,
    purpose: Purpose,
    *,
    title: str = "",
    seconds: int | None = None,
    is_anonymous: bool = False,
    keyboard: InlineKeyboardMarkup | None = None,
    silent: bool = False,
    urgent: bool = True,
    round_id: int | None = None,
    number: int | None = None,
    local_date: dt.date | None = None,
    claim: Callable[[], Awaitable[bool]] | None = None,
) -> PostOutcome | None:
    """Send a question as a poll, once; None where `claim`, awaited right before, says no.

    `title` stands before the question where there is room; the poll closes by itself after `seconds`, or never.
    """
    poll = 0

    async def begin() -> bool:
        nonlocal poll
        if claim is not None and not await claim():
            return False
        poll = await services.polls.begin(
            place, question, purpose, round_id=round_id, number=number, local_date=local_date
        )
        return True

    text = f"{title}{question.question}"
    shown = QuizPoll(
        text if len(text) <= LONGEST_QUESTION else question.question,
        question.options,
        question.correct,
        question.explanation,
        seconds,
        is_anonymous,
    )
    outcome = await services.delivery.poll(
        place.chat_id, place.thread_id or None, shown, keyboard, silent=silent, urgent=urgent, claim=begin
    )
    match outcome:
        case Sent(int(message_id), str(poll_id)):
            await services.polls.sent(poll, poll_id, message_id, seconds)
        case _ if poll:
            await services.polls.not_sent(poll, is_certain=isinstance(outcome, Refused | Later | Moved))
    return outcome
