"""Conducts quiz rounds: asks again and again in which of them something is to be done, and does it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.delivery import Later, Moved, PostOutcome, Refused, Sent, Uncertain
from bot.services.rounds import Ask, Board
from bot.ticking import FAULT_SECONDS, LONGEST_SLEEP, keep_ticking, recorded
from handlers import render_quiz
from handlers.asking import ask
from handlers.context import Services

AT_WORK = 40  # rounds in which something is being done at once
NO_POLLS = ("not enough rights to send polls", "chat_send_poll_forbidden")  # what Telegram says where none are allowed

log = logging.getLogger(__name__)

T = TypeVar("T")


class Conductor:
    """Sends the questions and boards of all rounds. Nothing is kept here that a restart could lose."""

    def __init__(
        self,
        services: Services,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._services = services
        self._rounds = services.rounds
        self._clock = clock
        self._sleep = sleep
        self._work: dict[int, asyncio.Task[None]] = {}  # by the round's id
        self._claimed: set[int] = set()

    async def run(self) -> None:
        """Conduct for ever."""
        await keep_ticking("rounds", self.tick, self._rounds.changed, self._sleep, self._rounds.recover)

    async def tick(self) -> float:
        """Begin what is to be done now; seconds until there may be more."""
        for round_id in await self._rounds.due(AT_WORK + len(self._work)):
            if round_id not in self._work and len(self._work) < AT_WORK:
                self._work[round_id] = asyncio.create_task(self._handle(round_id))
        moment = await self._rounds.next_moment(tuple(self._work))
        if moment is None or len(self._work) >= AT_WORK:
            return LONGEST_SLEEP
        return min(max(moment - self._clock(), 0.0), LONGEST_SLEEP)

    async def finish(self) -> None:
        """Wait for all that was begun."""
        await asyncio.gather(*self._work.values())

    async def close(self) -> None:
        """Begin no more attempts; wait for those under way."""
        for round_id, task in self._work.items():
            if round_id not in self._claimed:
                task.cancel()
        await asyncio.gather(*self._work.values(), return_exceptions=True)

    async def _handle(self, round_id: int) -> None:
        """Take a round's next step; it stays at work until that is on record."""
        try:
            step = await self._rounds.step(round_id)
            if step is not None:
                await self._close(step)
                await (self._ask(step) if isinstance(step, Ask) else self._show(step))
        except SQLAlchemyError as error:
            log.error("round %d waits for the database: %s", round_id, error)  # noqa: TRY400 - one line is enough
            await self._hold(round_id, LONGEST_SLEEP)
        except Exception:
            log.exception("round %d meets a fault of ours", round_id)
            await self._hold(round_id, FAULT_SECONDS)
        finally:
            self._claimed.discard(round_id)
            del self._work[round_id]
            self._rounds.changed.set()

    async def _close(self, step: Ask | Board) -> None:
        """Close the question before, so that all see the right answer and nobody answers too late."""
        if step.close is not None:
            await self._services.delivery.stop_poll(step.place.chat_id, step.close, render_quiz.after_question())

    async def _ask(self, step: Ask) -> None:
        outcome = await ask(
            self._services,
            step.place,
            step.question,
            "round",
            title=render_quiz.numbered(step),
            seconds=step.open_seconds,
            is_anonymous=step.audience == "channel",
            keyboard=render_quiz.question_buttons(step),
            round_id=step.round_id,
            number=step.position,
            claim=lambda: self._claim(step),
        )
        match outcome:
            case Sent():
                stopped = await self._recorded(lambda: self._rounds.asked(step))
                if stopped is not None:
                    await self._services.delivery.stop_poll(step.place.chat_id, stopped, render_quiz.after_question())
            case Uncertain():
                await self._recorded(lambda: self._rounds.lost(step))
            case Refused(reason):
                await self._recorded(lambda: self._rounds.finish(step.round_id))
                if not outcome.gone:
                    text = render_quiz.refused(no_polls=any(words in reason.lower() for words in NO_POLLS))
                    place = step.place
                    await self._services.delivery.reply(place.chat_id, text, thread_id=place.thread_id or None)
            case _:
                await self._try_later(step, outcome)

    async def _show(self, board: Board) -> None:
        place, (html, keyboard) = board.place, render_quiz.board(board)
        outcome = await self._services.delivery.post(
            place.chat_id,
            place.thread_id or None,
            html,
            keyboard,
            silent=False,
            urgent=True,
            claim=lambda: self._claim(board),
        )
        if isinstance(outcome, Sent | Uncertain | Refused):
            await self._recorded(lambda: self._rounds.finish(board.round_id))
        else:
            await self._try_later(board, outcome)

    async def _try_later(self, step: Ask | Board, outcome: PostOutcome | None) -> None:
        match outcome:
            case Later(seconds, reason):
                log.info("round %d waits for %.0f s: %s", step.round_id, seconds, reason)
                await self._recorded(lambda: self._rounds.postpone(step, seconds))
            case Moved(chat_id):
                await self._recorded(lambda: self._rounds.postpone(step, 0))
                await self._recorded(lambda: self._services.chats.moved(step.place.chat_id, chat_id))

    async def _claim(self, step: Ask | Board) -> bool:
        self._claimed.add(step.round_id)
        claimed = await self._rounds.claim(step)
        if not claimed:
            self._claimed.discard(step.round_id)
        return claimed

    async def _hold(self, round_id: int, seconds: float) -> None:
        """Wait, then let a round go on from wherever its step was cut short."""
        await self._sleep(seconds)
        await self._recorded(lambda: self._rounds.resume(round_id))

    async def _recorded(self, write: Callable[[], Awaitable[T]]) -> T:
        return await recorded("a round", write, self._sleep)
