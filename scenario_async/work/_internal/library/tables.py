"""The tables of a library ledger, and what it needs of a database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol, TypeVar

R = TypeVar("R")

SCHEMA: Final = (
    """
    CREATE TABLE IF NOT EXISTS library_contents (
        scope TEXT NOT NULL,
        digest TEXT NOT NULL,
        asset_id TEXT,
        worker TEXT,
        lease_until DOUBLE PRECISION NOT NULL,
        claimed_at DOUBLE PRECISION NOT NULL,
        PRIMARY KEY (scope, digest)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS library_sources (
        scope TEXT NOT NULL,
        source TEXT NOT NULL,
        version TEXT NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (scope, source)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS library_places (
        scope TEXT NOT NULL,
        asset_id TEXT NOT NULL,
        place TEXT NOT NULL,
        PRIMARY KEY (scope, asset_id, place)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS library_pace (
        scope TEXT NOT NULL PRIMARY KEY,
        next_at DOUBLE PRECISION NOT NULL
    )
    """,
)

_READS: Final = (
    "SELECT scope, digest, asset_id, worker, lease_until, claimed_at FROM library_contents LIMIT 0",
    "SELECT scope, source, version, digest FROM library_sources LIMIT 0",
    "SELECT scope, asset_id, place FROM library_places LIMIT 0",
    "SELECT scope, next_at FROM library_pace LIMIT 0",
)
"""These fail if a table of the same name has other columns."""


class Cursor(Protocol):
    """The part of a DB-API cursor that the ledger uses."""

    @property
    def rowcount(self) -> int:
        """The number of rows that the last statement changed."""
        ...

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Any:
        """Execute a statement."""
        ...

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]], /) -> Any:
        """Execute a statement for each row."""
        ...

    def fetchall(self) -> list[Any]:
        """Fetch the rows of the last statement."""
        ...


class Database(Protocol):
    """A database that runs transactions; used by one thread at a time."""

    def run(self, transaction: Callable[[Cursor], R]) -> R:
        """Run a transaction, and run it again from the beginning if the connection is lost.

        Raises:
            LedgerError: The database cannot be used.
        """
        ...

    def insert_each(self, cursor: Cursor, sql: str, rows: Sequence[Sequence[Any]]) -> list[bool]:
        """Execute an ``INSERT`` for each row, and return for each whether a row was inserted."""
        ...

    def lock(self, cursor: Cursor, digests: Sequence[str]) -> None:
        """Make other transactions that lock one of these contents wait until this one ends."""
        ...

    def now(self, cursor: Cursor) -> float:
        """Return the time of the database, in seconds since 1970, which is the same for all processes."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


def create_tables(cursor: Cursor) -> None:
    """Create the tables unless they exist.

    Raises an error of the database if a table of the same name has other columns.
    """
    for statement in SCHEMA:
        cursor.execute(statement)
    check_tables(cursor)


def check_tables(cursor: Cursor) -> None:
    """Check that the tables can be read.

    Raises an error of the database if there is none, or one with other columns.
    """
    for statement in _READS:
        cursor.execute(statement)
