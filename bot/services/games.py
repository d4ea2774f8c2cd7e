"""Quiz games in messages that were sent inline: whoever sees the message may play, and every press counts once."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.services.library import Library
from bot.services.picking import Picker
from bot.services.polls import KEPT_SECONDS
from bot.storage import games, players
from bot.storage.database import lasting, reading
from bot.storage.games import Game, GameVote, State
from bot.storage.gathering import Gathered
from knowledge.quiz import Question, Quiz
from knowledge.quiz_wish import Wish, title

__all__ = ["Declined", "Done", "Games", "Marked", "Move", "Offer", "Scene", "Score"]

REVEAL_SECONDS = 30.0  # from the first answer to a question: enough to read it and think, too short to look it up
NEXT_SECONDS = 25.0  # for which the right answer stands there until the next question comes by itself
PATIENCE_SECONDS = 8.0  # of these, for which only who started the game may go on: the others may still be reading
SLEEP_SECONDS = 10 * 60.0  # without an answer, after which a game waits for somebody to come back
GAME_SECONDS = 30 * 24 * 3600  # for which a game is kept, so that its buttons work
LENGTHS = (5, 3, 10)  # questions of the games that are offered, the usual one first
MOST_TOPICS = 6  # that are offered to somebody who names none
OFFERED = "offered"  # a seed: it is only counted what there is
LEAST_OF_TOPIC = 10  # questions about it, so that a topic is worth offering

log = logging.getLogger(__name__)

Reason = Literal["gone", "begun", "no questions", "over", "revealed", "not yours", "too soon", "awake"]


@dataclass(frozen=True)
class Offer:
    """A game that somebody may send; `wish` asks for as many questions as there are."""

    wish: Wish
    title: str  # what it is about, in a few words; empty where it is about all


@dataclass(frozen=True)
class Declined:
    """Nothing happens; `number` is that of the question that is on."""

    reason: Reason
    number: int = 0


@dataclass(frozen=True)
class Done:
    """It happened, and the message will show it."""


@dataclass(frozen=True)
class Marked:
    """An answer that counts, or with `again` the one that had counted before."""

    question: Question
    option: int
    again: bool = False

    @property
    def is_right(self) -> bool:
        return self.option == self.question.correct


Move: TypeAlias = Done | Declined


@dataclass(frozen=True)
class Score:
    """What a player earned in a game; those with equal places share them."""

    place: int
    name: str | None  # None for one who hides
    right: int
    seconds: float  # that the right answers took in all


@dataclass(frozen=True)
class Scene:
    """What a game's message is to show."""

    state: State
    title: str
    question: Question  # the one that is on
    number: int  # of it, from 1 to `of`
    of: int
    press: int  # the number that its buttons carry: no other question of that message ever had or will have it
    answered: int  # players who did
    right: int  # of these
    scores: tuple[Score, ...]
    edit_at: float | None  # hand it to `shown`


@dataclass(frozen=True)
class _Press:
    """Somebody's answer on its way to be counted."""

    message: str
    user_id: int
    name: str
    number: int
    option: int


