"""Choosing questions that neither a chat nor a player had lately."""

import secrets
from collections.abc import Collection
from dataclasses import replace

from bot.services.feedback import Feedback
from bot.services.library import Library
from bot.services.polls import Place, Polls
from knowledge.quiz import Question
from knowledge.quiz_wish import Wish, is_only_grave


class Picker:
    """Picks questions for rounds and games."""

    def __init__(self, library: Library, polls: Polls, feedback: Feedback) -> None:
        self._library = library
        self._polls = polls
        self._feedback = feedback

    @property
    def withheld(self) -> frozenset[str]:
        """Facts that nobody is asked."""
        return self._feedback.withheld

    async def pick(
        self, wish: Wish, place: Place | None, user_id: int | None, *, reserved: Collection[str] = frozenset()
    ) -> tuple[Question, ...]:
        """As many as wished, or as there are; none where nothing fits at all.

        What the place was asked or the player answered lately comes only where nothing else is left: rather a shorter
        round than a repeated question. `reserved` are facts that are kept for another time.
        """
        seen = await self._polls.seen(place, user_id)
        kept = self._feedback.withheld | frozenset(reserved)
        found = wish.questions(
            self._library.quiz,
            seed=secrets.randbits(64),
            exclude=kept,
            seen=seen,
            proved=await self._polls.proved(),
        )
        unseen = tuple(question for question in found if question.key not in seen)
        return unseen or found

    def is_grave(self, wish: Wish) -> bool:
        """Whether nothing fits since nobody plays with its subject."""
        return is_only_grave(self._library.index, self._library.quiz, wish)

    def some(self, wish: Wish, seed: str, n: int = 1) -> tuple[Question, ...]:
        """Questions of a wish, the same for the same seed."""
        return replace(wish, n=n).questions(self._library.quiz, seed=seed, exclude=self._feedback.withheld)
