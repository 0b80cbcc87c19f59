"""The two databases for a library ledger: a SQLite file, or a PostgreSQL server.

Both support the ledger's SQL statements. This module handles the differences: placeholders, the clock,
locking and lost connections.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar, cast

from scenario_async._internal.database_file import DatabaseFile, place_of
from scenario_async.errors import InvalidArgumentError, LedgerError, is_encodable
from scenario_async.upload._internal.ledger import is_postgres_url

R = TypeVar("R")

logger: Final = logging.getLogger("scenario_async.sync")

_BUSY_SECONDS: Final = 30.0
"""Seconds that one process waits for another one's commit in SQLite."""

_RECONNECT_SECONDS: Final = 120.0
"""Seconds of attempts to reconnect to PostgreSQL before the ledger raises an error."""

_LONGEST_PAUSE: Final = 5.0

_IDLE_SECONDS: Final = 15.0
"""Seconds after which the server ends a transaction whose client says nothing. If a machine is disconnected
during a transaction, the server does not notice this for hours, and the transaction would keep its locks."""

_LOCKED_SECONDS: Final = 30.0
"""Seconds that a statement waits for another transaction; longer than `_IDLE_SECONDS`."""

_URL: Final = re.compile(r"postgres(ql)?://([^/?@]*@)?[^@]*")
"""A URL without `@`, `/` or `?` in its password; these would make a part of it look like the host."""
_EXPECTED_URL: Final = (
    "postgresql://user:password@host/database is needed, with special characters percent-encoded"
)

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

    def now(self, cursor: Cursor) -> float:
        """Return the time of the database, in seconds since 1970, which is the same for all processes."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class SqliteDatabase:
    """A SQLite file, shared by the processes of one machine.

    Raises:
        InvalidArgumentError: The file cannot be opened as a database.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = DatabaseFile(partial(_connect, place_of(path)))
            self._identity: tuple[int, int] | None = None
            try:
                self.run(_create)
                self._identity = self._current()
            except BaseException:
                self._file.close()
                raise
        except (OSError, RuntimeError, sqlite3.Error, LedgerError) as error:
            expected = f"a SQLite file is needed that can be written ({error})"
            raise InvalidArgumentError("ledger", str(path), expected) from error

    def __repr__(self) -> str:
        return f"<SqliteDatabase {self._path}>"

    def run(self, transaction: Callable[[Cursor], R]) -> R:
        """Run a transaction.

        Raises:
            LedgerError: The file cannot be read or written.
        """
        if self._identity is not None and self._current() != self._identity:
            # SQLite would write to the removed file, and the next run would upload everything again.
            raise LedgerError(f"the ledger {self._path} was removed or replaced")
        try:
            with self._file.used() as connection, closing(connection.cursor()) as cursor:
                cursor.execute("BEGIN IMMEDIATE")
                try:
                    result = transaction(cursor)
                except BaseException:
                    cursor.execute("ROLLBACK")
                    raise
                cursor.execute("COMMIT")
        except sqlite3.Error as error:
            raise LedgerError(f"the ledger {self._path} cannot be used: {error}") from error
        return result

    def _current(self) -> tuple[int, int] | None:
        """What identifies the file at the path; None if there is none."""
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def insert_each(self, cursor: Cursor, sql: str, rows: Sequence[Sequence[Any]]) -> list[bool]:
        """Execute the statements one after another, since old SQLite has no ``RETURNING``."""
        inserted: list[bool] = []
        for row in rows:
            cursor.execute(sql, row)
            inserted.append(cursor.rowcount == 1)
        return inserted

    def now(self, cursor: Cursor) -> float:
        """Return the time of this machine, on which every process that shares the file runs."""
        del cursor
        return time.time()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _connect(path: Path) -> sqlite3.Connection:
    # Transactions begin explicitly: no writer may come between the first read and the first write.
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # survives a power cut
    except BaseException:
        connection.close()
        raise
    return connection


