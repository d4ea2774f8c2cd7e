"""Answering people: the conversation is recalled, the matcher asked, the conversation remembered."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.library import Library
from bot.storage import buttons, conversations
from bot.storage.conversations import Conversation
from bot.storage.database import reading
from knowledge import answers
from knowledge.answers import Ambiguous, Answer, Answered, Corrected, Reply, Source, Unknown, Why
from knowledge.questions import Context

CONTEXT_SECONDS = 30 * 60  # a question half an hour later is a new conversation
BUTTON_SECONDS = 30 * 24 * 3600  # buttons of older answers say that they are too old


@dataclass(frozen=True)
class Given:
    """An answer as it goes to a chat; `key` is what its buttons refer to, or None where it has none."""

    answer: Answer
    key: str | None = None


@dataclass(frozen=True)
class Shown:
    """Where an answer stands: each source with the document's words where the operator has them."""

    passages: tuple[tuple[Source, str | None], ...]


@dataclass(frozen=True)
class Explained:
    """What led to an answer; `why` is None for a fact that was picked rather than found."""

    why: Why | None
    confidence: float


class Answering:
    """Questions, and the buttons under answers."""

    def __init__(self, library: Library, engine: AsyncEngine, clock: Callable[[], float] = time.time) -> None:
        self._library = library
        self._engine = engine
        self._clock = clock

    async def ask(self, who: Conversation, message: str) -> Given:
        """Answer a message and remember what it was about."""
        return await self._converse(who, lambda context: answers.answer(self._library.index, message, context))

    async def more(self, who: Conversation, key: str) -> Given | None:
        """Another fact about what an answer was about; None where its button is too old."""
        kept = await self._kept(who.chat_id, key)
        if kept is None:
            return None

        def further(context: Context) -> Reply:
            facts = tuple(f for f in kept.facts if f in self._library.index.facts)
            about = tuple(e for f in facts[:1] for e in self._library.index.facts[f].about)
            told = tuple(dict.fromkeys((*facts, *context.facts)))
            return answers.more(self._library.index, Context(about, told, context.terms, context.slot))

        return await self._converse(who, further)

    async def choose(self, who: Conversation, key: str, number: int) -> Given | None:
        """The fact behind one of the choices that a message was answered with."""
        kept = await self._kept(who.chat_id, key)
        if kept is None or number >= len(kept.choices) or kept.choices[number] not in self._library.index.facts:
            return None
        chosen = kept.choices[number]
        return await self._converse(who, lambda context: answers.tell(self._library.index, chosen, context))

    async def sources(self, chat_id: int, key: str) -> Shown | None:
        """Where an answer stands; None where its button is too old."""
        kept = await self._kept(chat_id, key)
        if kept is None:
            return None
        known = [f for f in kept.facts if f in self._library.index.by_id]
        return Shown(tuple((s, self._library.passage(s)) for s in answers.sources_of(self._library.index, known)))

    async def why(self, chat_id: int, key: str) -> Explained | None:
        """What led to an answer; None where its button is too old."""
        kept = await self._kept(chat_id, key)
        return Explained(kept.why, kept.confidence) if kept else None

    async def start_over(self, who: Conversation) -> None:
        """Forget what a conversation was about."""
        async with self._engine.begin() as connection:
            await conversations.forget(connection, who)

    async def move_chat(self, old: int, new: int) -> None:
        """A group became a supergroup under a new id."""
        async with self._engine.begin() as connection:
            await conversations.move_chat(connection, old, new)

    async def forget_old(self) -> None:
        """Drop conversations and buttons past their time."""
        now = self._clock()
        async with self._engine.begin() as connection:
            await conversations.forget_older(connection, now - CONTEXT_SECONDS)
            await buttons.drop_answers_older(connection, now - BUTTON_SECONDS)

    async def _converse(self, who: Conversation, turn: Callable[[Context], Reply]) -> Given:
        now = self._clock()
        async with self._engine.begin() as connection:
            remembered = await conversations.recall(connection, who, now - CONTEXT_SECONDS)
            context = self._still_known(_CONTEXT.validate_json(remembered) if remembered else Context())
            reply = turn(context)
            if reply.context != context:
                await conversations.remember(connection, who, _CONTEXT.dump_json(reply.context).decode(), now)
            key = None
            if kept := _Kept.of(reply.answer):
                key = secrets.token_urlsafe(9)
                await buttons.keep_answer(connection, key, who.chat_id, _KEPT.dump_json(kept).decode(), now)
        return Given(reply.answer, key)

    def _still_known(self, context: Context) -> Context:
        """The context without what a newer pack no longer has."""
        index = self._library.index
        return Context(
            tuple(e for e in context.entities if e in index.entities),
            tuple(f for f in context.facts if f in index.facts),
            context.terms,
            context.slot,
            tuple(c for c in context.choices if c[1] in index.facts),
        )

    async def _kept(self, chat_id: int, key: str) -> "_Kept | None":
        async with reading(self._engine) as connection:
            text = await buttons.kept_answer(connection, key, chat_id)
        return _KEPT.validate_json(text) if text else None


@dataclass(frozen=True)
class _Kept:
    """What is kept of an answer for its buttons."""

    facts: tuple[str, ...]
    choices: tuple[str, ...]
    confidence: float
    why: Why | None

    @classmethod
    def of(cls, answer: Answer) -> "_Kept | None":
        if isinstance(answer, Answered | Corrected):
            return cls(answer.facts, (), answer.confidence, answer.why)
        if isinstance(answer, Ambiguous):
            return cls((), tuple(c.fact for c in answer.choices), answer.confidence, answer.why)
        if isinstance(answer, Unknown):
            return cls((), (), answer.confidence, answer.why)
        return None


_KEPT = TypeAdapter(_Kept)
_CONTEXT = TypeAdapter(Context)
