"""Reviews: what somebody got wrong anywhere comes back to them, until they know it."""

import asyncio
import datetime as dt
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.feedback import Feedback
from bot.services.library import Library
from bot.services.polls import UNREPEATED_SECONDS, Place
from bot.services.progress import Progress, progress_at
from bot.services.progress_picture import draw_progress
from bot.services.remembering import Memory, Schedule, rating
from bot.storage import cards, polls
from bot.storage.cards import Answer, Asked, Card
from bot.storage.database import lasting, reading
from knowledge.quiz import Key, Question

MOST = 10  # questions of one review
DRAWN_AT_ONCE = 1  # a picture takes a tenth of a second of a processor; answers need what is left
PUT_OFF_SECONDS = 600.0  # for which a question doesn't come back whose answer was shown without being asked for
KEPT_SECONDS = 400 * 24 * 3600.0  # after the last answer of any kind; a firm card may have to wait for a year


@dataclass(frozen=True)
class NoCards:
    """There is nothing to review, and never was."""


@dataclass(frozen=True)
class Rest:
    """Nothing is due now."""

    progress: Progress


@dataclass(frozen=True)
class Unanswered:
    """A question is open in the chat; it has to be answered or skipped first."""

    asked: Asked


@dataclass(frozen=True)
class Next:
    """A question to be asked now, the `number`th of `of`."""

    progress: Progress
    question: Question
    number: int
    of: int


@dataclass(frozen=True)
class Over:
    """A review has ended: there is nothing more that is due, it was long enough, or they want no more."""

    progress: Progress
    answered: int
    right: int


Step: TypeAlias = Next | Over


