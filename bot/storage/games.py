"""Games in messages that were sent inline, and who answered what in them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import game_votes, games

State = Literal["open", "revealed", "asleep", "over"]


@dataclass(frozen=True)
class Game:
    """The game in a message; times are seconds since the epoch."""

    inline_message_id: str
    started_by: int
    wish: str  # as JSON
    questions: str  # as JSON
    earlier: int  # questions of games that were played in this message before
    number: int  # of the question that is on, counted on from these
    state: State
    opened_at: float  # when that question was
    step_at: float | None  # when there is something to do next by itself
    edit_at: float | None  # since when the message shows what is no longer so
    created_at: float


@dataclass(frozen=True)
class GameVote:
    """Somebody's answer; `seconds` passed since the question."""

    inline_message_id: str
    number: int
    user_id: int
    fact: str
    kind: str
    option: int
    is_right: bool
    seconds: float
    answered_at: float


async def keep(connection: AsyncConnection, game: Game) -> bool:
    """Keep a game that begins; False where there is one in that message already."""
    insert = sqlite.insert(games) if connection.dialect.name == "sqlite" else postgresql.insert(games)
    # Of what is inserted PostgreSQL's driver tells no number, so the row itself is asked for.
    kept = insert.values(asdict(game)).on_conflict_do_nothing().returning(games.c.number)
    return (await connection.execute(kept)).one_or_none() is not None


async def find(connection: AsyncConnection, inline_message_id: str) -> Game | None:
    """The game in a message."""
    row = (await connection.execute(select(games).where(games.c.inline_message_id == inline_message_id))).one_or_none()
    return _game(row) if row else None


async def get_locked(connection: AsyncConnection, inline_message_id: str) -> Game | None:
    """The same, which nobody else changes until the transaction is over."""
    chosen = select(games).where(games.c.inline_message_id == inline_message_id).with_for_update()
    row = (await connection.execute(chosen)).one_or_none()
    return _game(row) if row else None


async def change(connection: AsyncConnection, game: Game) -> None:
    """Keep a game as it is now."""
    values = asdict(game)
    key = values.pop("inline_message_id")
    await connection.execute(update(games).where(games.c.inline_message_id == key).values(values))


async def vote(connection: AsyncConnection, given: GameVote) -> bool:
    """Keep an answer; False where that player has answered before."""
    insert = sqlite.insert(game_votes) if connection.dialect.name == "sqlite" else postgresql.insert(game_votes)
    kept = insert.values(asdict(given)).on_conflict_do_nothing().returning(game_votes.c.number)
    return (await connection.execute(kept)).one_or_none() is not None


async def vote_of(connection: AsyncConnection, inline_message_id: str, number: int, user_id: int) -> GameVote | None:
    """What somebody answered to a question."""
    chosen = select(game_votes).where(
        game_votes.c.inline_message_id == inline_message_id,
        game_votes.c.number == number,
        game_votes.c.user_id == user_id,
    )
    row = (await connection.execute(chosen)).one_or_none()
    return _vote(row) if row else None


async def votes(connection: AsyncConnection, inline_message_id: str, after: int) -> list[GameVote]:
    """The answers in a message to the questions after the one of this number, in the order in which they came."""
    chosen = (
        select(game_votes)
        .where(game_votes.c.inline_message_id == inline_message_id, game_votes.c.number > after)
        .order_by(game_votes.c.answered_at)
    )
    return [_vote(row) for row in await connection.execute(chosen)]


async def due(connection: AsyncConnection, now: float) -> Sequence[str]:
    """The games in which something is to happen by itself."""
    chosen = select(games.c.inline_message_id).where(games.c.step_at <= now).order_by(games.c.step_at)
    return (await connection.execute(chosen)).scalars().all()


async def next_step(connection: AsyncConnection) -> float | None:
    """When something is to happen next in any game."""
    chosen = select(games.c.step_at).where(games.c.step_at.is_not(None)).order_by(games.c.step_at).limit(1)
    return (await connection.execute(chosen)).scalar_one_or_none()


async def unshown(connection: AsyncConnection) -> Sequence[str]:
    """The games whose messages show what is no longer so, the longest ago first."""
    chosen = select(games.c.inline_message_id).where(games.c.edit_at.is_not(None)).order_by(games.c.edit_at)
    return (await connection.execute(chosen)).scalars().all()


async def shown(connection: AsyncConnection, inline_message_id: str, edit_at: float | None) -> None:
    """A message shows what was so when its game had this `edit_at`."""
    changed = games.c.inline_message_id == inline_message_id, games.c.edit_at == edit_at
    await connection.execute(update(games).where(*changed).values(edit_at=None))


async def stop(connection: AsyncConnection, inline_message_id: str) -> None:
    """Nothing more happens by itself in a game."""
    ended = update(games).where(games.c.inline_message_id == inline_message_id)
    await connection.execute(ended.values(state="over", step_at=None, edit_at=None))


async def forget_before(connection: AsyncConnection, created: float, answered: float) -> None:
    """Forget the games that began before, and the answers given before."""
    await connection.execute(delete(games).where(games.c.created_at < created))
    await connection.execute(delete(game_votes).where(game_votes.c.answered_at < answered))


def _game(row: Row[tuple[object, ...]]) -> Game:
    return Game(**row._mapping)  # noqa: SLF001 - the public name of it


def _vote(row: Row[tuple[object, ...]]) -> GameVote:
    return GameVote(**row._mapping)  # noqa: SLF001 - as above
