"""What players earned in a chat, by the chat's own dates."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import players, scores

_KEY = ("chat_id", "user_id", "local_date")
_SUMS = ("answered", "right", "seconds", "timed")


@dataclass(frozen=True)
class Total:
    """Answers over some dates; `seconds` is what right ones took on average, where time counted."""

    answered: int = 0
    right: int = 0
    seconds: float | None = None


@dataclass(frozen=True)
class Ranked:
    """A player's total and place; equal totals share a place."""

    place: int
    user_id: int
    total: Total


async def add(
    connection: AsyncConnection,
    chat_id: int,
    user_id: int,
    local_date: dt.date,
    *,
    is_right: bool,
    seconds: float | None,
) -> None:
    """Count an answer; `seconds` is None where no time counts."""
    is_timed = is_right and seconds is not None
    earned = {"answered": 1, "right": int(is_right), "seconds": seconds if is_timed else 0.0, "timed": int(is_timed)}
    counted = _insert(connection).values(_row(chat_id, user_id, local_date) | earned)
    sums = {name: scores.c[name] + counted.excluded[name] for name in _SUMS}
    await connection.execute(counted.on_conflict_do_update(index_elements=_KEY, set_=sums))


async def add_of_day(
    connection: AsyncConnection, chat_id: int, user_id: int, local_date: dt.date, *, is_right: bool
) -> bool:
    """Note how somebody answered a date's question; False where they had answered it in that chat, and that stays."""
    noted = _insert(connection).values(_row(chat_id, user_id, local_date) | {"of_day": is_right})
    first = noted.on_conflict_do_update(
        index_elements=_KEY, set_={"of_day": is_right}, where=scores.c.of_day.is_(None)
    ).returning(scores.c.user_id)
    return (await connection.execute(first)).first() is not None


async def ranked(
    connection: AsyncConnection, chat_id: int, since: dt.date | None, most: int, user_id: int | None
) -> list[Ranked]:
    """The best of a chat since a date, or of all time, and that player wherever they are.

    More right answers come first, with as many right ones fewer wrong ones; the quicker one stands before the other.
    """
    of_chat = scores.c.chat_id == chat_id
    totals = (
        select(
            scores.c.user_id,
            func.sum(scores.c.answered).label("answered"),
            func.sum(scores.c.right).label("right"),
            _mean().label("mean"),
        )
        .where(of_chat if since is None else of_chat & (scores.c.local_date >= since))
        .group_by(scores.c.user_id)
        .having(func.sum(scores.c.answered) > 0)
        .subquery()
    )
    better = totals.c.right.desc(), totals.c.answered
    in_line = (*better, totals.c.mean.nulls_last(), totals.c.user_id)
    placed = select(
        totals,
        func.rank().over(order_by=better).label("place"),
        func.row_number().over(order_by=in_line).label("line"),
    ).subquery()
    shown = select(placed).where(or_(placed.c.line <= most, placed.c.user_id == user_id)).order_by(placed.c.line)
    return [
        Ranked(r.place, r.user_id, Total(int(r.answered), int(r.right), r.mean))
        for r in await connection.execute(shown)
    ]


async def total(connection: AsyncConnection, user_id: int, since: dt.date | None) -> Total:
    """What somebody earned in all chats since a date, or of all time."""
    of_user = scores.c.user_id == user_id
    chosen = select(
        func.coalesce(func.sum(scores.c.answered), 0).label("answered"),
        func.coalesce(func.sum(scores.c.right), 0).label("right"),
        _mean().label("mean"),
    ).where(of_user if since is None else of_user & (scores.c.local_date >= since))
    row = (await connection.execute(chosen)).one()
    return Total(int(row.answered), int(row.right), row.mean)


async def days_answered(
    connection: AsyncConnection, chat_id: int, user_ids: Collection[int]
) -> Mapping[int, Mapping[dt.date, bool]]:
    """The dates whose question these players answered in a chat, and whether rightly."""
    chosen = select(scores.c.user_id, scores.c.local_date, scores.c.of_day).where(
        scores.c.chat_id == chat_id, scores.c.user_id.in_(list(user_ids)), scores.c.of_day.is_not(None)
    )
    found: dict[int, dict[dt.date, bool]] = {user_id: {} for user_id in user_ids}
    for user_id, date, is_right in await connection.execute(chosen):
        found[user_id][date] = bool(is_right)
    return found


async def move_chat(connection: AsyncConnection, old: int, new: int) -> None:
    """A group became a supergroup; what both ids have of a date is added up."""
    names = [column.name for column in scores.c if column.name not in _KEY]
    moving = select(literal(new, scores.c.chat_id.type), scores.c.user_id, scores.c.local_date)
    moving = moving.add_columns(*(scores.c[name] for name in names)).where(scores.c.chat_id == old)
    moved = _insert(connection).from_select([*_KEY, *names], moving)
    sums = {name: scores.c[name] + moved.excluded[name] for name in _SUMS}
    first = {"of_day": func.coalesce(scores.c.of_day, moved.excluded.of_day)}
    await connection.execute(moved.on_conflict_do_update(index_elements=_KEY, set_=sums | first))
    await connection.execute(delete(scores).where(scores.c.chat_id == old))


async def forget_of_players_before(connection: AsyncConnection, moment: float) -> None:
    """Forget what those earned who have not played since."""
    gone = select(players.c.user_id).where(players.c.seen_at < moment)
    await connection.execute(delete(scores).where(scores.c.user_id.in_(gone)))


def _insert(connection: AsyncConnection) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(scores) if connection.dialect.name == "sqlite" else postgresql.insert(scores)


def _row(chat_id: int, user_id: int, local_date: dt.date) -> dict[str, object]:
    """A row of a player who has earned nothing yet."""
    return {"chat_id": chat_id, "user_id": user_id, "local_date": local_date} | dict.fromkeys(_SUMS, 0)


def _mean() -> ColumnElement[Any]:
    return func.sum(scores.c.seconds) / func.nullif(func.sum(scores.c.timed), 0)
