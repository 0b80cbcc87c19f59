"""Fixtures of the library tests: a PostgreSQL server, and both kinds of ledger."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.library.postgres import programs, running_server


@pytest.fixture(scope="session")
def postgres() -> Generator[str]:
    """The URL of a PostgreSQL server that runs for the whole session."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    if programs() is None:
        pytest.skip("there is no PostgreSQL on this machine (Debian: apt-get install postgresql)")
    with running_server() as url:
        yield url


@pytest.fixture
def postgres_ledger(postgres: str) -> str:
    """The URL of an empty database."""
    import psycopg

    name = f"ledger_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return postgres.rpartition("/")[0] + "/" + name


@pytest.fixture(params=["sqlite", "postgres"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A ledger of each kind; each test has to pass with both."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite3")
    url: str = request.getfixturevalue("postgres_ledger")
    return url
