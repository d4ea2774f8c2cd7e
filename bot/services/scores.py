"""Score boards: who answered how well in a chat, under the name that they chose or none."""

import datetime as dt
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import players, posts, scores
from bot.storage.database import reading
from bot.storage.scores import Total
from bot.storage.subscriptions import Place

__all__ = ["SPANS", "Board", "Figures", "Line", "Place", "Scores", "Span", "Total", "streak"]

Span: TypeAlias = Literal["day", "week", "all"]
SPANS: tuple[Span, ...] = get_args(Span)
WEEK = dt.timedelta(days=6)  # before today
MOST_LINES = 10
KEPT_SECONDS = 400 * 24 * 3600  # for which scores of somebody who plays no more are kept


@dataclass(frozen=True)
class Line:
    """A player on a score board; `name` is None for one who hides, `streak` counts questions of the day."""

    place: int
    name: str | None
    total: Total
    streak: int


@dataclass(frozen=True)
class Board:
    """The best of a chat, and below them whoever asks, unless they hide."""

    span: Span
    lines: tuple[Line, ...]
    own: Line | None = None


@dataclass(frozen=True)
class Figures:
    """What one player earned in all chats, and their streak in private."""

    totals: Mapping[Span, Total]
    streak: int


class Scores:
    """What players earned."""

    def __init__(
        self,
        engine: AsyncEngine,
        today: Callable[[Place], Awaitable[dt.date]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`today` tells the date on a place's clock."""
        self._engine = engine
        self._today = today
        self._clock = clock

    async def board(self, place: Place, span: Span, user_id: int | None = None) -> Board:
        """The score board of a place's chat, as somebody sees it."""
        since = _first(await self._today(place), span)
        async with reading(self._engine) as connection:
            found = await scores.ranked(connection, place.chat_id, since, MOST_LINES, user_id)
            ids = [ranked.user_id for ranked in found]
            names = await players.names(connection, ids)
            asked = await posts.question_dates(connection, place.chat_id)
            answered = await scores.days_answered(connection, place.chat_id, ids)
        lines = [Line(r.place, names.get(r.user_id), r.total, streak(asked, answered[r.user_id])) for r in found]
        below = lines[MOST_LINES] if len(lines) > MOST_LINES and lines[MOST_LINES].name is not None else None
        return Board(span, tuple(lines[:MOST_LINES]), below)

    async def figures(self, user_id: int) -> Figures:
        """What somebody earned."""
        private = Place(user_id)
        today = await self._today(private)
        async with reading(self._engine) as connection:
            totals = {span: await scores.total(connection, user_id, _first(today, span)) for span in SPANS}
            asked = await posts.question_dates(connection, user_id)
            answered = await scores.days_answered(connection, user_id, [user_id])
        return Figures(totals, streak(asked, answered[user_id]))

    async def is_hidden(self, user_id: int) -> bool:
        """Whether somebody's name is kept off score boards."""
        async with reading(self._engine) as connection:
            return await players.is_hidden(connection, user_id)

    async def set_hidden(self, user_id: int, name: str, *, hidden: bool) -> None:
        """Keep somebody's name off score boards from now on, or show it again."""
        async with self._engine.begin() as connection:
            await players.set_hidden(connection, user_id, name, hidden, self._clock())

    async def forget_old(self) -> None:
        """Forget what those earned who have not played for long, and who they were."""
        moment = self._clock() - KEPT_SECONDS
        async with self._engine.begin() as connection:
            await scores.forget_of_players_before(connection, moment)
            await players.forget_before(connection, moment)


def streak(asked: Collection[dt.date], answered: Mapping[dt.date, bool]) -> int:
    """How many questions of the day somebody has answered rightly on end.

    A date without a question doesn't break it, nor does the newest question while it is unanswered.
    """
    count = 0
    newest = max(asked, default=None)
    for date in sorted({*asked, *answered}, reverse=True):
        if answered.get(date):
            count += 1
        elif date != newest or date in answered:
            break
    return count


def _first(today: dt.date, span: Span) -> dt.date | None:
    return {"day": today, "week": today - WEEK, "all": None}[span]
