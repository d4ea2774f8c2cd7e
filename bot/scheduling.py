"""The clock's entry point: asks again and again what is due and unsent, and sends it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError

from bot.delivery import Delivery, Later, Moved, PostOutcome, Refused, Sent, Uncertain
from bot.services.chats import Chats
from bot.services.daily import Daily, Unsent
from bot.services.polls import Polls
from bot.ticking import FAULT_SECONDS, LONGEST_SLEEP, keep_ticking, recorded
from handlers import render, render_scores
from handlers.asking import ask

AT_WORK = 40  # posts composed or in line at once: more than a second's worth, so that sending never waits for them

log = logging.getLogger(__name__)


class Scheduler:
    """Sends the daily posts and questions. Nothing is kept here that a restart could lose."""

    def __init__(
        self,
        daily: Daily,
        delivery: Delivery,
        chats: Chats,
        polls: Polls,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.delivery = delivery
        self.polls = polls
        self._daily = daily
        self._chats = chats
        self._clock = clock
        self._sleep = sleep
        self._work: dict[int, asyncio.Task[None]] = {}  # by the post's id
        self._claimed: set[int] = set()
        self._room = asyncio.Event()

    async def run(self) -> None:
        """Post for ever."""
        await keep_ticking("posts", self.tick, self._room, self._sleep, self._daily.recover)

    async def tick(self) -> float:
        """Begin to send what is due; seconds until there may be more."""
        pause = await self._until_next()
        if pause > 0:
            return pause
        await self._daily.plan()
        waiting = [p for p in await self._daily.unsent(AT_WORK + len(self._work)) if p.id not in self._work]
        for unsent in waiting[: AT_WORK - len(self._work)]:
            self._work[unsent.id] = asyncio.create_task(self._handle(unsent))
        return 1.0 if self._work else await self._until_next()  # or as soon as there is room

    async def _until_next(self) -> float:
        """Seconds until something is due."""
        moment = await self._daily.next_moment()
        return LONGEST_SLEEP if moment is None else min(max(moment - self._clock(), 0.0), LONGEST_SLEEP)

    async def finish(self) -> None:
        """Wait for all that was begun."""
        await asyncio.gather(*self._work.values())

    async def close(self) -> None:
        """Begin no more attempts; wait for those under way."""
        for post_id, task in self._work.items():
            if post_id not in self._claimed:
                task.cancel()
        await asyncio.gather(*self._work.values(), return_exceptions=True)

    async def _handle(self, unsent: Unsent) -> None:
        """Send a post and record what became of it; it stays at work until that is on record."""
        try:
            await self._send(unsent)
        except SQLAlchemyError as error:
            log.error("%s waits for the database: %s", unsent.name, error)  # noqa: TRY400 - one line is enough
            if unsent.kind == "question" and unsent.id in self._claimed:
                # It is recorded as a poll too, before the attempt and after it; which of the two failed nobody knows.
                await self._record(lambda: self._daily.uncertain(unsent))
            else:
                # All that can fail so comes before the attempt; whether the claim was written nobody knows.
                await self._record(lambda: self._daily.postpone(unsent, LONGEST_SLEEP))
        except Exception:
            log.exception("%s meets a fault of ours", unsent.name)
            if unsent.id in self._claimed:
                await self._record(lambda: self._daily.uncertain(unsent))
            else:
                await self._record(lambda: self._daily.postpone(unsent, FAULT_SECONDS))
        finally:
            self._claimed.discard(unsent.id)
            del self._work[unsent.id]
            if len(self._work) <= AT_WORK // 2:
                self._room.set()

    async def _send(self, unsent: Unsent) -> None:
        outcome = await (self._ask if unsent.kind == "question" else self._post)(unsent)
        await self._note(unsent, outcome)

    async def _post(self, unsent: Unsent) -> PostOutcome | None:
        post = await self._daily.post(unsent.place, unsent.local_date)
        if not post.items:
            await self._skip(unsent, "there is nothing to tell")
            return None
        place, (html, keyboard) = unsent.place, render.post(post, self.delivery.username)
        return await self.delivery.post(
            place.chat_id,
            place.thread_id or None,
            html,
            keyboard,
            silent=unsent.silent,
            claim=lambda: self._claim(unsent, post.facts),
        )

    async def _ask(self, unsent: Unsent) -> PostOutcome | None:
        due = await self._daily.question(unsent)
        if due is None:
            await self._skip(unsent, "there is none, or it is not wanted any more")
            return None
        title, keyboard = render_scores.question_of_day()
        return await ask(
            self,
            unsent.place,
            due.question,
            "day",
            title=title,
            seconds=due.seconds,
            is_anonymous=unsent.is_channel,
            keyboard=keyboard,
            silent=unsent.silent,
            urgent=False,
            local_date=unsent.local_date,
            claim=lambda: self._claim(unsent, (due.question.fact,)),
        )

    async def _claim(self, unsent: Unsent, facts: Sequence[str]) -> bool:
        self._claimed.add(unsent.id)
        claimed = False
        try:
            claimed = await self._daily.claim(unsent, facts)
        finally:
            if not claimed:
                self._claimed.discard(unsent.id)
        return claimed

    async def _skip(self, unsent: Unsent, why: str) -> None:
        log.warning("%s is skipped: %s", unsent.name, why)
        await self._daily.skip(unsent)

    async def _note(self, unsent: Unsent, outcome: PostOutcome | None) -> None:
        match outcome:
            case Sent(message_id):
                await self._record(lambda: self._daily.sent(unsent, message_id))
            case Uncertain():
                await self._record(lambda: self._daily.uncertain(unsent))
            case Refused():
                await self._record(lambda: self._daily.failed(unsent))
            case Later(seconds, reason):
                log.info("%s waits for %.0f s: %s", unsent.name, seconds, reason)
                await self._record(lambda: self._daily.postpone(unsent, seconds))
            case Moved(chat_id):
                await self._record(lambda: self._daily.postpone(unsent, 0))
                await self._record(lambda: self._chats.moved(unsent.place.chat_id, chat_id))

    async def _record(self, write: Callable[[], Awaitable[None]]) -> None:
        await recorded("a post", write, self._sleep)