class Games:
    """All games; each is known by the id of its message."""

    def __init__(
        self, engine: AsyncEngine, library: Library, picker: Picker, clock: Callable[[], float] = time.time
    ) -> None:
        self._engine = engine
        self._library = library
        self._picker = picker
        self._clock = clock
        self._answers = Gathered(engine, self._count)
        self._topics_of: tuple[Quiz | None, list[Wish]] = (None, [])  # worked out once for each state of the library
        self.changed = asyncio.Event()  # there is something to show, or to wait for, that there was not before

    def offers(self, wish: Wish | None = None) -> tuple[Offer, ...]:
        """The games that can be sent for a wish, the one that fits best first; none where there are no questions.

        Without a wish games about what is known best are among them.
        """
        asked = wish or Wish()
        lengths = tuple(dict.fromkeys((asked.n, *LENGTHS)))
        available = len(self._picker.some(asked, OFFERED, max(lengths)))
        fitting = dict.fromkeys(min(n, available) for n in lengths) if available else {}
        wishes = [replace(asked, n=n) for n in fitting]
        if wish is None:
            wishes += self._usual_topics()
        return tuple(Offer(each, title(self._library.index, each)) for each in wishes)

    async def begin(self, message: str, user_id: int, wish: Wish) -> Move:
        """Begin the game that a message offers: whoever is first to do so has started it."""
        async with reading(self._engine) as connection:
            begun = await games.find(connection, message)
        if begun is not None:
            return Declined("begun")
        questions = await self._picker.pick(wish, None, user_id)
        if not questions:
            return Declined("no questions")
        now = self._clock()
        game = Game(
            message,
            user_id,
            _WISH.dump_json(wish).decode(),
            _QUESTIONS.dump_json(questions).decode(),
            earlier=0,
            number=1,
            state="open",
            opened_at=now,
            step_at=now + SLEEP_SECONDS,
            edit_at=now,
            created_at=now,
        )
        async with lasting(self._engine) as connection:
            is_first = await games.keep(connection, game)
        self.changed.set()
        return Done() if is_first else Declined("begun")

    async def answer(self, message: str, user_id: int, name: str, number: int, option: int) -> Marked | Declined:
        """Count somebody's answer to a question; it is kept once this returns."""
        return await self._answers.do(_Press(message, user_id, name, number, option))

    async def reveal(self, message: str, user_id: int, number: int) -> Move:
        """Show the answer to a question: for who started the game."""

        async def change(_: AsyncConnection, game: Game, now: float) -> Game | Declined:
            if (declined := _not_on(game, number)) is not None:
                return declined
            return _revealed(game, now) if game.started_by == user_id else Declined("not yours")

        return await self._change(message, change)

    async def go_on(self, message: str, user_id: int, number: int) -> Move:
        """Go on to the next question, or to the scores: for who started the game, and after a while for everybody."""

        async def change(_: AsyncConnection, game: Game, now: float) -> Game | Declined:
            if game.number != number or game.state != "revealed":
                return Declined("over", game.number - game.earlier)
            is_early = game.step_at is not None and now < game.step_at - NEXT_SECONDS + PATIENCE_SECONDS
            return Declined("too soon") if is_early and game.started_by != user_id else _next(game, now)

        return await self._change(message, change)

    async def wake(self, message: str, number: int) -> Move:
        """Go on with a game that had gone to sleep."""

        async def change(_: AsyncConnection, game: Game, now: float) -> Game | Declined:
            if game.number != number or game.state != "asleep":
                return Declined("awake")
            return replace(game, state="open", opened_at=now, step_at=now + SLEEP_SECONDS)

        return await self._change(message, change)

    async def rematch(self, message: str, user_id: int, number: int) -> Move:
        """Play again in the same message, with the same wish and other questions; `number` is the last one's."""
        async with reading(self._engine) as connection:
            kept = await games.find(connection, message)
            answered = await games.votes(connection, message, 0)
        if kept is None:
            return Declined("gone")
        wish = _WISH.validate_json(kept.wish)
        asked = {question.fact for question in _questions(kept)} | {vote.fact for vote in answered}
        questions = await self._picker.pick(wish, None, user_id, reserved=asked)
        questions = questions or await self._picker.pick(wish, None, user_id)
        if not questions:
            return Declined("no questions")

        async def change(_: AsyncConnection, game: Game, now: float) -> Game | Declined:
            if game.number != number or game.state != "over":
                return Declined("begun")
            again = replace(game, started_by=user_id, questions=_QUESTIONS.dump_json(questions).decode())
            return _opened(replace(again, earlier=game.number, created_at=now), now)

        return await self._change(message, change)

    async def question(self, message: str, number: int) -> Question | None:
        """The question of a number that a message's buttons carry; None where it is no longer kept."""
        async with reading(self._engine) as connection:
            game = await games.find(connection, message)
        of_game = _questions(game) if game else ()
        place = number - game.earlier - 1 if game else -1
        return of_game[place] if 0 <= place < len(of_game) else None

    async def step(self) -> float | None:
        """Do all that is due by itself; the moment of what comes next."""
        async with reading(self._engine) as connection:
            due = await games.due(connection, self._clock())
        for message in due:
            try:
                await self._change(message, _by_itself)
            except ValidationError:
                log.exception("a game that another version kept can't be read; it ends")
                await self._stop(message)
        async with reading(self._engine) as connection:
            return await games.next_step(connection)

    async def unshown(self) -> Sequence[str]:
        """The messages that show what is no longer so, the longest ago first."""
        async with reading(self._engine) as connection:
            return await games.unshown(connection)

    async def scene(self, message: str) -> Scene | None:
        """What a message is to show now; None where its game is no longer kept."""
        async with reading(self._engine) as connection:
            game = await games.find(connection, message)
            if game is None:
                return None
            given = await games.votes(connection, message, game.earlier)
            names = await players.names(connection, {vote.user_id for vote in given})
        try:
            questions, place = _questions(game), game.number - game.earlier
        except ValidationError:
            log.exception("a game that another version kept can't be shown; it ends")
            await self._stop(message)
            return None
        here = [vote for vote in given if vote.number == game.number]
        return Scene(
            game.state,
            title(self._library.index, _WISH.validate_json(game.wish)),
            questions[place - 1],
            place,
            len(questions),
            game.number,
            len(here),
            sum(vote.is_right for vote in here),
            _scores(given, {user: names.get(user) for user in {vote.user_id for vote in given}}),
            game.edit_at,
        )

    async def shown(self, message: str, edit_at: float | None) -> None:
        """A message shows the scene that had this `edit_at`."""
        async with self._engine.begin() as connection:
            await games.shown(connection, message, edit_at)

    async def forget_old(self) -> None:
        """Forget games whose buttons are too old, and answers that no longer count against asking again."""
        now = self._clock()
        async with self._engine.begin() as connection:
            await games.forget_before(connection, now - GAME_SECONDS, now - KEPT_SECONDS)

    def _usual_topics(self) -> list[Wish]:
        """Easy and hard games, and what most can be asked about, but for the one whom all is about."""
        quiz, index = self._library.quiz, self._library.index
        if self._topics_of[0] is quiz:
            return self._topics_of[1]
        number: dict[str, int] = defaultdict(int)
        for fact, _ in quiz.prompts:
            for entity in index.facts[fact].about:
                number[entity] += 1
        number.pop(index.main_person or "", None)
        best = sorted(number, key=lambda entity: (-number[entity], entity))
        wishes = [Wish(difficulty="easy"), Wish(difficulty="hard")]
        wishes += [Wish(about=(entity,)) for entity in best[:MOST_TOPICS] if number[entity] >= LEAST_OF_TOPIC]
        found = [wish for wish in wishes if self._picker.some(wish, OFFERED)]
        self._topics_of = quiz, found
        return found

    async def _stop(self, message: str) -> None:
        async with self._engine.begin() as connection:
            await games.stop(connection, message)

    async def _change(
        self, message: str, change: Callable[[AsyncConnection, Game, float], Awaitable[Game | Declined]]
    ) -> Move:
        now = self._clock()
        async with lasting(self._engine) as connection:
            game = await games.get_locked(connection, message)
            if game is None:
                return Declined("gone")
            changed = await change(connection, game, now)
            if isinstance(changed, Declined):
                return changed
            await games.change(connection, _touched(changed, now))
        self.changed.set()
        return Done()

    async def _count(self, connection: AsyncConnection, presses: Sequence[_Press]) -> list[Marked | Declined]:
        """Count answers, in the order in which they came; each game is read and written once."""
        before = {m: await games.get_locked(connection, m) for m in sorted({press.message for press in presses})}
        after, results = dict(before), []
        for press in presses:
            result, after[press.message] = await self._count_one(connection, after[press.message], press)
            results.append(result)
        for message, game in after.items():
            if game is not None and game is not before[message]:
                await games.change(connection, game)
        self.changed.set()
        return results

    async def _count_one(
        self, connection: AsyncConnection, game: Game | None, press: _Press
    ) -> tuple[Marked | Declined, Game | None]:
        if game is None:
            return Declined("gone"), None
        if game.number != press.number:
            return Declined("over", game.number - game.earlier), game
        question, now = _questions(game)[press.number - game.earlier - 1], self._clock()
        if press.option >= len(question.options):
            return Declined("gone"), game
        is_late = game.state in ("revealed", "over")
        seconds = max(now - game.opened_at, 0.0)
        is_right = press.option == question.correct
        given = GameVote(
            press.message, press.number, press.user_id, *question.key, press.option, is_right, seconds, now
        )
        if is_late or not await games.vote(connection, given):
            before = await games.vote_of(connection, press.message, press.number, press.user_id)
            return Marked(question, before.option, again=True) if before else Declined("revealed"), game
        await players.note(connection, press.user_id, press.name, now)
        if game.step_at is None or game.step_at >= game.opened_at + SLEEP_SECONDS:  # nobody had answered
            game = replace(game, state="open", step_at=now + REVEAL_SECONDS)
        return Marked(question, press.option), _touched(game, now)


