"""Keep a library ledger in PostgreSQL: placeholders, limits of time, and lost connections."""

from __future__ import annotations

import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeVar, cast

from scenario_async._internal.ledgers import HIDDEN_URL
from scenario_async.errors import InvalidArgumentError, LedgerError, is_encodable
from scenario_async.work._internal.library.tables import Cursor, create_tables

R = TypeVar("R")

logger: Final = logging.getLogger("scenario_async.sync")

_RECONNECT_SECONDS: Final = 120.0
"""Seconds of attempts to reconnect to PostgreSQL before the ledger raises an error."""

_LONGEST_PAUSE: Final = 5.0

_IDLE_SECONDS: Final = 15.0
"""Seconds after which the server ends a transaction whose client is silent. If a machine is disconnected
during a transaction, the server does not notice this for hours, and the transaction would keep its locks."""

_LOCKED_SECONDS: Final = 30.0
"""Seconds that a statement waits for another transaction; longer than `_IDLE_SECONDS`."""

_SILENT_SECONDS: Final = 60.0
"""Seconds that a transaction may take, including the wait for a lock. If the server's process is stopped, the
system of its machine still confirms each packet, so the connection does not count as lost."""

_URL: Final = re.compile(r"postgres(ql)?://([^/?@]*@)?[^@]*")
"""A URL without `@`, `/` or `?` in its password; these would make a part of it look like the host."""
_EXPECTED_URL: Final = (
    "postgresql://user:password@host/database is needed, with special characters percent-encoded"
)


class PostgresDatabase:
    """A PostgreSQL database, shared by any number of machines.

    Args:
        url: A connection URL, ``postgresql://user:password@host/database``. It may contain a password, so
            errors and reprs do not show it.

    Raises:
        InvalidArgumentError: psycopg is not installed, the server cannot be reached, or the database does not
            have the encoding UTF8.
    """

    def __init__(self, url: str) -> None:
        try:
            import psycopg
        except ImportError:
            expected = "PostgreSQL needs psycopg: python -m pip install 'scenario-async[postgres]'"
            raise InvalidArgumentError("ledger", HIDDEN_URL, expected) from None
        self._psycopg: Any = psycopg
        self._url = url
        wrong_url = InvalidArgumentError("ledger", HIDDEN_URL, _EXPECTED_URL)
        if _URL.fullmatch(url) is None or not is_encodable(url):
            raise wrong_url
        try:
            self._connection: Any = self._open()
        except psycopg.ProgrammingError:  # its message shows a part of the URL
            raise wrong_url from None
        except psycopg.Error as error:
            expected = f"a PostgreSQL server is needed that can be reached ({_without_url(error)})"
            raise InvalidArgumentError("ledger", HIDDEN_URL, expected) from None
        self._check_encoding()
        try:
            self.run(_create_once)
        except LedgerError as error:
            self.close()
            expected = f"a database is needed that can be written ({error})"
            raise InvalidArgumentError("ledger", HIDDEN_URL, expected) from error

    def __repr__(self) -> str:
        return "<PostgresDatabase>"

    def _check_encoding(self) -> None:
        # A database of another encoding stores no names of every language, or returns them as bytes.
        encoding = self._connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            self.close()
            expected = (
                f"a database with the encoding UTF8 is needed, and this one has {encoding}. "
                "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0 makes one"
            )
            raise InvalidArgumentError("ledger", HIDDEN_URL, expected)

    def _open(self) -> Any:
        connection = self._psycopg.connect(
            self._url,
            autocommit=True,  # transactions begin explicitly
            client_encoding="UTF8",
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
                with (
                    _ended_when_silent(self._connection),
                    self._connection.transaction(),
                    self._connection.cursor() as cursor,
                ):
                    return transaction(_Placeholders(cursor))
            except self._psycopg.Error as error:
                passing = self._psycopg.OperationalError, self._psycopg.InterfaceError
                if not self._connection.closed and not isinstance(error, passing):
                    raise LedgerError(f"the ledger cannot be used: {_without_url(error)}") from None
                # Every transaction of the ledger may be repeated: one that was committed finds its own rows.
                self._connection.close()
                if time.monotonic() > give_up_at:
                    message = f"the ledger's PostgreSQL server cannot be reached: {_without_url(error)}"
                    raise LedgerError(message) from None
                logger.info("the ledger's connection was lost; opened again in %.1f s", pause)
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    def insert_each(self, cursor: Cursor, sql: str, rows: Sequence[Sequence[Any]]) -> list[bool]:
        """Execute all statements in one round trip to the server."""
        return cast("_Placeholders", cursor).insert_each(sql, rows)

    def lock(self, cursor: Cursor, digests: Sequence[str]) -> None:
        """Lock contents until the end of the transaction, in the same order in all transactions."""
        # The key of a lock has 64 bits, one of them for the sign.
        keys = sorted(int(digest[:15], 16) for digest in digests)
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(?::bigint[]) AS key", (keys,))

    def now(self, cursor: Cursor) -> float:
        """Return the time of the server, since the clocks of the machines may differ."""
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::double precision")
        return float(cursor.fetchall()[0][0])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def _ended_when_silent(connection: Any) -> Generator[None]:
    """Break a connection if what is done with it takes too long."""
    timer = threading.Timer(_SILENT_SECONDS, _break, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _break(connection: Any) -> None:
    """End a connection under a thread that waits for it, so that an error is raised there."""
    # A closed connection has no number, for which psycopg raises an error of its own.
    with (
        suppress(Exception),
        socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM) as shared,
    ):
        shared.shutdown(socket.SHUT_RDWR)


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


def _create_once(cursor: Cursor) -> None:
    # Two processes that create the same table concurrently would fail, even with "IF NOT EXISTS".
    cursor.execute("SELECT pg_advisory_xact_lock(7430214)")
    create_tables(cursor)


def _without_url(error: Exception) -> str:
    """Return the first line of psycopg's message, which has host and port but never the password."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
