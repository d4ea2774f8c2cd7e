"""Rounds of quiz questions in chats, and how far they have come."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Row, and_, delete, func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.subscriptions import Place
from bot.storage.tables import rounds

Audience = Literal["private", "group", "channel"]
State = Literal["running", "ending", "over"]
_UNFINISHED = rounds.c.state != literal_column("'over'")  # written out, so that a planner sees that the indexes fit


@dataclass(frozen=True)
class Round:
    """A run of questions; `id` is 0 before it is kept."""

    chat_id: int
    thread_id: int
    audience: Audience
    started_by: int
    wish: str  # as JSON
    questions: str  # as JSON; more than wished, to replace those that got lost
    started_at: float
    step_at: float | None  # when there is something to do next; None while it is done
    number: int = 0  # of the question that was asked last
    state: State = "running"
    id: int = 0

    @property
    def place(self) -> Place:
        return Place(self.chat_id, self.thread_id)


async def begin(connection: AsyncConnection, new: Round) -> int | None:
    """Keep a new round; its id, or None where another one at the place is not over."""
    insert = sqlite.insert(rounds) if connection.dialect.name == "sqlite" else postgresql.insert(rounds)
    values = {name: value for name, value in asdict(new).items() if name != "id"}
    kept = await connection.execute(insert.values(values).on_conflict_do_nothing().returning(rounds.c.id))
    begun: int | None = kept.scalar_one_or_none()
    return begun


async def find(connection: AsyncConnection, round_id: int) -> Round | None:
    """A round by its id."""
    row = (await connection.execute(select(rounds).where(rounds.c.id == round_id))).one_or_none()
    return _round(row) if row else None


async def find_at(connection: AsyncConnection, place: Place) -> Round | None:
    """The round at a place that is not over."""
    row = (await connection.execute(select(rounds).where(_at(place), _UNFINISHED))).one_or_none()
    return _round(row) if row else None


async def get_locked(connection: AsyncConnection, round_id: int) -> Round | None:
    """A round, which nobody else changes until the transaction is over."""
    row = (await connection.execute(select(rounds).where(rounds.c.id == round_id).with_for_update())).one_or_none()
    return _round(row) if row else None


async def unfinished(connection: AsyncConnection) -> list[Round]:
    """All rounds that are not over."""
    return [_round(row) for row in await connection.execute(select(rounds).where(_UNFINISHED))]


async def due(connection: AsyncConnection, now: float, most: int) -> list[int]:
    """The rounds in which there is something to do, the longest waiting first."""
    chosen = select(rounds.c.id).where(_UNFINISHED, rounds.c.step_at <= now).order_by(rounds.c.step_at).limit(most)
    return list((await connection.execute(chosen)).scalars())


async def next_step(connection: AsyncConnection, but: Collection[int]) -> float | None:
    """When there is something to do next in any round but these."""
    chosen = select(func.min(rounds.c.step_at)).where(_UNFINISHED, rounds.c.id.not_in(but))
    moment: float | None = (await connection.execute(chosen)).scalar_one()
    return moment


async def move_on(
    connection: AsyncConnection, round_id: int, step_at: float | None, *, number: int | None = None
) -> None:
    """Note when there is something to do next in a round, and which question it has come to."""
    come_to = {} if number is None else {"number": number}
    await connection.execute(update(rounds).where(rounds.c.id == round_id).values({"step_at": step_at} | come_to))


async def set_state(connection: AsyncConnection, round_id: int, state: State, step_at: float | None) -> None:
    """Let a round end, or be over."""
    await connection.execute(update(rounds).where(rounds.c.id == round_id).values(state=state, step_at=step_at))


async def finish_at(connection: AsyncConnection, chat_id: int, thread_id: int | None) -> None:
    """What goes on in a chat, or in one topic of it, is over: nothing more can be sent there."""
    there = _UNFINISHED, rounds.c.chat_id == chat_id
    topic = () if thread_id is None else (rounds.c.thread_id == thread_id,)
    await connection.execute(update(rounds).where(*there, *topic).values(state="over", step_at=None))


async def forget_before(connection: AsyncConnection, moment: float) -> None:
    """Forget rounds that began before."""
    await connection.execute(delete(rounds).where(rounds.c.started_at < moment))


async def move_chat(connection: AsyncConnection, old: int, new: int) -> None:
    """A group became a supergroup. Where a round began under the new id meanwhile, the old one is over."""
    other = rounds.alias()
    going_on = select(other.c.id).where(
        other.c.chat_id == new, other.c.thread_id == rounds.c.thread_id, other.c.state != "over"
    )
    ended = update(rounds).where(rounds.c.chat_id == old, _UNFINISHED, going_on.exists())
    await connection.execute(ended.values(state="over", step_at=None))
    await connection.execute(update(rounds).where(rounds.c.chat_id == old).values(chat_id=new))


def _at(place: Place) -> ColumnElement[bool]:
    return and_(rounds.c.chat_id == place.chat_id, rounds.c.thread_id == place.thread_id)


def _round(row: Row[tuple[object, ...]]) -> Round:
    return Round(**row._mapping)  # noqa: SLF001 - the public name of it
