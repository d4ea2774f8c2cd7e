"""Who gets a post each day: subscribing, settings, ending, coming back."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.services.timetable import date_of, next_due
from bot.storage import posts, subscriptions
from bot.storage.database import reading
from bot.storage.subscriptions import EVERY_DAY, Place, Subscription

__all__ = ["EVERY_DAY", "Ended", "Place", "Subscribed", "Subscription", "Subscriptions"]

REMEMBERED_SECONDS = 90 * 24 * 3600  # how long the settings of an ended subscription are kept

log = logging.getLogger(__name__)


class Ended(StrEnum):
    """Why a subscription ended."""

    WISHED = "wished"  # somebody unsubscribed
    BLOCKED = "blocked"  # by the person
    REMOVED = "removed"  # from the group or channel
    NO_RIGHTS = "no rights"  # to write there
    CHAT_GONE = "chat gone"  # deleted, or its person is
    TOPIC_GONE = "topic gone"  # deleted or closed

    @property
    def may_return(self) -> bool:
        """Whether the subscription goes on when the bot may write there again; nobody asked to end it."""
        return self in (Ended.BLOCKED, Ended.REMOVED, Ended.NO_RIGHTS, Ended.CHAT_GONE)


@dataclass(frozen=True)
class Subscribed:
    """What subscribing led to: `kept` where the same was there, `revived` with the settings remembered from before."""

    subscription: Subscription
    how: Literal["new", "changed", "kept", "revived"]


class Subscriptions:
    """All that happens to subscriptions; each is one chat's or topic's."""

    def __init__(
        self, engine: AsyncEngine, zone: str = "UTC", post_at: str = "09:00", clock: Callable[[], float] = time.time
    ) -> None:
        """`zone` and `post_at` (HH:MM) are what a new subscription starts with."""
        self._engine = engine
        self._zone = zone
        hours, minutes = post_at.split(":")
        self._minute = int(hours) * 60 + int(minutes)
        self._clock = clock

    @property
    def zone(self) -> str:
        """What a new subscription starts with."""
        return self._zone

    @property
    def minute(self) -> int:
        """The same of the day, counted from midnight."""
        return self._minute

    async def get(self, place: Place) -> Subscription | None:
        """A place's subscription; one that has ended too, as long as it is remembered."""
        async with reading(self._engine) as connection:
            return await subscriptions.find(connection, place)

    async def subscribe(
        self, place: Place, *, zone: str | None = None, minute: int | None = None, is_channel: bool = False
    ) -> Subscribed:
        """Begin, change or revive a subscription; what isn't named stays as it is or was.

        `zone` is IANA's name, as bot.services.zones finds it; `minute` counts from midnight. Channels have to be told
        apart, as nobody may answer under their name there.
        """
        async with self._engine.begin() as connection:
            was = await subscriptions.find(connection, place)
            base = was or Subscription(place.chat_id, place.thread_id, self._zone, self._minute)
            wished = replace(
                base,
                zone=zone or base.zone,
                minute=base.minute if minute is None else minute,
                ended_at=None,
                ended_because=None,
                is_channel=is_channel,
            )
            if wished == was:
                return Subscribed(was, "kept")
            begun = await self._begin(connection, wished)
        how: Literal["new", "changed", "revived"] = "changed" if was and was.is_active else "revived" if was else "new"
        return Subscribed(begun, how)

    async def change(
        self,
        place: Place,
        *,
        zone: str | None = None,
        minute: int | None = None,
        weekdays: int | None = None,
        silent: bool | None = None,
        daily_quiz: bool | None = None,
    ) -> Subscription | None:
        """Change settings of a subscription that goes on; None where there is none.

        `weekdays` has a bit for each weekday, Monday's is 1. Raises ValueError where none is left.
        """
        if weekdays is not None and not weekdays & EVERY_DAY:
            raise ValueError("a subscription needs a weekday")
        async with self._engine.begin() as connection:
            was = await subscriptions.find(connection, place)
            if was is None or not was.is_active:
                return None
            wished = replace(
                was,
                zone=zone or was.zone,
                minute=was.minute if minute is None else minute,
                weekdays=was.weekdays if weekdays is None else weekdays & EVERY_DAY,
                silent=was.silent if silent is None else silent,
                daily_quiz=was.daily_quiz if daily_quiz is None else daily_quiz,
            )
            if _timetable(wished) == _timetable(was):
                await subscriptions.put(connection, wished)
                return wished
            return await self._begin(connection, wished)

    async def unsubscribe(self, place: Place) -> bool:
        """End a subscription as wished; False where none was going on. Its settings are remembered for a while."""
        return bool(await self._end([place], Ended.WISHED))

    async def end(self, chat_id: int, because: Ended, thread_id: int | None = None) -> tuple[Subscription, ...]:
        """End what a chat, or one topic of it, can't get any more; what ended by it."""
        async with reading(self._engine) as connection:
            there = await subscriptions.of_chat(connection, chat_id)
        return await self._end([s.place for s in there if thread_id in (None, s.thread_id)], because)

    async def revive(self, chat_id: int, *because: Ended) -> tuple[Subscription, ...]:
        """The bot may write in a chat again: all that ended for these reasons goes on (any that nobody wished)."""
        reasons = because or tuple(reason for reason in Ended if reason.may_return)
        async with self._engine.begin() as connection:
            there = await subscriptions.of_chat(connection, chat_id)
            return tuple(
                [
                    await self._begin(connection, replace(s, ended_at=None, ended_because=None))
                    for s in there
                    if not s.is_active and s.ended_because in reasons
                ]
            )

    async def interrupted(self, chat_id: int) -> tuple[Subscription, ...]:
        """A chat's subscriptions that nobody ended: they may go on when the bot may write there again."""
        reasons = [reason for reason in Ended if reason.may_return]
        async with reading(self._engine) as connection:
            there = await subscriptions.of_chat(connection, chat_id)
        return tuple(s for s in there if not s.is_active and s.ended_because in reasons)

    async def forget_old(self) -> None:
        """Forget what ended long ago, with its posts."""
        async with self._engine.begin() as connection:
            gone = await subscriptions.ended_before(connection, self._clock() - REMEMBERED_SECONDS)
            await posts.forget_at(connection, gone)
            await subscriptions.forget(connection, gone)

    async def _end(self, places: list[Place], because: Ended) -> tuple[Subscription, ...]:
        now = self._clock()
        async with self._engine.begin() as connection:
            there = [await subscriptions.find(connection, place) for place in places]
            ended = tuple(s for s in there if s and s.is_active)
            gone = [s.place for s in ended]
            await subscriptions.end(connection, gone, because, now)
            await posts.skip_due_at(connection, gone, now)
        for place in gone:
            log.info("no more posts for chat %d, topic %d: %s", place.chat_id, place.thread_id, because)
        return ended

    async def _begin(self, connection: AsyncConnection, wished: Subscription) -> Subscription:
        """Keep a subscription with its next post: the first from now on whose date has none yet."""
        begun = next_of(wished, dt.datetime.fromtimestamp(self._clock(), dt.UTC))
        if await posts.is_planned(connection, wished.place, due_date(begun)):
            begun = next_of(begun, dt.datetime.fromtimestamp(begun.next_due, dt.UTC))
        await subscriptions.put(connection, begun)
        return begun


def next_of(subscription: Subscription, after: dt.datetime) -> Subscription:
    """The subscription with its first post after a moment. A zone that zone data no longer knows counts as UTC."""
    try:
        due = next_due(subscription.zone, subscription.minute, subscription.weekdays, after)
    except ZoneInfoNotFoundError:
        log.warning("nobody knows the time zone %s any more; UTC is used", subscription.zone)
        return next_of(replace(subscription, zone="UTC"), after)
    return replace(subscription, next_due=int(due.timestamp()))


def due_date(subscription: Subscription) -> dt.date:
    """The local date that the next post is for."""
    moment = dt.datetime.fromtimestamp(subscription.next_due, dt.UTC)
    try:
        return date_of(subscription.zone, subscription.minute, moment)
    except ZoneInfoNotFoundError:
        return moment.date()


def _timetable(subscription: Subscription) -> tuple[str, int, int]:
    return subscription.zone, subscription.minute, subscription.weekdays