class PostgresDatabase:
    """A PostgreSQL database, shared by any number of machines.

    Args:
        url: A connection URL, ``postgresql://user:password@host/database``. It may contain a password, so
            errors and reprs do not show it.

    Raises:
        InvalidArgumentError: psycopg is not installed, or the server cannot be reached.
    """

    def __init__(self, url: str) -> None:
        try:
            import psycopg
        except ImportError:
            expected = "PostgreSQL needs psycopg: python -m pip install 'scenario-async[postgres]'"
            raise InvalidArgumentError("ledger", "postgresql://…", expected) from None
        self._psycopg: Any = psycopg
        self._url = url
        wrong_url = InvalidArgumentError("ledger", "postgresql://…", _EXPECTED_URL)
        if _URL.fullmatch(url) is None or not is_encodable(url):
            raise wrong_url
        try:
            self._connection: Any = self._open()
        except psycopg.ProgrammingError:  # its message shows a part of the URL
            raise wrong_url from None
        except psycopg.Error as error:
            expected = f"a PostgreSQL server is needed that can be reached ({_without_url(error)})"
            raise InvalidArgumentError("ledger", "postgresql://…", expected) from None
        try:
            self.run(_create_once)
        except LedgerError as error:
            self.close()
            expected = f"a database is needed that can be written ({error})"
            raise InvalidArgumentError("ledger", "postgresql://…", expected) from error

    def __repr__(self) -> str:
        return "<PostgresDatabase>"

    def _open(self) -> Any:
        connection = self._psycopg.connect(
            self._url,
            autocommit=True,  # transactions begin explicitly
            connect_timeout=10,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=3,
            tcp_user_timeout=15_000,
            application_name="scenario-async",
        )
        connection.execute(
            f"SET idle_in_transaction_session_timeout = {round(_IDLE_SECONDS * 1000)}; "
            f"SET lock_timeout = {round(_LOCKED_SECONDS * 1000)}"
        )
        return connection

    def run(self, transaction: Callable[[Cursor], R]) -> R:
        """Run a transaction; if the connection is lost, reconnect for at most two minutes.

        Raises:
            LedgerError: The server refuses the transaction, or stays unreachable.
        """
        give_up_at, pause = time.monotonic() + _RECONNECT_SECONDS, 0.1
        while True:
            try:
                if self._connection.closed:
                    self._connection = self._open()
                with self._connection.transaction(), self._connection.cursor() as cursor:
                    return transaction(_Placeholders(cursor))
            except self._psycopg.Error as error:
                passing = self._psycopg.OperationalError, self._psycopg.InterfaceError
                if not self._connection.closed and not isinstance(error, passing):
                    raise LedgerError(f"the ledger cannot be used: {_without_url(error)}") from None
                # Every transaction of the ledger may be repeated: one that was committed finds its own rows.
                self._connection.close()
                if time.monotonic() > give_up_at:
                    message = f"the ledger's PostgreSQL server is out of reach: {_without_url(error)}"
                    raise LedgerError(message) from None
                logger.info("the ledger's connection was lost; opened again in %.1f s", pause)
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    def insert_each(self, cursor: Cursor, sql: str, rows: Sequence[Sequence[Any]]) -> list[bool]:
        """Execute all statements in one round trip to the server."""
        return cast("_Placeholders", cursor).insert_each(sql, rows)

    def now(self, cursor: Cursor) -> float:
        """Return the time of the server, since the clocks of the machines may differ."""
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::double precision")
        return float(cursor.fetchall()[0][0])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class _Placeholders:
    """A psycopg cursor for SQL with question marks as placeholders, as in SQLite."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        return int(self._cursor.rowcount)

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Any:
        return self._cursor.execute(sql.replace("?", "%s"), parameters)

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]], /) -> Any:
        return self._cursor.executemany(sql.replace("?", "%s"), rows)

    def insert_each(self, sql: str, rows: Sequence[Sequence[Any]]) -> list[bool]:
        if not rows:
            return []
        self._cursor.executemany(sql.replace("?", "%s"), rows, returning=True)
        inserted = [self._cursor.rowcount == 1]
        while self._cursor.nextset():
            inserted.append(self._cursor.rowcount == 1)
        return inserted

    def fetchall(self) -> list[Any]:
        rows: list[Any] = self._cursor.fetchall()
        return rows


def _create(cursor: Cursor) -> None:
    for statement in (*SCHEMA, *_READS):
        cursor.execute(statement)


def _create_once(cursor: Cursor) -> None:
    # Two processes that create the same table concurrently would fail, even with "IF NOT EXISTS".
    cursor.execute("SELECT pg_advisory_xact_lock(7430214)")
    _create(cursor)


def _without_url(error: Exception) -> str:
    """Return the first line of psycopg's message, which has host and port but never the password."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def open_database(ledger: str | Path) -> Database:
    """Open a ledger's database: PostgreSQL for a URL, SQLite for a path.

    Raises:
        InvalidArgumentError: It cannot be opened.
    """
    if is_postgres_url(ledger):
        return PostgresDatabase(ledger)
    if isinstance(ledger, str) and "://" in ledger:
        scheme = ledger.partition("://")[0]
        raise InvalidArgumentError("ledger", f"{scheme}://…", "a path or a postgresql:// URL is needed")
    return SqliteDatabase(Path(ledger))
