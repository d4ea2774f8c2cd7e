import asyncio
import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import conversations
from bot.storage.conversations import Conversation
from bot.storage.database import MIGRATIONS, DatabaseError, lasting, migrate, open_database, reading, shown
from bot.storage.tables import metadata

BROKEN = """
import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "0003"


def upgrade() -> None:
    op.create_table("half_done", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO handled_updates (update_id, handled_at) VALUES (1, 1)")
    {fault}
"""
FAULTS = {"wrong SQL": 'op.execute("INSERT INTO no_such_table VALUES (1)")', "a bug": '{}["no such key"]'}


async def tables(engine: AsyncEngine) -> set[str]:
    async with reading(engine) as connection:
        return set(await connection.run_sync(lambda c: inspect(c).get_table_names()))


@pytest.fixture(params=FAULTS)
def broken_migrations(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The migrations with one more, which fails half-way."""
    folder = shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    (folder / "versions" / "9001_broken.py").write_text(BROKEN.format(fault=FAULTS[request.param]), encoding="utf-8")
    return folder


async def test_a_fresh_database_gets_every_table(engine: AsyncEngine) -> None:
    assert await tables(engine) == {*metadata.tables, "alembic_version"}


async def test_migrating_once_more_changes_nothing(engine: AsyncEngine) -> None:
    who = Conversation(1, 0, 2)
    async with engine.begin() as connection:
        await conversations.remember(connection, who, "{}", 10.0)

    await migrate(engine)

    async with reading(engine) as connection:
        assert await conversations.recall(connection, who, 0.0) == "{}"


async def test_migrations_and_tables_agree(engine: AsyncEngine) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with reading(engine) as connection:
        assert await connection.run_sync(differences) == []


async def test_a_migration_that_fails_half_way_leaves_an_old_database_as_it_was(
    engine: AsyncEngine, broken_migrations: Path
) -> None:
    with pytest.raises(DatabaseError, match=r"^the database \S+ can't be opened or brought up to date: .+$"):
        await migrate(engine, broken_migrations)

    assert await tables(engine) == {*metadata.tables, "alembic_version"}
    async with reading(engine) as connection:
        assert (await connection.execute(select(metadata.tables["handled_updates"]))).all() == []
        assert (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one() == "0003"


async def test_a_migration_that_fails_half_way_leaves_a_fresh_database_empty(
    database_url: str, broken_migrations: Path
) -> None:
    engine = open_database(database_url)

    with pytest.raises(DatabaseError):
        await migrate(engine, broken_migrations)

    assert await tables(engine) == set()
    await engine.dispose()


async def test_a_database_of_a_newer_version_is_refused_in_a_sentence(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseError, match="9999"):
        await migrate(engine)


async def test_fifty_tasks_write_at_once(engine: AsyncEngine, database_url: str) -> None:
    """Through two engines, as two processes would; each reads before it writes."""
    other = open_database(database_url)

    async def turn(number: int) -> None:
        who = Conversation(number, 0, 7)
        for _ in range(4):
            async with (engine if number % 2 else other).begin() as connection:
                before = await conversations.recall(connection, who, 0.0)
                await conversations.remember(connection, who, f"{before or ''}x", float(number))

    await asyncio.gather(*(turn(number) for number in range(50)))

    async with reading(engine) as connection:
        for number in range(50):
            assert await conversations.recall(connection, Conversation(number, 0, 7), 0.0) == "xxxx"
    await other.dispose()


async def test_a_fault_undoes_the_whole_transaction(engine: AsyncEngine) -> None:
    who = Conversation(1, 0, 2)

    async def fail() -> None:
        async with engine.begin() as connection:
            await conversations.remember(connection, who, "{}", 10.0)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    async with reading(engine) as connection:
        assert await conversations.recall(connection, who, 0.0) is None


async def test_sqlite_keeps_a_write_ahead_log_and_waits_for_other_writers(tmp_path: Path) -> None:
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path}/footnote.db")

    async with reading(engine) as connection:
        assert (await connection.execute(text("PRAGMA journal_mode"))).scalar_one() == "wal"
        assert (await connection.execute(text("PRAGMA busy_timeout"))).scalar_one() == 10_000
    await engine.dispose()


async def test_readers_do_not_wait_for_a_writer_in_sqlite(tmp_path: Path) -> None:
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path}/footnote.db")
    await migrate(engine)
    who = Conversation(1, 0, 2)

    async with engine.begin() as writing:
        await conversations.remember(writing, who, "{}", 10.0)
        async with asyncio.timeout(1), reading(engine) as connection:
            assert await conversations.recall(connection, who, 0.0) is None
    await engine.dispose()


async def test_a_file_that_is_no_database_is_named_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear database, " * 100, encoding="utf-8")
    engine = open_database(f"sqlite+aiosqlite:///{file}")

    with pytest.raises(DatabaseError, match=r"^the database \S+letter\.txt can't be opened .*: .*not a database$"):
        await migrate(engine)
    await engine.dispose()


async def test_a_database_that_is_not_there_is_named_without_its_password() -> None:
    engine = open_database("postgresql+psycopg://ann:db-secret@127.0.0.1:1/footnote")

    with pytest.raises(DatabaseError, match=r"^the database \S+ann:\*\*\*@127\.0\.0\.1:1/footnote can't .+$") as caught:
        await migrate(engine)

    assert "db-secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "db-secret" not in shown(engine)
    await engine.dispose()


def test_a_malformed_url_is_refused_in_a_sentence() -> None:
    with pytest.raises(DatabaseError, match="FOOTNOTE_DATABASE"):
        open_database("sqlite+aiosqlite://footnote.db")


def test_what_sqlite_promises_about_transactional_tables_holds(tmp_path: Path) -> None:
    """The ground that migrations stand on: tables vanish with a rollback once sqlite3 begins nothing itself."""
    connection = sqlite3.connect(tmp_path / "plain.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE half_done (id INTEGER)")
    connection.execute("ROLLBACK")

    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    connection.close()


async def test_only_a_lasting_transaction_waits_for_the_disk_in_sqlite(tmp_path: Path) -> None:
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path}/footnote.db")
    modes = []
    for begin in (engine.begin, lambda: lasting(engine), lambda: lasting(engine), engine.begin):
        async with begin() as connection:
            modes.append((await connection.execute(text("PRAGMA synchronous"))).scalar_one())
    await engine.dispose()

    normal, full = 1, 2
    assert modes == [normal, full, full, normal]
