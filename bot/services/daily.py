"""Daily posts: what is due is planned, composed, claimed before it is sent, and what became of it recorded.

A post is one row per place and local date. Its row says `sending` before the attempt is made, so that an attempt whose
outcome a crash took away is known as one, and is never made again. Where a place wants a daily question, its row is
entered together with what became of the post, so that it always comes after it; from then on the same holds for it.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.polls import UNREPEATED_SECONDS
from bot.services.questions_of_day import QuestionsOfDay
from bot.services.subscriptions import Place, Subscription, due_date, next_of
from bot.storage import polls, posts, subscriptions
from bot.storage.database import lasting, reading
from bot.storage.posts import Named, Planned, Unsent
from knowledge.posts import Post
from knowledge.quiz import Question

__all__ = ["Composer", "Daily", "DailyQuestion", "Place", "Post", "Unsent"]

LATEST_SECONDS = 6 * 3600  # a post that couldn't be sent for so long is skipped
UNSEEN_DAYS = 365  # in which no place is told a fact again while there are others
SHORTEST_OPEN, LONGEST_OPEN = 5, 2_628_000  # seconds; Telegram's limits for a poll that closes by itself
BATCH = 200  # subscriptions planned in one transaction: others that write wait for a few milliseconds

log = logging.getLogger(__name__)


class Composer(Protocol):
    """Says what a date's post tells somebody who has seen those facts; the same again for the same seed."""

    def __call__(self, date: dt.date, *, seen: Mapping[str, dt.date], seed: str) -> Post: ...


@dataclass(frozen=True)
class DailyQuestion:
    """A date's question at a place, open for so many seconds: until the next one is due."""

    question: Question
    seconds: int


