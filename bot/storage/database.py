"""Opening the database and bringing it up to date."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.config import StartError

MIGRATIONS = Path(__file__).parent / "migrations"
SYNCHRONOUS = "NORMAL"  # in SQLite: what was committed survives the process, all but the last of it a power cut
BUSY_SECONDS = 10  # how long SQLite waits for another writer


class DatabaseError(StartError):
    """The database can't be opened or brought up to date."""


def open_database(url: str) -> AsyncEngine:
    """An engine for a SQLAlchemy URL; nothing is connected yet. Raises DatabaseError for a malformed one."""
    try:
        engine = create_async_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    except (ArgumentError, ValueError) as error:
        raise DatabaseError(f"FOOTNOTE_DATABASE is no database URL: {error}") from None
    if engine.dialect.name == "sqlite":
        folder = _file(engine).parent
        if not folder.is_dir():
            raise DatabaseError(f"the database {shown(engine)} can't be opened: {folder} is no folder")
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin)
    return engine


@asynccontextmanager
async def existing(url: str) -> AsyncIterator[AsyncEngine]:
    """A database that is there and up to date, to look at beside a running bot; nothing in it is changed.

    Raises DatabaseError.
    """
    engine = open_database(url)
    if engine.dialect.name == "sqlite" and not _file(engine).exists():
        raise DatabaseError(f"there is no database {shown(engine)} yet; the bot makes it when it starts")
    try:
        yield engine
    except (OperationalError, ProgrammingError) as error:
        said = " ".join(str(error.orig).split())
        raise DatabaseError(
            f"the database {shown(engine)} can't be read, or is not up to date (footnote migrate): {said}"
        ) from error
    finally:
        await engine.dispose()


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection for reading only: on SQLite it never waits for a writer."""
    async with engine.connect() as connection:
        yield await connection.execution_options(footnote_begin="DEFERRED")


@asynccontextmanager
async def lasting(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that is on the disk once it is over: SQLite else leaves the last ones to a power cut."""
    async with engine.connect() as connection:
        await connection.execution_options(footnote_synchronous="FULL")
        async with connection.begin():
            yield connection


async def migrate(engine: AsyncEngine, migrations: Path = MIGRATIONS) -> None:
    """Bring the database up to the newest version, all of it or nothing.

    Raises DatabaseError with a sentence; the database stays as it was.
    """
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")

    def upgrade(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade)
    except Exception as error:  # a migration is code of its own, and can fail in any way
        cause = error.orig if isinstance(error, DBAPIError) else error
        said = " ".join(str(cause).split())
        raise DatabaseError(f"the database {shown(engine)} can't be opened or brought up to date: {said}") from error


def shown(engine: AsyncEngine) -> str:
    """The database's URL without its password."""
    return make_url(engine.url).render_as_string(hide_password=True)


def _file(engine: AsyncEngine) -> Path:
    return Path(engine.url.database or "")


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # sqlite3 begins transactions on its own and leaves DDL out of them; with that off, `_begin` decides.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "journal_mode=WAL", f"synchronous={SYNCHRONOUS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads first and then writes would fail at once when another one wrote in between;
    # taking the write lock at its beginning makes it wait its turn instead.
    options = connection.get_execution_options()
    synchronous = options.get("footnote_synchronous", SYNCHRONOUS)
    if synchronous != connection.info.get("footnote_synchronous", SYNCHRONOUS):
        connection.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
        connection.info["footnote_synchronous"] = synchronous
    connection.exec_driver_sql(f"BEGIN {options.get('footnote_begin', 'IMMEDIATE')}")
