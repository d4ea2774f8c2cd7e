"""Answering people: the conversation is recalled, the matcher asked, the conversation remembered."""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.library import Library
from bot.storage import buttons, conversations
from bot.storage.conversations import Conversation
from bot.storage.database import reading
from knowledge import answers
from knowledge.answers import Reply
from knowledge.index import Index
from knowledge.questions import Context
from knowledge.quiz import Quiz
from knowledge.quiz_wish import subject
from knowledge.results import Ambiguous, Answer, Answered, Chat, Corrected, Source, Unknown, Why

CONTEXT_SECONDS = 30 * 60  # a question half an hour later is a new conversation
BUTTON_SECONDS = 30 * 24 * 3600  # buttons of older answers say that they are too old
KEY_BYTES = 9  # random, so that nobody guesses the key of another answer; 12 characters

T = TypeVar("T")


@dataclass(frozen=True)
class Given:
    """An answer as it goes to a chat; `key` is what its buttons refer to, or None where it has none.

    `is_doubted` says that it tells a fact which is put aside for what users reported.
    """

    answer: Answer
    key: str | None = None
    is_doubted: bool = False
    quiz: str | None = None  # an entity that the answer is about, and of which there are questions for a quiz


@dataclass(frozen=True)
class Shown:
    """Where an answer stands: each source with the document's words where the operator has them."""

    passages: tuple[tuple[Source, str | None], ...]


@dataclass(frozen=True)
class Explained:
    """What led to an answer; `why` is None for a fact that was picked rather than found."""

    why: Why | None


