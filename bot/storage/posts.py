"""What each place gets on each date, a post and after it perhaps a question, and what became of both."""

import datetime as dt
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, delete, func, literal, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.subscriptions import Place
from bot.storage.tables import posts, subscriptions

Kind = Literal["post", "question"]
Settled = Literal["sent", "uncertain", "skipped", "failed"]
TOLD = ("sending", "sent", "uncertain")  # states in which a chat has seen the facts, or may have

# Written out rather than bound, so that a planner sees that the partial indexes fit.
_DUE = posts.c.state == literal_column("'due'")
_SENDING = posts.c.state == literal_column("'sending'")
_SUBSCRIBED = and_(subscriptions.c.chat_id == posts.c.chat_id, subscriptions.c.thread_id == posts.c.thread_id)


@dataclass(frozen=True)
class Named:
    """A post by what a log line calls it."""

    place: Place
    local_date: dt.date
    kind: Kind = "post"

    def __str__(self) -> str:
        thread = f", topic {self.place.thread_id}" if self.place.thread_id else ""
        return f"the {self.kind} of {self.local_date} for chat {self.place.chat_id}{thread}"


@dataclass(frozen=True)
class Planned:
    """A post that is to be sent; `state` may already be "skipped"."""

    place: Place
    local_date: dt.date
    due_at: int
    state: Literal["due", "skipped"] = "due"


@dataclass(frozen=True)
class Unsent:
    """A post or a question that waits to be sent."""

    id: int
    place: Place
    local_date: dt.date
    due_at: int
    attempts: int
    silent: bool
    is_channel: bool = False
    kind: Kind = "post"

    @property
    def name(self) -> Named:
        return Named(self.place, self.local_date, self.kind)


async def plan(connection: AsyncConnection, planned: Sequence[Planned], now: float) -> None:
    """Enter posts; a place's second one of a date is left out."""
    if not planned:
        return
    rows = [
        {
            "chat_id": post.place.chat_id,
            "thread_id": post.place.thread_id,
            "local_date": post.local_date,
            "kind": "post",
            "state": post.state,
            "due_at": post.due_at,
            "not_before": post.due_at,
            "attempts": 0,
            "facts": "[]",
            "updated_at": int(now),
        }
        for post in planned
    ]
    await connection.execute(_insert(connection).on_conflict_do_nothing(), rows)


async def plan_question(connection: AsyncConnection, post_id: int, now: float) -> None:
    """Enter the question that comes after a post, where the place wants one; nothing where it is there already."""
    columns = ("chat_id", "thread_id", "local_date", "kind", "state", "due_at", "not_before", "attempts", "facts")
    entered = (
        select(
            posts.c.chat_id,
            posts.c.thread_id,
            posts.c.local_date,
            literal("question"),
            literal("due"),
            posts.c.due_at,
            literal(int(now)),
            literal(0),
            literal("[]"),
            literal(int(now)),
        )
        .select_from(posts.join(subscriptions, _SUBSCRIBED))
        .where(
            posts.c.id == post_id,
            posts.c.kind == "post",
            subscriptions.c.daily_quiz,
            subscriptions.c.ended_at.is_(None),
        )
    )
    question = _insert(connection).from_select([*columns, "updated_at"], entered)
    await connection.execute(question.on_conflict_do_nothing())


async def is_planned(connection: AsyncConnection, place: Place, local_date: dt.date) -> bool:
    """Whether a place has its post of that date, in whatever state."""
    of_date = and_(_at(place), posts.c.local_date == local_date, posts.c.kind == "post")
    found = await connection.execute(select(posts.c.id).where(of_date))
    return found.one_or_none() is not None


async def due_posts(connection: AsyncConnection, now: float, most: int) -> list[Unsent]:
    """Those that may be sent now, the longest waiting first."""
    chosen = (
        select(
            posts.c.id,
            posts.c.chat_id,
            posts.c.thread_id,
            posts.c.local_date,
            posts.c.due_at,
            posts.c.attempts,
            posts.c.kind,
            func.coalesce(subscriptions.c.silent, literal_column("false")).label("silent"),
            func.coalesce(subscriptions.c.is_channel, literal_column("false")).label("is_channel"),
        )
        .select_from(posts.outerjoin(subscriptions, _SUBSCRIBED))
        .where(_DUE, posts.c.not_before <= int(now))
        .order_by(posts.c.not_before)
        .limit(most)
    )
    return [
        Unsent(
            r.id,
            Place(r.chat_id, r.thread_id),
            r.local_date,
            r.due_at,
            r.attempts,
            bool(r.silent),
            bool(r.is_channel),
            r.kind,
        )
        for r in await connection.execute(chosen)
    ]


