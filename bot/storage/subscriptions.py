"""Who gets a daily post, where and when."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import subscriptions

EVERY_DAY = 0b1111111


@dataclass(frozen=True)
class Place:
    """A chat, or a topic of it (`thread_id` 0 where it has none)."""

    chat_id: int
    thread_id: int = 0

    @property
    def seed(self) -> str:
        """What makes one place's posts differ from another's."""
        return f"{self.chat_id}/{self.thread_id}"


@dataclass(frozen=True)
class Subscription:
    """One place's wish for a daily post; `ended_at` is None while it goes on."""

    chat_id: int
    thread_id: int
    zone: str  # IANA's name
    minute: int  # of the local day
    weekdays: int = EVERY_DAY  # bit 0 is Monday
    silent: bool = False
    daily_quiz: bool = False
    next_due: int = 0  # epoch seconds; means nothing once it has ended
    ended_at: int | None = None
    ended_because: str | None = None  # a value of bot.services.subscriptions.Ended
    is_channel: bool = False

    @property
    def place(self) -> Place:
        return Place(self.chat_id, self.thread_id)

    @property
    def is_active(self) -> bool:
        return self.ended_at is None

    @property
    def time(self) -> str:
        """The time of day as a 24-hour clock shows it."""
        return f"{self.minute // 60:02}:{self.minute % 60:02}"

    @property
    def next_local(self) -> dt.datetime:
        """When the next post is due, on the place's own clock."""
        return dt.datetime.fromtimestamp(self.next_due, ZoneInfo(self.zone))

    def falls_on(self, weekday: int) -> bool:
        """Whether posts come on a weekday; Monday is 0."""
        return bool(self.weekdays >> weekday & 1)


async def find(connection: AsyncConnection, place: Place) -> Subscription | None:
    """A place's subscription, also one that has ended."""
    found = await connection.execute(select(subscriptions).where(_at(place)))
    row = found.one_or_none()
    return _subscription(row) if row else None


async def of_chat(connection: AsyncConnection, chat_id: int) -> list[Subscription]:
    """All of a chat's subscriptions, also those that have ended."""
    chosen = select(subscriptions).where(subscriptions.c.chat_id == chat_id).order_by(subscriptions.c.thread_id)
    return [_subscription(row) for row in await connection.execute(chosen)]


async def put(connection: AsyncConnection, subscription: Subscription) -> None:
    """Keep a subscription in the place of what was kept there."""
    values = asdict(subscription)
    changed = await connection.execute(update(subscriptions).where(_at(subscription.place)).values(values))
    if not changed.rowcount:
        await connection.execute(subscriptions.insert().values(values))


async def due_subscriptions(connection: AsyncConnection, now: float, most: int) -> list[Subscription]:
    """Those whose next post is due, the longest waiting first."""
    due = and_(subscriptions.c.ended_at.is_(None), subscriptions.c.next_due <= int(now))
    chosen = select(subscriptions).where(due).order_by(subscriptions.c.next_due).limit(most)
    return [_subscription(row) for row in await connection.execute(chosen)]


async def earliest_due(connection: AsyncConnection) -> int | None:
    """When the next post of all is due."""
    chosen = select(func.min(subscriptions.c.next_due)).where(subscriptions.c.ended_at.is_(None))
    earliest: int | None = (await connection.execute(chosen)).scalar_one()
    return earliest


async def set_next_due(connection: AsyncConnection, moves: Sequence[tuple[Subscription, int]]) -> None:
    """Move subscriptions on to their next dates, but those that somebody has changed meanwhile."""
    unchanged = and_(
        subscriptions.c.chat_id == bindparam("chat"),
        subscriptions.c.thread_id == bindparam("thread"),
        subscriptions.c.next_due == bindparam("was"),
    )
    rows = [{"chat": s.chat_id, "thread": s.thread_id, "was": s.next_due, "next": due} for s, due in moves]
    await connection.execute(update(subscriptions).where(unchanged).values(next_due=bindparam("next")), rows)


async def end(connection: AsyncConnection, places: Iterable[Place], because: str, now: float) -> None:
    """End what goes on at these places; what has ended keeps its first reason."""
    ended = {"ended_at": int(now), "ended_because": because}
    for place in places:
        active = and_(_at(place), subscriptions.c.ended_at.is_(None))
        await connection.execute(update(subscriptions).where(active).values(ended))


async def ended_before(connection: AsyncConnection, than: float) -> list[Place]:
    """Where subscriptions ended before `than` (epoch seconds)."""
    chosen = select(subscriptions.c.chat_id, subscriptions.c.thread_id).where(subscriptions.c.ended_at < int(than))
    return [Place(row.chat_id, row.thread_id) for row in await connection.execute(chosen)]


async def forget(connection: AsyncConnection, places: Iterable[Place]) -> None:
    """Forget these places' subscriptions."""
    for place in places:
        await connection.execute(delete(subscriptions).where(_at(place)))


async def move_chat(connection: AsyncConnection, old: int, new: int) -> None:
    """A group became a supergroup. Where both ids have a subscription, one that goes on stays, else the new one."""
    there = {s.thread_id: s for s in await of_chat(connection, new)}
    for moving in await of_chat(connection, old):
        rival = there.get(moving.thread_id)
        stays_old = rival is None or (moving.is_active and not rival.is_active)
        if rival and stays_old:
            await connection.execute(delete(subscriptions).where(_at(rival.place)))
        step = update(subscriptions).values(chat_id=new) if stays_old else delete(subscriptions)
        await connection.execute(step.where(_at(moving.place)))


def _at(place: Place) -> ColumnElement[bool]:
    return and_(subscriptions.c.chat_id == place.chat_id, subscriptions.c.thread_id == place.thread_id)


def _subscription(row: Row[tuple[object, ...]]) -> Subscription:
    return Subscription(**row._mapping)  # noqa: SLF001 - the public name of it
