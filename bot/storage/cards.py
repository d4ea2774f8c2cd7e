"""What people got wrong and may review: their cards, and the answers that change them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.polls import State
from bot.storage.tables import cards, game_votes, players, polls, votes

Key = tuple[str, str]  # a question's fact and kind


@dataclass(frozen=True)
class Card:
    """One question that somebody is learning."""

    user_id: int
    fact: str
    kind: str
    card: str  # fsrs's, as JSON
    due_at: float
    updated_at: float  # when it was answered last

    @property
    def key(self) -> Key:
        return self.fact, self.kind


@dataclass(frozen=True)
class Answer:
    """An answer that says something about what somebody knows."""

    fact: str
    kind: str
    question: str | None  # as JSON; None where it was a game's
    is_right: bool
    seconds: float
    asked_at: float
    answered_at: float

    @property
    def key(self) -> Key:
        return self.fact, self.kind


@dataclass(frozen=True)
class Asked:
    """A question of a review; `is_right` is None while it has no answer."""

    poll: int  # the id of ours
    message_id: int | None
    fact: str
    kind: str
    state: State
    is_right: bool | None

    @property
    def key(self) -> Key:
        return self.fact, self.kind

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == "open" and self.is_right is None


async def answers_since(connection: AsyncConnection, user_id: int, since: float) -> list[Answer]:
    """What somebody answered wrongly anywhere, and all that they answered in reviews, the oldest first."""
    asked = select(
        polls.c.fact,
        polls.c.kind,
        polls.c.question,
        votes.c.is_right,
        votes.c.seconds,
        polls.c.asked_at,
        votes.c.answered_at,
    ).where(
        votes.c.user_id == user_id,
        votes.c.answered_at >= since,
        votes.c.poll == polls.c.id,
        or_(votes.c.is_right.is_(False), polls.c.purpose == "review"),
    )
    played = select(
        game_votes.c.fact,
        game_votes.c.kind,
        game_votes.c.seconds,
        game_votes.c.answered_at,
    ).where(game_votes.c.user_id == user_id, game_votes.c.answered_at >= since, game_votes.c.is_right.is_(False))
    found = [Answer(*row) for row in await connection.execute(asked)]
    for fact, kind, seconds, at in await connection.execute(played):
        found.append(Answer(fact, kind, None, is_right=False, seconds=seconds, asked_at=at - seconds, answered_at=at))
    return sorted(found, key=lambda answer: answer.answered_at)


async def cards_of(connection: AsyncConnection, user_id: int) -> list[Card]:
    """All of somebody's cards, the next one that is due first."""
    chosen = select(cards).where(cards.c.user_id == user_id).order_by(cards.c.due_at, cards.c.fact, cards.c.kind)
    return [Card(**row._mapping) for row in await connection.execute(chosen)]  # noqa: SLF001 - the public name of it


async def put(connection: AsyncConnection, changed: Sequence[Card]) -> None:
    """Keep cards as they are now."""
    insert = sqlite.insert(cards) if connection.dialect.name == "sqlite" else postgresql.insert(cards)
    new = {name: insert.excluded[name] for name in ("card", "due_at", "updated_at")}
    kept = insert.on_conflict_do_update(index_elements=["user_id", "fact", "kind"], set_=new)
    if changed:
        await connection.execute(kept, [asdict(card) for card in changed])


async def put_off(connection: AsyncConnection, user_id: int, key: Key, until: float) -> None:
    """Let a card not be due before a moment."""
    which = cards.c.user_id == user_id, cards.c.fact == key[0], cards.c.kind == key[1]
    await connection.execute(update(cards).where(*which, cards.c.due_at < until).values(due_at=until))


async def drop(connection: AsyncConnection, user_id: int, keys: Collection[Key]) -> None:
    """Drop some of somebody's cards."""
    for fact, kind in keys:
        which = cards.c.user_id == user_id, cards.c.fact == fact, cards.c.kind == kind
        await connection.execute(delete(cards).where(*which))


async def review_of(connection: AsyncConnection, user_id: int) -> list[Asked]:
    """The questions of somebody's newest review, in their order; those that did not arrive are left out."""
    here = polls.c.chat_id == user_id, polls.c.thread_id == 0, polls.c.purpose == "review"
    first = select(func.max(polls.c.id)).where(*here, polls.c.number == 1).scalar_subquery()
    chosen = (
        select(polls.c.id, polls.c.message_id, polls.c.fact, polls.c.kind, polls.c.state, votes.c.is_right)
        .select_from(polls)
        .outerjoin(votes, (votes.c.poll == polls.c.id) & (votes.c.user_id == user_id))
        .where(*here, polls.c.id >= first, polls.c.state != "failed")
        .order_by(polls.c.id)
    )
    return [Asked(*row) for row in await connection.execute(chosen)]


async def forget_before(connection: AsyncConnection, moment: float) -> None:
    """Forget the cards of those who have neither reviewed nor played since."""
    played = exists().where(players.c.user_id == cards.c.user_id, players.c.seen_at >= moment)
    others = cards.alias()
    reviewed = exists().where(others.c.user_id == cards.c.user_id, others.c.updated_at >= moment)
    await connection.execute(delete(cards).where(cards.c.updated_at < moment, ~played, ~reviewed))