class Answering:
    """Questions, and the buttons under answers."""

    def __init__(
        self,
        library: Library,
        engine: AsyncEngine,
        clock: Callable[[], float] = time.time,
        withheld: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        """`withheld` tells which facts are put aside."""
        self._library = library
        self._engine = engine
        self._clock = clock
        self._subjects: tuple[Quiz, dict[tuple[str, ...], str | None]] = library.quiz, {}  # by the facts told
        self._withheld = withheld

    async def ask(self, who: Conversation, message: str) -> Given:
        """Answer a message and remember what it was about."""
        return await self._converse(
            who, lambda index, context: answers.answer(index, message, context, without=self._withheld())
        )

    async def more(self, who: Conversation, key: str) -> Given | None:
        """Another fact about what an answer was about; None where its button is too old."""
        kept = await self._kept(who.chat_id, key)
        first = kept.facts[0] if kept and kept.facts else None
        if kept is None or first not in self._library.index.facts:
            return None

        def further(index: Index, context: Context) -> Reply:
            told = tuple(f for f in dict.fromkeys((*kept.facts, *context.facts)) if f in index.facts)
            about = Context(index.facts[first].about, told, context.terms, context.slot)
            return answers.more(index, about, without=self._withheld())

        return await self._converse(who, further)

    async def about(self, who: Conversation, entity: str, told: Sequence[str]) -> Given | None:
        """A fact about somebody or something, none of those told already; None where nobody knows that entity."""
        if entity not in self._library.index.entities:
            return None

        def further(index: Index, context: Context) -> Reply:
            facts = tuple(f for f in dict.fromkeys((*told, *context.facts)) if f in index.facts)
            return answers.more(index, Context((entity,), facts), without=self._withheld())

        return await self._converse(who, further)

    async def choose(self, who: Conversation, key: str, number: int) -> Given | None:
        """The fact behind one of the choices that a message was answered with; None where its button is too old."""
        kept = await self._kept(who.chat_id, key)
        chosen = kept.choices[number] if kept and number < len(kept.choices) else None
        if chosen is None or chosen not in self._library.index.facts:
            return None
        return await self._converse(who, lambda index, context: answers.tell(index, chosen, context))

    async def sources(self, chat_id: int, key: str) -> Shown | None:
        """Where an answer stands; None where its button is too old."""
        kept = await self._kept(chat_id, key)
        index = self._library.index
        known = [f for f in kept.facts if f in index.facts] if kept else []
        if not known:
            return None
        return Shown(tuple((s, self._library.passage(s)) for s in answers.sources_of(index, known)))

    async def why(self, chat_id: int, key: str) -> Explained | None:
        """What led to an answer; None where its button is too old."""
        kept = await self._kept(chat_id, key)
        return Explained(kept.why) if kept else None

    async def told(self, chat_id: int, key: str) -> tuple[str, ...]:
        """The facts that an answer told; none where its button is too old."""
        kept = await self._kept(chat_id, key)
        return tuple(f for f in kept.facts if f in self._library.index.facts) if kept else ()

    async def start_over(self, who: Conversation) -> None:
        """Forget what a conversation was about."""
        async with self._engine.begin() as connection:
            await conversations.forget(connection, who)

    async def forget_old(self) -> None:
        """Drop conversations and buttons past their time."""
        now = self._clock()
        async with self._engine.begin() as connection:
            await conversations.forget_older(connection, now - CONTEXT_SECONDS)
            await buttons.drop_answers_older(connection, now - BUTTON_SECONDS)

    async def _converse(self, who: Conversation, turn: Callable[[Index, Context], Reply]) -> Given:
        now = self._clock()
        async with self._engine.begin() as connection:
            remembered = await conversations.recall(connection, who, now - CONTEXT_SECONDS)
            index = self._library.index
            context = _still_known(index, _read(_CONTEXT, remembered) or Context())
            reply = turn(index, context)
            if reply.context != context:
                await conversations.remember(connection, who, _CONTEXT.dump_json(reply.context).decode(), now)
            key = None
            if kept := _Kept.of(reply.answer):
                key = secrets.token_urlsafe(KEY_BYTES)
                await buttons.keep_answer(connection, key, who.chat_id, _KEPT.dump_json(kept).decode(), now)
        told = getattr(reply.answer, "facts", ())
        return Given(reply.answer, key, not self._withheld().isdisjoint(told), self._subject(reply.answer))

    def _subject(self, answer: Answer) -> str | None:
        """Whom or what a quiz after an answer could be about."""
        if not isinstance(answer, Answered | Corrected):
            return None
        quiz = self._library.quiz
        if self._subjects[0] is not quiz:
            self._subjects = quiz, {}
        known = self._subjects[1]
        if answer.facts not in known:
            known[answer.facts] = subject(self._library.index, quiz, answer.facts)
        return known[answer.facts]

    async def _kept(self, chat_id: int, key: str) -> "_Kept | None":
        async with reading(self._engine) as connection:
            text = await buttons.kept_answer(connection, key, chat_id, self._clock() - BUTTON_SECONDS)
        return _read(_KEPT, text)


@dataclass(frozen=True)
class _Kept:
    """What is kept of an answer for its buttons."""

    facts: tuple[str, ...]
    choices: tuple[str, ...]
    why: Why | None

    @classmethod
    def of(cls, answer: Answer) -> "_Kept | None":
        match answer:
            case Answered() | Corrected():
                return cls(answer.facts, (), _without_words(answer.why))
            case Ambiguous():
                return cls((), tuple(c.fact for c in answer.choices), _without_words(answer.why))
            case Unknown():
                return cls((), (), _without_words(answer.why))
            case Chat():
                return None


def _without_words(why: Why | None) -> Why | None:
    """What led to an answer, without the person's own words: those aren't kept."""
    return replace(why, unknown=()) if why else None


_KEPT = TypeAdapter(_Kept)
_CONTEXT = TypeAdapter(Context)


def _read(form: TypeAdapter[T], text: str | None) -> T | None:
    """What was stored; None where there is nothing, or something that another version wrote."""
    try:
        return form.validate_json(text) if text else None
    except ValidationError:
        return None


def _still_known(index: Index, context: Context) -> Context:
    """The context without what a newer pack no longer has."""
    return replace(
        context,
        entities=tuple(e for e in context.entities if e in index.entities),
        facts=tuple(f for f in context.facts if f in index.facts),
        choices=tuple(c for c in context.choices if c[1] in index.facts),
    )