async def earliest_attempt(connection: AsyncConnection) -> int | None:
    """When the next of the posts that wait may be sent."""
    earliest: int | None = (await connection.execute(select(func.min(posts.c.not_before)).where(_DUE))).scalar_one()
    return earliest


async def told_facts(connection: AsyncConnection, place: Place, since: dt.date, before: dt.date) -> dict[str, dt.date]:
    """The facts that posts told a place, or may have, from `since` on and before `before`, with the last date."""
    within = and_(posts.c.local_date >= since, posts.c.local_date < before)
    chosen = (
        select(posts.c.local_date, posts.c.facts)
        .where(_at(place), within, posts.c.kind == "post", posts.c.state.in_(TOLD))
        .order_by(posts.c.local_date)
    )
    return {fact: row.local_date for row in await connection.execute(chosen) for fact in json.loads(row.facts)}


async def question_dates(connection: AsyncConnection, chat_id: int) -> frozenset[dt.date]:
    """The dates on which a question of the day has arrived in a chat, as far back as posts are kept."""
    asked = and_(posts.c.chat_id == chat_id, posts.c.kind == "question", posts.c.state == "sent")
    return frozenset((await connection.execute(select(posts.c.local_date).where(asked))).scalars())


async def mark_sending(connection: AsyncConnection, post_id: int, facts: Sequence[str], now: float) -> bool:
    """Record an attempt before it is made; False where the post is no longer due."""
    attempt = {"state": "sending", "facts": json.dumps(list(facts)), "attempts": posts.c.attempts + 1}
    due = and_(posts.c.id == post_id, _DUE)
    changed = await connection.execute(update(posts).where(due).values(attempt | {"updated_at": int(now)}))
    return changed.rowcount == 1


async def settle(
    connection: AsyncConnection, post_id: int, state: Settled, now: float, message_id: int | None = None
) -> None:
    """Record what became of a post for good."""
    settled: dict[str, Any] = {"state": state, "message_id": message_id, "updated_at": int(now)}
    if state not in TOLD:
        settled["facts"] = "[]"
    await connection.execute(update(posts).where(posts.c.id == post_id).values(settled))


async def postpone(connection: AsyncConnection, post_id: int, not_before: float, now: float) -> None:
    """Record that a post certainly did not get through; it is due again, but not before that moment."""
    again = {"state": "due", "facts": "[]", "not_before": math.ceil(not_before), "updated_at": int(now)}
    await connection.execute(update(posts).where(posts.c.id == post_id, or_(_DUE, _SENDING)).values(again))


async def skip_due_at(connection: AsyncConnection, places: Sequence[Place], now: float) -> None:
    """Skip what is due at places that want no posts any more."""
    for place in places:
        skipped = update(posts).where(_at(place), _DUE).values(state="skipped", updated_at=int(now))
        await connection.execute(skipped)


async def park_sending(connection: AsyncConnection, now: float) -> dict[int, Named]:
    """Give up the attempts that a stop of the bot left without an outcome; which they were, by their ids."""
    parked = update(posts).where(_SENDING).values(state="uncertain", updated_at=int(now))
    returned = parked.returning(posts.c.id, posts.c.chat_id, posts.c.thread_id, posts.c.local_date, posts.c.kind)
    return {
        r.id: Named(Place(r.chat_id, r.thread_id), r.local_date, r.kind) for r in await connection.execute(returned)
    }


async def forget_before(connection: AsyncConnection, date: dt.date) -> None:
    """Forget the posts of the dates before."""
    await connection.execute(delete(posts).where(posts.c.local_date < date))


async def forget_at(connection: AsyncConnection, places: Sequence[Place]) -> None:
    """Forget all of these places' posts."""
    for place in places:
        await connection.execute(delete(posts).where(_at(place)))


async def move_chat(connection: AsyncConnection, old: int, new: int) -> None:
    """A group became a supergroup. Where both ids have a date's post, one that was attempted stays, else the new."""
    other = posts.alias()
    same_date = and_(
        other.c.thread_id == posts.c.thread_id, other.c.local_date == posts.c.local_date, other.c.kind == posts.c.kind
    )
    attempted_in_old = select(other.c.id).where(other.c.chat_id == old, same_date, other.c.state != "due").exists()
    await connection.execute(delete(posts).where(posts.c.chat_id == new, _DUE, attempted_in_old))
    there = select(other.c.id).where(other.c.chat_id == new, same_date).exists()
    await connection.execute(delete(posts).where(posts.c.chat_id == old, there))
    await connection.execute(update(posts).where(posts.c.chat_id == old).values(chat_id=new))


def _insert(connection: AsyncConnection) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(posts) if connection.dialect.name == "sqlite" else postgresql.insert(posts)


def _at(place: Place) -> ColumnElement[bool]:
    return and_(posts.c.chat_id == place.chat_id, posts.c.thread_id == place.thread_id)
