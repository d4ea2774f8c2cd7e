"""Rounds of quiz questions in chats: what is to be done next in each, and what came of it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.services.picking import Picker
from bot.services.polls import KEPT_SECONDS
from bot.services.standings import Line, counted, standings
from bot.storage import players, polls, rounds
from bot.storage.database import lasting, reading
from bot.storage.polls import Poll, Vote
from bot.storage.rounds import Audience, Round
from bot.storage.subscriptions import Place
from knowledge.quiz import Difficulty, Question
from knowledge.quiz_wish import Wish

__all__ = ["Audience", "Place"]

SECONDS: Mapping[Difficulty, int] = {"easy": 20, "medium": 25, "hard": 30}  # to answer a question in a group
ALONE_SECONDS = 60  # the same in private, where nobody else waits
CHANNEL_SECONDS = 60  # between two questions in a channel, where nobody knows who answers
CHANNEL_OPEN_SECONDS = 24 * 3600  # channels are read later
READY_SECONDS = 4.0  # between the word that a round begins and its first question
RESULT_SECONDS = 3.0  # to look at a question's result, and for answers that are on their way when its time is up
RESTART_SECONDS = 5.0  # for the answers that Telegram kept while the bot was down
STALE_SECONDS = 3600.0  # a round that stood still for longer ends: nobody waits for its next question
SPARE = 3  # questions more than wished, for those that may get lost on the way
QUIET = 2  # questions on end that nobody answers, after which a round ends; who answered none of them plays no more
LOOKS = 20  # for the end of a round whose board was just sent
LOOK_SECONDS = 0.05  # between two of them
LONGER_SECONDS = 24 * 3600  # for which a round is kept after its questions
FEWEST = 2  # players of a group for whom alone a question is over early

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Begun:
    """A round that was started with so many questions."""

    id: int
    wish: Wish
    total: int
    audience: Audience

    @property
    def is_short(self) -> bool:
        """Whether there were fewer questions than wished."""
        return self.total < self.wish.n


@dataclass(frozen=True)
class NoQuestions:
    """Nothing can be asked for a wish; `is_grave` where that is since nobody plays with its subject."""

    wish: Wish
    is_grave: bool


@dataclass(frozen=True)
class Running:
    """A round that is not over; `message_id` is its newest question's, None before it arrives."""

    id: int
    started_by: int
    number: int  # of the newest question, as players count
    total: int
    message_id: int | None
    is_ending: bool  # only its board is still to come


@dataclass(frozen=True)
class Cut:
    """A round or question that somebody ended before its time; `close` is a message to close by that."""

    close: int | None


@dataclass(frozen=True)
class Ask:
    """A question that is to be asked now."""

    round_id: int
    place: Place
    audience: Audience
    position: int  # among the round's questions, from 1
    question: Question
    number: int  # as players count: what got lost has none
    total: int
    close: int | None = None  # the message of the question before, where it is still open on Telegram

    @property
    def open_seconds(self) -> int:
        """Until the poll closes by itself."""
        return CHANNEL_OPEN_SECONDS if self.audience == "channel" else _seconds(self.audience, self.question)


@dataclass(frozen=True)
class Board:
    """What came of a round, to be shown now."""

    round_id: int
    place: Place
    audience: Audience
    wish: Wish
    asked: int  # questions that count
    total: int
    lines: tuple[Line, ...]
    is_quiet: bool  # it ended before its last question, since nobody answered any more
    close: int | None = None  # as in Ask


