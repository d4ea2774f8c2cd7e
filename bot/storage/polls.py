"""Questions that went to chats as polls, and who answered what."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Row, Select, and_, case, delete, func, literal_column, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.subscriptions import Place
from bot.storage.tables import game_votes, polls, votes

Purpose = Literal["round", "day", "review"]
State = Literal["sending", "open", "closed", "skipped", "uncertain", "failed"]
_SENDING = polls.c.state == literal_column("'sending'")  # written out, so that a planner sees that the index fits
# States in which a chat has seen the question, or may have.
_ASKED = ("sending", "open", "closed", "skipped", "uncertain")


@dataclass(frozen=True)
class Poll:
    """A question that is sent, or will be at once; `id` is 0 before it is kept."""

    chat_id: int
    thread_id: int
    purpose: Purpose
    fact: str
    kind: str
    question: str  # as JSON
    asked_at: float
    round_id: int | None = None
    number: int | None = None  # in its round, from 1
    local_date: dt.date | None = None  # of the question of a day
    state: State = "sending"
    poll_id: str | None = None  # Telegram's
    message_id: int | None = None
    closes_at: float | None = None
    id: int = 0

    @property
    def place(self) -> Place:
        return Place(self.chat_id, self.thread_id)


@dataclass(frozen=True)
class Vote:
    """Somebody's answer; `seconds` passed since the question."""

    poll: int  # the id of ours
    user_id: int
    option: int
    is_right: bool
    seconds: float
    answered_at: float


async def keep(connection: AsyncConnection, poll: Poll) -> int:
    """Keep a question before it is sent; its id."""
    values = {name: value for name, value in asdict(poll).items() if name != "id"}
    kept: int = (await connection.execute(polls.insert().values(values).returning(polls.c.id))).scalar_one()
    return kept


async def opened(
    connection: AsyncConnection, poll: int, poll_id: str, message_id: int, now: float, closes_at: float | None
) -> None:
    """A question has arrived, and can be answered from now on."""
    sent = {"state": "open", "poll_id": poll_id, "message_id": message_id, "asked_at": now, "closes_at": closes_at}
    await connection.execute(update(polls).where(polls.c.id == poll).values(sent))


async def set_state(connection: AsyncConnection, poll: int, state: State) -> None:
    """What has become of a question."""
    await connection.execute(update(polls).where(polls.c.id == poll).values(state=state))


async def shut(connection: AsyncConnection, poll: int, state: Literal["closed", "skipped"], now: float) -> None:
    """A question takes no more answers from now on, before its time was up."""
    await connection.execute(update(polls).where(polls.c.id == poll).values(state=state, closes_at=now))


async def park_sending(connection: AsyncConnection) -> int:
    """Give up the attempts that a stop of the bot left without an outcome; how many there were."""
    return (await connection.execute(update(polls).where(_SENDING).values(state="uncertain"))).rowcount


async def get_locked(connection: AsyncConnection, poll: int) -> Poll | None:
    """A question, which nobody else changes until the transaction is over."""
    row = (await connection.execute(select(polls).where(polls.c.id == poll).with_for_update())).one_or_none()
    return _poll(row) if row else None


async def find(connection: AsyncConnection, poll_id: str) -> Poll | None:
    """The question behind a poll of Telegram's."""
    row = (await connection.execute(select(polls).where(polls.c.poll_id == poll_id))).one_or_none()
    return _poll(row) if row else None


async def find_message(connection: AsyncConnection, chat_id: int, message_id: int) -> Poll | None:
    """The question that a message is."""
    chosen = select(polls).where(polls.c.chat_id == chat_id, polls.c.message_id == message_id)
    row = (await connection.execute(chosen)).first()
    return _poll(row) if row else None


async def of_round(connection: AsyncConnection, round_id: int) -> list[Poll]:
    """A round's questions, in their order."""
    chosen = select(polls).where(polls.c.round_id == round_id).order_by(polls.c.number, polls.c.id)
    return [_poll(row) for row in await connection.execute(chosen)]


async def vote(connection: AsyncConnection, given: Vote) -> bool:
    """Keep an answer; False where that player has answered before."""
    insert = sqlite.insert(votes) if connection.dialect.name == "sqlite" else postgresql.insert(votes)
    # Of what is inserted PostgreSQL's driver tells no number, so the row itself is asked for.
    kept = insert.values(asdict(given)).on_conflict_do_nothing().returning(votes.c.poll)
    return (await connection.execute(kept)).first() is not None


async def votes_of(connection: AsyncConnection, poll_ids: Sequence[int]) -> list[Vote]:
    """The answers to these questions (ids of ours), in the order in which they came."""
    chosen = select(votes).where(votes.c.poll.in_(poll_ids)).order_by(votes.c.answered_at)
    return [Vote(**row._mapping) for row in await connection.execute(chosen)]  # noqa: SLF001 - the public name of it


async def seen(
    connection: AsyncConnection, place: Place | None, user_id: int | None, since: float
) -> dict[tuple[str, str], float]:
    """The questions (fact and kind) that a place was asked, or a player answered anywhere, with the last moment."""
    found: list[Select[Any]] = []
    if place is not None:
        here = and_(polls.c.chat_id == place.chat_id, polls.c.thread_id == place.thread_id, polls.c.state.in_(_ASKED))
        found.append(select(polls.c.fact, polls.c.kind, polls.c.asked_at).where(here, polls.c.asked_at >= since))
    if user_id is not None:
        answered = select(polls.c.fact, polls.c.kind, votes.c.answered_at)
        found += [
            answered.join(votes, votes.c.poll == polls.c.id).where(
                votes.c.user_id == user_id, votes.c.answered_at >= since
            ),
            select(game_votes.c.fact, game_votes.c.kind, game_votes.c.answered_at).where(
                game_votes.c.user_id == user_id, game_votes.c.answered_at >= since
            ),
        ]
    latest: dict[tuple[str, str], float] = {}
    for chosen in found:
        for fact, kind, moment in await connection.execute(chosen):
            latest[fact, kind] = max(moment, latest.get((fact, kind), moment))
    return latest


async def tallies(connection: AsyncConnection) -> dict[tuple[str, str], tuple[int, int]]:
    """Of each question (fact and kind) how many answers were right, and how many there are; reviews, in which people
    know it from before, left out.
    """
    of_polls = select(polls.c.fact, polls.c.kind, votes.c.is_right).join(votes, votes.c.poll == polls.c.id)
    of_polls = of_polls.where(polls.c.purpose != "review")
    of_games = select(game_votes.c.fact, game_votes.c.kind, game_votes.c.is_right)
    given = union_all(of_polls, of_games).subquery()
    right = func.sum(case((given.c.is_right, 1), else_=0))
    counted = select(given.c.fact, given.c.kind, right, func.count()).group_by(given.c.fact, given.c.kind)
    return {(fact, kind): (right, answered) for fact, kind, right, answered in await connection.execute(counted)}


async def forget_before(connection: AsyncConnection, moment: float) -> None:
    """Forget the questions and answers from before."""
    await connection.execute(delete(votes).where(votes.c.answered_at < moment))
    await connection.execute(delete(polls).where(polls.c.asked_at < moment))


async def move_chat(connection: AsyncConnection, old: int, new: int) -> None:
    """A group became a supergroup. Its messages stay behind, and other ones have their numbers there."""
    await connection.execute(update(polls).where(polls.c.chat_id == old).values(chat_id=new, message_id=None))


def _poll(row: Row[tuple[object, ...]]) -> Poll:
    return Poll(**row._mapping)  # noqa: SLF001 - as above
