"""Questions in chats: each is kept before it is sent, and every answer counted once."""

import asyncio
import datetime as dt
import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage import players, polls, scores
from bot.storage.database import lasting, reading
from bot.storage.polls import Poll, Purpose, Vote
from bot.storage.subscriptions import Place
from knowledge.quiz import Difficulty, Key, Question, proved_difficulty

__all__ = ["Asked", "Place", "Polls", "Purpose", "Voted"]

UNREPEATED_SECONDS = 60 * 24 * 3600  # in which no chat and no player gets a question again while there are others
KEPT_SECONDS = UNREPEATED_SECONDS + 24 * 3600
PROVED_SECONDS = 3600.0  # for which it counts how hard questions proved
LOOKS = 20  # for a poll that is being sent, and was answered before Telegram told its id
LOOK_SECONDS = 0.25  # between two of them

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A question at a place."""

    id: int
    place: Place
    purpose: Purpose
    question: Question
    state: polls.State
    message_id: int | None = None
    asked_at: float = 0.0
    closes_at: float | None = None
    round_id: int | None = None
    number: int | None = None
    local_date: dt.date | None = None


@dataclass(frozen=True)
class Voted:
    """An answer that counts."""

    asked: Asked
    user_id: int
    is_right: bool
    seconds: float


class Polls:
    """All questions that are sent as polls, and the answers to them."""

    def __init__(
        self,
        engine: AsyncEngine,
        today: Callable[[Place], Awaitable[dt.date]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`today` tells the date on a place's clock."""
        self._engine = engine
        self._today = today
        self._clock = clock
        self._proved: dict[Key, Difficulty] = {}
        self._proved_at = -math.inf
        self._being_sent: set[int] = set()

    async def begin(
        self,
        place: Place,
        question: Question,
        purpose: Purpose,
        *,
        round_id: int | None = None,
        number: int | None = None,
        local_date: dt.date | None = None,
    ) -> int:
        """Record an attempt to ask, right before it is made; the id under which its outcome is to be told."""
        poll = Poll(
            place.chat_id,
            place.thread_id,
            purpose,
            *question.key,
            _QUESTION.dump_json(question).decode(),
            self._clock(),
            round_id,
            number,
            local_date,
        )
        async with lasting(self._engine) as connection:
            kept = await polls.keep(connection, poll)
        self._being_sent.add(kept)
        return kept

    async def sent(self, poll: int, poll_id: str, message_id: int, seconds: float | None) -> None:
        """A question has arrived; it closes by itself after so many seconds, or never."""
        now = self._clock()
        async with lasting(self._engine) as connection:
            await polls.opened(connection, poll, poll_id, message_id, now, now + seconds if seconds else None)
        self._being_sent.discard(poll)

    async def not_sent(self, poll: int, *, is_certain: bool) -> None:
        """A question did not arrive, or nobody knows whether it did."""
        async with self._engine.begin() as connection:
            await polls.set_state(connection, poll, "failed" if is_certain else "uncertain")
        self._being_sent.discard(poll)

    async def closed(self, poll: int) -> None:
        """A question takes no more answers."""
        async with self._engine.begin() as connection:
            await polls.set_state(connection, poll, "closed")

    async def recover(self) -> None:
        """At a start: attempts that a stop left without an outcome are uncertain, and never made again."""
        async with lasting(self._engine) as connection:
            parked = await polls.park_sending(connection)
        if parked:
            log.warning("%d questions were being sent when the bot stopped; they may have arrived", parked)

    async def of(self, poll_id: str) -> Asked | None:
        """The question behind a poll of Telegram's; None where it is none of ours, or too old."""
        for _ in range(LOOKS):
            may_come = bool(self._being_sent)  # asked before the look, or what arrives between the two is missed
            async with reading(self._engine) as connection:
                found = await polls.find(connection, poll_id)
            if found or not may_come:
                return _asked(found) if found else None
            await asyncio.sleep(LOOK_SECONDS)
        return None

    async def of_message(self, chat_id: int, message_id: int) -> Asked | None:
        """The question that a message is; None where it is none of ours, or too old."""
        async with reading(self._engine) as connection:
            found = await polls.find_message(connection, chat_id, message_id)
        return _asked(found) if found else None

    async def vote(self, asked: Asked, user_id: int, name: str, option: int) -> Voted | None:
        """Count an answer of somebody who may answer there; None where they did before, or the question is over."""
        now = self._clock()
        is_right = option == asked.question.correct
        # An answer that waited while the bot was down was given before the question closed.
        seconds = max(min(now, asked.closes_at or now) - asked.asked_at, 0.0)
        today = await self._today(asked.place)
        async with lasting(self._engine) as connection:
            found = await polls.get_locked(connection, asked.id)
            given = Vote(asked.id, user_id, option, is_right, seconds, now)
            if found is None or found.state != "open" or not await polls.vote(connection, given):
                return None
            await players.note(connection, user_id, name, now)
            await _score(connection, found, given, today)
        return Voted(asked, user_id, is_right, seconds)

    async def seen(self, place: Place | None, user_id: int | None = None) -> Mapping[Key, float]:
        """What a place was asked lately, or a player has answered anywhere, with the last moment of each."""
        async with reading(self._engine) as connection:
            found = await polls.seen(connection, place, user_id, self._clock() - UNREPEATED_SECONDS)
        return _KEYS.validate_python(found)

    async def proved(self) -> Mapping[Key, Difficulty]:
        """How hard questions proved that were answered often; counted anew every hour."""
        now = self._clock()
        if now - self._proved_at > PROVED_SECONDS:
            async with reading(self._engine) as connection:
                found = _TALLIES.validate_python(await polls.tallies(connection))
            known = {key: proved_difficulty(*tally) for key, tally in found.items()}
            self._proved = {key: difficulty for key, difficulty in known.items() if difficulty}
            self._proved_at = now
        return self._proved

    async def forget_old(self) -> None:
        """Forget what no longer counts against asking it again."""
        async with self._engine.begin() as connection:
            await polls.forget_before(connection, self._clock() - KEPT_SECONDS)


async def _score(connection: AsyncConnection, poll: Poll, given: Vote, today: dt.date) -> None:
    """Count an answer for the chat: speed only in rounds, and a date's question once, also where two topics had it."""
    chat_id, user_id, is_right = poll.chat_id, given.user_id, given.is_right
    match poll.purpose:
        case "round":
            await scores.add(connection, chat_id, user_id, today, is_right=is_right, seconds=given.seconds)
        case "day":
            date = poll.local_date or today
            if await scores.add_of_day(connection, chat_id, user_id, date, is_right=is_right):
                await scores.add(connection, chat_id, user_id, today, is_right=is_right, seconds=None)


def _asked(kept: Poll) -> Asked:
    return Asked(
        kept.id,
        kept.place,
        kept.purpose,
        _QUESTION.validate_json(kept.question),
        kept.state,
        kept.message_id,
        kept.asked_at,
        kept.closes_at,
        kept.round_id,
        kept.number,
        kept.local_date,
    )


_QUESTION = TypeAdapter(Question)
_TALLIES: TypeAdapter[dict[Key, tuple[int, int]]] = TypeAdapter(dict[Key, tuple[int, int]])
_KEYS: TypeAdapter[dict[Key, float]] = TypeAdapter(dict[Key, float])