class Rounds:
    """All rounds. What is to be done next in each is in the database before it is done."""

    def __init__(
        self,
        engine: AsyncEngine,
        picker: Picker,
        reserved: Callable[[Place], Awaitable[frozenset[str]]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`reserved` tells the facts that a place's daily questions are going to ask."""
        self._engine = engine
        self._picker = picker
        self._reserved = reserved
        self._clock = clock
        self.changed = asyncio.Event()  # set whenever something may be due earlier than it was

    async def start(
        self, place: Place, audience: Audience, started_by: int, wish: Wish, user_id: int | None = None
    ) -> Begun | NoQuestions | Running:
        """Start a round, unless one is going on there; with questions that `user_id` hasn't answered lately either."""
        if going_on := await self.going_on(place):
            return going_on
        questions = await self._pick(replace(wish, n=wish.n + SPARE), place, user_id)
        if not questions:
            return NoQuestions(wish, self._picker.is_grave(wish))
        total, now = min(wish.n, len(questions)), self._clock()
        is_announced = audience != "private" or total < wish.n
        new = Round(
            place.chat_id,
            place.thread_id,
            audience,
            started_by,
            _WISH.dump_json(wish).decode(),
            _QUESTIONS.dump_json(questions).decode(),
            now,
            now + READY_SECONDS if is_announced else now,
        )
        async with lasting(self._engine) as connection:
            begun = await rounds.begin(connection, new)
        if begun is None:  # somebody else was quicker
            return await self.start(place, audience, started_by, wish, user_id)
        self.changed.set()
        return Begun(begun, wish, total, audience)

    async def _pick(self, wish: Wish, place: Place, user_id: int | None) -> tuple[Question, ...]:
        """Questions for a place; those of its coming days only where there are no others."""
        others = await self._picker.pick(wish, place, user_id, reserved=await self._reserved(place))
        return others or await self._picker.pick(wish, place, user_id)

    async def wish_of(self, round_id: int, place: Place) -> Wish | None:
        """What a round at a place was asked for; None where nobody knows it any more."""
        async with reading(self._engine) as connection:
            found = await rounds.find(connection, round_id)
        return _WISH.validate_json(found.wish) if found and found.place == place else None

    async def running(self, place: Place) -> Running | None:
        """The round at a place that is not over."""
        async with reading(self._engine) as connection:
            found = await rounds.find_at(connection, place)
            if found is None:
                return None
            asked = [poll for poll in await polls.of_round(connection, found.id) if poll.state in _SHOWN]
        newest = asked[-1].message_id if asked else None
        return Running(found.id, found.started_by, len(asked), _total(found), newest, found.state == "ending")

    async def going_on(self, place: Place) -> Running | None:
        """The round at a place. One whose board was just sent is over in a moment; who presses at once waits for it."""
        for _ in range(LOOKS):
            found = await self.running(place)
            if found is None or not found.is_ending:
                break
            await asyncio.sleep(LOOK_SECONDS)
        return found

    async def skip(self, round_id: int, position: int) -> Cut | None:
        """Go on to the next question; None where this one was over before."""
        now = self._clock()
        async with lasting(self._engine) as connection:
            found = await rounds.get_locked(connection, round_id)
            last = await _last(connection, found)
            if found is None or found.state != "running" or found.number != position:
                return None
            if last is None or last.state != "open":
                return None
            await polls.shut(connection, last.id, "skipped", now)
            await rounds.move_on(connection, round_id, now + RESULT_SECONDS)
        self.changed.set()
        return Cut(_to_close(found, last))

    async def stop(self, round_id: int) -> Cut | None:
        """End a round, so that its board comes next; None where it was over before."""
        now = self._clock()
        async with lasting(self._engine) as connection:
            found = await rounds.get_locked(connection, round_id)
            if found is None or found.state != "running":
                return None
            last = await _last(connection, found)
            if last is not None and last.state == "open":
                await polls.shut(connection, last.id, "skipped", now)
            await rounds.set_state(connection, round_id, "ending", now)
        self.changed.set()
        return Cut(_to_close(found, last) if last is not None and last.state == "open" else None)

    async def voted(self, round_id: int, humans: int | None) -> None:
        """Somebody has answered; where all have, the next question comes soon.

        All are the people in the chat, if their number is known; or those who play, if they are several.
        """
        async with reading(self._engine) as connection:
            found = await rounds.find(connection, round_id)
            asked = await polls.of_round(connection, round_id)
            votes = await polls.votes_of(connection, [poll.id for poll in asked])
        if found is None or found.state != "running" or not asked or asked[-1].state != "open":
            return
        answered = _voters(asked[-1:], votes)
        play = _voters(_arrived(asked[:-1])[-QUIET:], votes)
        if not (humans and len(answered) >= humans) and not (len(play) >= FEWEST and play <= answered):
            return
        soon = self._clock() + RESULT_SECONDS
        async with self._engine.begin() as connection:
            now = await rounds.get_locked(connection, round_id)
            if now is None or now.state != "running" or now.number != asked[-1].number:
                return
            if now.step_at is not None and now.step_at <= soon:
                return
            await rounds.move_on(connection, round_id, soon)
        self.changed.set()

    async def step(self, round_id: int) -> Ask | Board | None:
        """What is to be done now in a round; the question that was open there is closed by that."""
        now = self._clock()
        async with lasting(self._engine) as connection:
            found = await rounds.get_locked(connection, round_id)
            if found is None or found.state == "over" or found.step_at is None or found.step_at > now:
                return None
            last = await _last(connection, found)
            close = None
            if last is not None and last.state == "open":
                await polls.set_state(connection, last.id, "closed")
                if found.audience == "group" and (last.closes_at or now) > now:
                    close = last.message_id
            asked = await polls.of_round(connection, round_id)
            votes = await polls.votes_of(connection, [poll.id for poll in asked])
            aside = self._picker.withheld
            ask = _next(found, asked, votes, aside, close) if found.state == "running" else None
            if ask is not None:
                return ask
            if found.state == "running":
                await rounds.set_state(connection, round_id, "ending", now)
            names = await players.names(connection, _voters(asked, votes))
        return _board(found, asked, votes, names, close)

    async def claim(self, step: Ask | Board) -> bool:
        """Note right before an attempt that it is made; False where something else is to be done meanwhile."""
        async with lasting(self._engine) as connection:
            found = await rounds.get_locked(connection, step.round_id)
            if found is None or found.step_at is None or found.place != step.place:
                return False
            if isinstance(step, Board):
                if found.state == "ending":
                    await rounds.move_on(connection, step.round_id, None)
                return found.state == "ending"
            if found.state != "running" or found.number >= step.position:
                return False
            await rounds.move_on(connection, step.round_id, None, number=step.position)
            return True

    async def asked(self, step: Ask) -> int | None:
        """A question has arrived; its message where the round was stopped meanwhile, so that nobody answers it."""
        async with lasting(self._engine) as connection:
            found = await rounds.get_locked(connection, step.round_id)
            last = await _last(connection, found)
            if found is None or last is None or last.state != "open":
                return None
            if found.state == "running":
                if found.step_at is None:  # else all have answered it already
                    await rounds.move_on(connection, found.id, _over_at(found, last))
                return None
            await polls.shut(connection, last.id, "skipped", self._clock())
            return _to_close(found, last)

    async def lost(self, step: Ask) -> None:
        """A question may have arrived or not: nobody scores for it, and another one takes its place."""
        await self._go_on(step, self._clock() + RESULT_SECONDS)

    async def postpone(self, step: Ask | Board, seconds: float) -> None:
        """It certainly did not arrive; it is tried again after so many seconds."""
        back = step.position - 1 if isinstance(step, Ask) else None
        await self._go_on(step, self._clock() + seconds, number=back)

    async def finish(self, round_id: int) -> None:
        """A round is over: its board was sent, or nothing more can be."""
        async with lasting(self._engine) as connection:
            await rounds.set_state(connection, round_id, "over", None)

    async def resume(self, round_id: int) -> None:
        """Go on with a round of which nobody knows how its last step ended."""
        async with lasting(self._engine) as connection:
            found = await rounds.get_locked(connection, round_id)
            if found is not None and found.step_at is None and found.state == "running":
                await rounds.move_on(connection, round_id, self._clock())
            elif found is not None and found.step_at is None:
                await rounds.set_state(connection, round_id, "over", None)

    async def recover(self) -> None:
        """At a start: rounds go on where they stood, once the answers have come that Telegram kept.

        What was being sent is not sent again: another question takes the place of one, a board is not repeated.
        """
        now = self._clock()
        async with lasting(self._engine) as connection:
            for found in await rounds.unfinished(connection):
                log.info("round %d was going on when the bot stopped", found.id)
                last = await _last(connection, found)
                due = _over_at(found, last) if last and last.state == "open" and not found.step_at else found.step_at
                if found.state == "ending" and found.step_at is None:
                    await rounds.set_state(connection, found.id, "over", None)
                elif now - (due or (last.asked_at if last else found.started_at)) > STALE_SECONDS:
                    await rounds.set_state(connection, found.id, "ending", now + RESTART_SECONDS)
                else:
                    await rounds.move_on(connection, found.id, max(due or 0.0, now + RESTART_SECONDS))

    async def due(self, most: int) -> list[int]:
        """The rounds in which something is to be done now."""
        async with reading(self._engine) as connection:
            return await rounds.due(connection, self._clock(), most)

    async def next_moment(self, but: Collection[int] = ()) -> float | None:
        """When something is to be done next in any round but these."""
        async with reading(self._engine) as connection:
            return await rounds.next_step(connection, but)

    async def forget_old(self) -> None:
        """Forget rounds after their questions, or a new one could get the id that those still bear."""
        async with self._engine.begin() as connection:
            await rounds.forget_before(connection, self._clock() - KEPT_SECONDS - LONGER_SECONDS)

    async def _go_on(self, step: Ask | Board, moment: float, number: int | None = None) -> None:
        """After an attempt, unless the round was stopped or finished meanwhile, which moved it on already."""
        async with lasting(self._engine) as connection:
            found = await rounds.get_locked(connection, step.round_id)
            if found is not None and found.state == ("running" if isinstance(step, Ask) else "ending"):
                await rounds.move_on(connection, found.id, moment, number=number)
        self.changed.set()


async def _last(connection: AsyncConnection, found: Round | None) -> Poll | None:
    """The question that a round has come to, however far that came."""
    asked = await polls.of_round(connection, found.id) if found else []
    return asked[-1] if found and asked and asked[-1].number == found.number else None


def _next(
    found: Round, asked: Sequence[Poll], votes: Sequence[Vote], aside: Collection[str], close: int | None
) -> Ask | None:
    """The question that comes next, of no fact that was put aside meanwhile; None where the round ends."""
    arrived, questions = len(_arrived(asked)), list(enumerate(_QUESTIONS.validate_json(found.questions), 1))
    coming = [(position, q) for position, q in questions[found.number :] if q.fact not in aside]
    if arrived >= _total(found) or not coming or _is_quiet(found, asked, votes):
        return None
    position, question = coming[0]
    return Ask(found.id, found.place, found.audience, position, question, arrived + 1, _total(found), close)


def _board(
    found: Round, asked: Sequence[Poll], votes: Sequence[Vote], names: Mapping[int, str | None], close: int | None
) -> Board:
    count, total = counted(asked, votes) if found.audience != "channel" else _arrived(asked), _total(found)
    return Board(
        found.id,
        found.place,
        found.audience,
        _WISH.validate_json(found.wish),
        len(count),
        total,
        standings(count, votes, names),
        _is_quiet(found, asked, votes) and len(_arrived(asked)) < total,
        close,
    )


def _to_close(found: Round, last: Poll) -> int | None:
    """The message of a question that is to close at once; in channels they stay open for those who read later."""
    return last.message_id if found.audience != "channel" else None


_SHOWN = ("sending", "open", "closed", "skipped")  # states of questions that people see, or will in a moment


def _arrived(asked: Iterable[Poll]) -> list[Poll]:
    """Those that are known to stand in the chat."""
    return [poll for poll in asked if poll.state in ("open", "closed", "skipped")]


def _is_quiet(found: Round, asked: Iterable[Poll], votes: Sequence[Vote]) -> bool:
    """Whether nobody is there any more; in a channel nobody can tell."""
    last = _arrived(asked)[-QUIET:]
    over = [poll for poll in last if poll.state == "closed"]
    return found.audience != "channel" and len(over) == QUIET and not _voters(over, votes)


def _voters(asked: Iterable[Poll], votes: Iterable[Vote]) -> set[int]:
    ids = {poll.id for poll in asked}
    return {vote.user_id for vote in votes if vote.poll in ids}


def _total(found: Round) -> int:
    """Questions that players are asked."""
    return min(_WISH.validate_json(found.wish).n, len(_QUESTIONS.validate_json(found.questions)))


def _over_at(found: Round, last: Poll) -> float:
    question = _QUESTIONS.validate_json(found.questions)[found.number - 1]
    return last.asked_at + _seconds(found.audience, question) + RESULT_SECONDS


def _seconds(audience: Audience, question: Question) -> int:
    """From a question to the end of its time."""
    if audience == "group":
        return SECONDS[question.difficulty]
    return ALONE_SECONDS if audience == "private" else CHANNEL_SECONDS


_WISH = TypeAdapter(Wish)
_QUESTIONS: TypeAdapter[tuple[Question, ...]] = TypeAdapter(tuple[Question, ...])