class Reviews:
    """Everybody's cards, and the reviews in their private chats.

    Nothing is kept of a running review but its questions, so that it goes on after a restart. Cards are made of
    answers when they are needed, over and over: an answer counts for a card only if it came after what the card knows.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        library: Library,
        feedback: Feedback,
        zone: Callable[[Place], Awaitable[ZoneInfo]],
        clock: Callable[[], float] = time.time,
        *,
        fuzz: bool = True,
    ) -> None:
        """`zone` tells whose clock a place goes by; `fuzz` is `Schedule`'s."""
        self._engine = engine
        self._library = library
        self._feedback = feedback
        self._zone = zone
        self._clock = clock
        self._schedule = Schedule(fuzz=fuzz)
        self._room = asyncio.Semaphore(DRAWN_AT_ONCE)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def turn(self, user_id: int) -> asyncio.Lock:
        """To be held from a step until its question is recorded: two steps at once would ask the same."""
        return self._locks.setdefault(user_id, asyncio.Lock())

    async def begin(self, user_id: int) -> NoCards | Rest | Unanswered | Next:
        """Somebody wants to review."""
        waiting = await self.waiting(user_id)
        if waiting is not None:
            return Unanswered(waiting)
        known = await self._known(user_id)
        if not known:
            return NoCards()
        progress = await self._progress(user_id, known)
        return await self._next(user_id, progress, known, []) or Rest(progress)

    async def go_on(self, user_id: int) -> Step | None:
        """Somebody has answered; None where another question is open already."""
        if await self.waiting(user_id) is not None:
            return None
        known = await self._known(user_id)
        progress = await self._progress(user_id, known)
        asked = await self._asked(user_id)
        following = await self._next(user_id, progress, known, asked) if len(asked) < MOST else None
        return following or _over(progress, asked)

    async def waiting(self, user_id: int) -> Asked | None:
        """The question of a review that waits for somebody's answer."""
        return next((asked for asked in reversed(await self._asked(user_id)) if asked.is_open), None)

    async def is_running(self, user_id: int) -> bool:
        """Whether a question waits for an answer, or may do so in a moment."""
        return self.turn(user_id).locked() or await self.waiting(user_id) is not None

    async def skip(self, user_id: int) -> Asked | None:
        """Somebody passes over the open question: it is closed here, and has to be in the chat; None where none is."""
        waiting = await self.waiting(user_id)
        if waiting is None:
            return None
        async with lasting(self._engine) as connection:
            await polls.set_state(connection, waiting.poll, "closed")
            await cards.put_off(connection, user_id, waiting.key, self._clock() + PUT_OFF_SECONDS)
        return waiting

    async def end(self, user_id: int) -> Over:
        """Somebody has had enough; an open question should have been skipped."""
        known = await self._known(user_id)
        return _over(await self._progress(user_id, known), await self._asked(user_id))

    async def put_off(self, user_id: int, question: Question) -> None:
        """A question could not be asked: others come first."""
        async with self._engine.begin() as connection:
            await cards.put_off(connection, user_id, question.key, self._clock() + PUT_OFF_SECONDS)

    async def picture(self, progress: Progress) -> bytes:
        """How somebody stands, as PNG."""
        async with self._room:
            return await asyncio.to_thread(draw_progress, progress)

    async def forget_old(self) -> None:
        """Forget the cards of those who have been away for long."""
        async with self._engine.begin() as connection:
            await cards.forget_before(connection, self._clock() - KEPT_SECONDS)

    async def _known(self, user_id: int) -> list[Card]:
        """Somebody's cards with all that they answered until now; those that can't be asked any more are dropped."""
        async with lasting(self._engine) as connection:
            kept = {card.key: card for card in await cards.cards_of(connection, user_id)}
            since = self._clock() - UNREPEATED_SECONDS
            answers = await cards.answers_since(connection, user_id, since)
            now = self._counted(user_id, kept, (answer for answer in answers if self._is_askable(answer)))
            await cards.put(connection, [card for key, card in now.items() if card != kept.get(key)])
            gone = [key for key, card in now.items() if not self._is_askable(card)]
            await cards.drop(connection, user_id, gone)
        return sorted((card for key, card in now.items() if key not in gone), key=lambda card: (card.due_at, card.key))

    def _counted(
        self, user_id: int, kept: Mapping[cards.Key, Card], answers: Iterable[Answer]
    ) -> dict[cards.Key, Card]:
        known = dict(kept)
        for answer in answers:
            card, at = known.get(answer.key), answer.answered_at
            if card is None:
                if not answer.is_right:
                    known[answer.key] = _card(user_id, answer, self._schedule.missed(at))
            elif at > card.updated_at and not (answer.is_right and answer.asked_at < card.updated_at):
                # The answer to a question that was asked before the last one may be what that one's result showed.
                question = _QUESTION.validate_json(answer.question) if answer.question else None
                rated = rating(question, is_right=answer.is_right, seconds=answer.seconds)
                known[answer.key] = _card(user_id, answer, self._schedule.answered(Memory.read(card.card), rated, at))
        return known

    def _is_askable(self, of: Answer | Card) -> bool:
        return of.key in self._library.quiz.prompts and of.fact not in self._feedback.withheld

    async def _next(self, user_id: int, progress: Progress, known: Iterable[Card], asked: list[Asked]) -> Next | None:
        """The next question that is due; None where none is."""
        now = progress.moment.timestamp()
        for card in known:
            if card.due_at > now:
                return None
            question = self._question(card)
            if question is not None:
                number = len(asked) + 1
                return Next(progress, question, number, min(number - 1 + progress.due, MOST))
            async with self._engine.begin() as connection:
                await cards.drop(connection, user_id, [card.key])
            progress = replace(progress, due=progress.due - 1)
        return None

    def _question(self, card: Card) -> Question | None:
        if not self._is_askable(card):
            return None
        return self._library.quiz.again(_KEY.validate_python(card.key), seed=f"{card.user_id} {card.updated_at}")

    async def _asked(self, user_id: int) -> list[Asked]:
        async with reading(self._engine) as connection:
            return await cards.review_of(connection, user_id)

    async def _progress(self, user_id: int, known: Sequence[Card]) -> Progress:
        moment = dt.datetime.fromtimestamp(self._clock(), await self._zone(Place(user_id, 0)))
        return progress_at(moment, [Memory.read(card.card).stage for card in known], [card.due_at for card in known])


def _card(user_id: int, answer: Answer, memory: Memory) -> Card:
    return Card(user_id, *answer.key, memory.text, memory.due_at, answer.answered_at)


def _over(progress: Progress, asked: Iterable[Asked]) -> Over:
    answers = [each.is_right for each in asked if each.is_right is not None]
    return Over(progress, len(answers), sum(answers))


_KEY: TypeAdapter[Key] = TypeAdapter(Key)
_QUESTION = TypeAdapter(Question)
