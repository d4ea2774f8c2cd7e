"""Storage is tested on SQLite and on a real PostgreSQL alike."""

from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/footnote.db"
    url: str = request.getfixturevalue("postgresql_url")
    return url