async def _by_itself(connection: AsyncConnection, game: Game, now: float) -> Game | Declined:
    """What happens when nobody presses anything for long enough."""
    if game.step_at is None or game.step_at > now:
        return Declined("awake")
    if game.state == "revealed":
        return _next(game, now)
    if await games.votes(connection, game.inline_message_id, game.number - 1):
        return _revealed(game, now)
    return replace(game, state="asleep", step_at=None)


def _not_on(game: Game, number: int) -> Declined | None:
    """Why a question takes no answers any more; None while it does."""
    if game.number != number:
        return Declined("over", game.number - game.earlier)
    return Declined("revealed") if game.state in ("revealed", "over") else None


def _revealed(game: Game, now: float) -> Game:
    return replace(game, state="revealed", step_at=now + NEXT_SECONDS)


def _next(game: Game, now: float) -> Game:
    """The next question, or the scores after the last one."""
    if game.number - game.earlier == len(_questions(game)):
        return replace(game, state="over", step_at=None)
    return _opened(game, now)


def _opened(game: Game, now: float) -> Game:
    return replace(game, number=game.number + 1, state="open", opened_at=now, step_at=now + SLEEP_SECONDS)


def _touched(game: Game, now: float) -> Game:
    """The game with something new to show: its `edit_at` is never one that it had before."""
    return replace(game, edit_at=max(now, (game.edit_at or 0.0) + 0.001))


def _questions(game: Game) -> tuple[Question, ...]:
    return _QUESTIONS.validate_json(game.questions)


def _scores(given: Sequence[GameVote], names: dict[int, str | None]) -> tuple[Score, ...]:
    """All who answered, best first: by right answers, then by the time that these took."""
    right: dict[int, int] = dict.fromkeys(names, 0)
    seconds: dict[int, float] = dict.fromkeys(names, 0.0)
    for vote in given:
        if vote.is_right:
            right[vote.user_id] += 1
            seconds[vote.user_id] += vote.seconds
    ranks = {user: (-right[user], round(seconds[user])) for user in names}
    return tuple(
        Score(1 + sum(other < ranks[user] for other in ranks.values()), names[user], right[user], seconds[user])
        for user in sorted(names, key=lambda user: (ranks[user], user))
    )


_WISH = TypeAdapter(Wish)
_QUESTIONS = TypeAdapter(tuple[Question, ...])
