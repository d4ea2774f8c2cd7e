"""What users say is wrong, and which facts are put aside."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import reports, withheld

About = Literal["question", "answer"]
Because = Literal["reports", "owner"]
Verdict = Literal["right", "unfounded"]


@dataclass(frozen=True)
class Opened:
    """A fact with reports that nobody has settled yet."""

    fact: str
    reporters: int
    of_questions: int  # reporters who saw it as a question; the others saw an answer
    first_at: float
    last_at: float


@dataclass(frozen=True)
class Verdicted:
    """A settled report whose user hasn't been told yet."""

    fact: str
    user_id: int
    verdict: Verdict


async def add(connection: AsyncConnection, fact: str, user_id: int, about: About, now: float) -> bool:
    """Keep a report; False where that user has reported the fact before."""
    insert = sqlite.insert(reports) if connection.dialect.name == "sqlite" else postgresql.insert(reports)
    values = {"fact": fact, "user_id": user_id, "about": about, "reported_at": now}
    # Of what is inserted PostgreSQL's driver tells no number, so the row itself is asked for.
    kept = insert.values(values).on_conflict_do_nothing().returning(reports.c.fact)
    return (await connection.execute(kept)).first() is not None


async def has_reported(connection: AsyncConnection, fact: str, user_id: int) -> bool:
    """Whether a user has reported a fact."""
    chosen = select(reports.c.fact).where(reports.c.fact == fact, reports.c.user_id == user_id)
    return (await connection.execute(chosen)).first() is not None


async def count_since(connection: AsyncConnection, user_id: int, moment: float) -> int:
    """How many facts a user has reported since."""
    chosen = select(func.count()).where(reports.c.user_id == user_id, reports.c.reported_at >= moment)
    return (await connection.execute(chosen)).scalar_one()


async def open_reporters(connection: AsyncConnection, fact: str) -> int:
    """How many users' reports of a fact are open."""
    chosen = select(func.count()).where(reports.c.fact == fact, reports.c.settled_at.is_(None))
    return (await connection.execute(chosen)).scalar_one()


async def opened(connection: AsyncConnection) -> list[Opened]:
    """The facts with open reports, those reported last coming first."""
    chosen = (
        select(
            reports.c.fact,
            func.count().label("reporters"),
            func.sum(case((reports.c.about == "question", 1), else_=0)).label("of_questions"),
            func.min(reports.c.reported_at).label("first_at"),
            func.max(reports.c.reported_at).label("last_at"),
        )
        .where(reports.c.settled_at.is_(None))
        .group_by(reports.c.fact)
        .order_by(func.max(reports.c.reported_at).desc(), reports.c.fact)
    )
    return [Opened(**row._mapping) for row in await connection.execute(chosen)]  # noqa: SLF001 - the public name of it


async def settle(connection: AsyncConnection, fact: str, verdict: Verdict, now: float) -> int:
    """Settle a fact's open reports; how many there were."""
    is_open = reports.c.fact == fact, reports.c.settled_at.is_(None)
    settled = await connection.execute(update(reports).where(*is_open).values(settled_at=now, verdict=verdict))
    return settled.rowcount


async def untold(connection: AsyncConnection) -> list[Verdicted]:
    """The settled reports whose users haven't been told, the longest settled first."""
    chosen = (
        select(reports.c.fact, reports.c.user_id, reports.c.verdict)
        .where(reports.c.settled_at.is_not(None), reports.c.told_at.is_(None))
        .order_by(reports.c.settled_at, reports.c.user_id)
    )
    return [Verdicted(**row._mapping) for row in await connection.execute(chosen)]  # noqa: SLF001 - as above


async def mark_told(connection: AsyncConnection, fact: str, user_id: int, now: float) -> bool:
    """Record that a user is being told; False where that was recorded before."""
    waiting = reports.c.fact == fact, reports.c.user_id == user_id, reports.c.told_at.is_(None)
    return (await connection.execute(update(reports).where(*waiting).values(told_at=now))).rowcount == 1


async def unmark_told(connection: AsyncConnection, fact: str, user_id: int) -> None:
    """Record that what a user was to be told certainly did not arrive."""
    mine = reports.c.fact == fact, reports.c.user_id == user_id
    await connection.execute(update(reports).where(*mine).values(told_at=None))


async def withhold(connection: AsyncConnection, fact: str, because: Because, now: float) -> bool:
    """Put a fact aside; False where it is already."""
    insert = sqlite.insert(withheld) if connection.dialect.name == "sqlite" else postgresql.insert(withheld)
    values = {"fact": fact, "because": because, "since": now}
    kept = insert.values(values).on_conflict_do_nothing().returning(withheld.c.fact)
    return (await connection.execute(kept)).first() is not None


async def release(connection: AsyncConnection, fact: str) -> bool:
    """Take a fact back into use; False where it wasn't put aside."""
    return (await connection.execute(delete(withheld).where(withheld.c.fact == fact))).rowcount == 1


async def withheld_facts(connection: AsyncConnection) -> frozenset[str]:
    """The facts that are put aside."""
    return frozenset((await connection.execute(select(withheld.c.fact))).scalars())


async def untold_withheld(connection: AsyncConnection) -> list[str]:
    """The facts put aside of which the owners haven't been told."""
    chosen = select(withheld.c.fact).where(withheld.c.told_at.is_(None)).order_by(withheld.c.since, withheld.c.fact)
    return list((await connection.execute(chosen)).scalars())


async def mark_owners_told(connection: AsyncConnection, fact: str, now: float) -> bool:
    """Record that the owners are being told that a fact is put aside; False where that was recorded before."""
    waiting = withheld.c.fact == fact, withheld.c.told_at.is_(None)
    return (await connection.execute(update(withheld).where(*waiting).values(told_at=now))).rowcount == 1


async def forget_before(connection: AsyncConnection, settled: float, reported: float) -> None:
    """Forget the reports that were settled before the one moment, or made before the other."""
    await connection.execute(
        delete(reports).where(or_(reports.c.settled_at < settled, reports.c.reported_at < reported))
    )
