"""Asking a quiz question in a chat: recorded before it is sent, and what became of it after."""

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError
from telegram import InlineKeyboardMarkup

from bot.delivery import Delivery, Later, Moved, PostOutcome, QuizPoll, Refused, Sent, Uncertain
from bot.services.polls import Place, Polls, Purpose
from knowledge.pack import LONGEST_QUESTION
from knowledge.quiz import Question

RECORD_SECONDS = (1.0, 2.0, 4.0, 8.0)  # between attempts to record what became of a question

log = logging.getLogger(__name__)


class Asking(Protocol):
    """What it takes to ask, such as all services together."""

    @property
    def delivery(self) -> Delivery: ...
    @property
    def polls(self) -> Polls: ...


async def ask(
    services: Asking,
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

    async def settle(write: Callable[[], Awaitable[None]]) -> None:
        """What isn't on record would be uncertain after the next start, so the database gets some time to come back."""
        for pause in RECORD_SECONDS:
            try:
                return await write()
            except SQLAlchemyError as error:
                log.error("what became of a question can't be recorded yet: %s", error)  # noqa: TRY400 - one line will do
                await asyncio.sleep(pause)
        return await write()

    text = f"{title}{question.question}"
    shown = QuizPoll(
        text if len(text) <= LONGEST_QUESTION else question.question,
        question.options,
        question.correct,
        question.explanation,
        seconds,
        is_anonymous,
    )
    outcome: PostOutcome | None = Uncertain()
    try:
        outcome = await services.delivery.poll(
            place.chat_id, place.thread_id or None, shown, keyboard, silent=silent, urgent=urgent, claim=begin
        )
    finally:
        match outcome:
            case Sent(int(message_id), str(poll_id)):
                await settle(lambda: services.polls.sent(poll, poll_id, message_id, seconds))
            case _ if poll:
                certain = isinstance(outcome, Refused | Later | Moved)
                await settle(lambda: services.polls.not_sent(poll, is_certain=certain))
    return outcome