class Daily:
    """The posts of all places, and the questions after them."""

    def __init__(
        self,
        engine: AsyncEngine,
        compose: Composer,
        questions: QuestionsOfDay,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._compose = compose
        self._questions = questions
        self._clock = clock

    async def post(self, place: Place, date: dt.date) -> Post:
        """What a place is told on a date: what its post of that date says, whether it was sent, will be or won't."""
        since = date - dt.timedelta(days=UNSEEN_DAYS)
        async with reading(self._engine) as connection:
            seen = await posts.told_facts(connection, place, since, date)
        return self._compose(date, seen=seen, seed=place.seed)

    async def question(self, unsent: Unsent) -> DailyQuestion | None:
        """The question that is due at a place; None where there is none, or it is not wanted any more.

        It is everybody's of that date, but for a place that was asked about the same fact lately, or is told the answer
        by its own post.
        """
        place, date, now = unsent.place, unsent.local_date, self._clock()
        async with reading(self._engine) as connection:
            kept = await subscriptions.find(connection, place)
            told = await posts.told_facts(connection, place, date, date + dt.timedelta(days=1))
            asked = await polls.seen(connection, place, None, now - UNREPEATED_SECONDS)
        if kept is None or not kept.is_active or not kept.daily_quiz:
            return None
        found = self._questions.on(date, {*told, *(fact for fact, _ in asked)})
        seconds = min(max(int(kept.next_due - now), SHORTEST_OPEN), LONGEST_OPEN)
        return DailyQuestion(found, seconds) if found else None

    async def reserved(self, place: Place) -> frozenset[str]:
        """The facts that the coming questions of a place are about, if it has such: others shall not use them up."""
        async with reading(self._engine) as connection:
            kept = await subscriptions.find(connection, place)
        if kept is None or not kept.is_active or not kept.daily_quiz:
            return frozenset()
        return self._questions.reserved(due_date(kept))

    async def recover(self) -> None:
        """At a start: attempts that a stop left without an outcome are uncertain, and never made again."""
        now = self._clock()
        async with lasting(self._engine) as connection:
            parked = await posts.park_sending(connection, now)
            for post_id in parked:
                await posts.plan_question(connection, post_id, now)
        for post in parked.values():
            log.warning("%s was being sent when the bot stopped; it may have arrived and is not repeated", post)

    async def plan(self) -> int:
        """Enter a post for each subscription that is due, and move it on to its next date; how many there were."""
        planned = 0
        while due := await self._due():
            now = self._clock()
            entered = [_planned(subscription, now) for subscription in due]
            async with self._engine.begin() as connection:
                await posts.plan(connection, entered, now)
                await subscriptions.set_next_due(connection, [(s, _following(s)) for s in due])
            for post in entered:
                if post.state == "skipped":
                    _log_skipped(Named(post.place, post.local_date))
            planned += len(due)
        return planned

    async def unsent(self, most: int) -> list[Unsent]:
        """Posts that may be sent now, the longest waiting first. Those that are too late by now are skipped."""
        now = self._clock()
        async with reading(self._engine) as connection:
            waiting = await posts.due_posts(connection, now, most)
        late = [post for post in waiting if now - post.due_at > LATEST_SECONDS]
        if late:
            async with self._engine.begin() as connection:
                for post in late:
                    await posts.settle(connection, post.id, "skipped", now)
        for post in late:
            _log_skipped(post.name)
        return [post for post in waiting if post not in late]

    async def next_moment(self) -> float | None:
        """When (epoch seconds) something is due next; None where nothing is."""
        async with reading(self._engine) as connection:
            moments = await subscriptions.earliest_due(connection), await posts.earliest_attempt(connection)
        return min((float(moment) for moment in moments if moment is not None), default=None)

    async def claim(self, unsent: Unsent, facts: Sequence[str]) -> bool:
        """Record an attempt with its facts, right before it is made; False where it must not be made any more."""
        now = self._clock()
        if now - unsent.due_at > LATEST_SECONDS:
            return False
        async with lasting(self._engine) as connection:
            return await posts.mark_sending(connection, unsent.id, facts, now)

    async def skip(self, unsent: Unsent) -> None:
        """Record that a post is not to be sent."""
        await self._settle(unsent, "skipped")

    async def sent(self, unsent: Unsent, message_id: int | None) -> None:
        """Record that a claimed post has arrived."""
        await self._settle(unsent, "sent", message_id)

    async def uncertain(self, unsent: Unsent) -> None:
        """Record that nobody knows whether a claimed post has arrived; it is never sent again."""
        await self._settle(unsent, "uncertain")

    async def failed(self, unsent: Unsent) -> None:
        """Record that a claimed post was refused for good."""
        await self._settle(unsent, "failed")

    async def postpone(self, unsent: Unsent, seconds: float) -> None:
        """Record that a post certainly has not arrived; it is due again after that time."""
        now = self._clock()
        async with self._engine.begin() as connection:
            await posts.postpone(connection, unsent.id, now + seconds, now)

    async def forget_old(self) -> None:
        """Forget posts that no longer count for what a place has seen."""
        oldest = dt.datetime.fromtimestamp(self._clock(), dt.UTC).date() - dt.timedelta(days=UNSEEN_DAYS + 2)
        async with self._engine.begin() as connection:
            await posts.forget_before(connection, oldest)

    async def _due(self) -> list[Subscription]:
        async with reading(self._engine) as connection:
            return await subscriptions.due_subscriptions(connection, self._clock(), BATCH)

    async def _settle(self, unsent: Unsent, state: posts.Settled, message_id: int | None = None) -> None:
        now = self._clock()
        async with self._engine.begin() as connection:
            await posts.settle(connection, unsent.id, state, now, message_id)
            await posts.plan_question(connection, unsent.id, now)


def _planned(subscription: Subscription, now: float) -> Planned:
    late = now - subscription.next_due > LATEST_SECONDS
    state: Literal["due", "skipped"] = "skipped" if late else "due"
    return Planned(subscription.place, due_date(subscription), subscription.next_due, state)


def _following(subscription: Subscription) -> int:
    return next_of(subscription, dt.datetime.fromtimestamp(subscription.next_due, dt.UTC)).next_due


def _log_skipped(post: Named) -> None:
    log.warning("%s is skipped: it could not be sent within %d hours", post, LATEST_SECONDS // 3600)
