"""Open the database of a library ledger: a SQLite file, or a PostgreSQL server."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from scenario_async._internal.damaged_database import check_copies
from scenario_async._internal.database_file import DatabaseFile, connect_to_read, connect_to_write, place_of
from scenario_async._internal.ledgers import is_postgres_url
from scenario_async.errors import InvalidArgumentError, LedgerError
from scenario_async.work._internal.library.arguments import EXPECTED_LEDGER, is_ledger_url
from scenario_async.work._internal.library.postgres_database import PostgresDatabase
from scenario_async.work._internal.library.tables import Cursor, Database, check_tables, create_tables

R = TypeVar("R")


class SqliteDatabase:
    """A SQLite file, shared by the processes of one machine.

    Args:
        path: The file; it is made if there is none.
        read_only: Whether a file that cannot be written is opened too, only to be read.

    Raises:
        InvalidArgumentError: The file cannot be opened as a database.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path = path
        self._identity: tuple[int, int] | None = None
        # Transactions begin explicitly: no writer may come between the first read and the first write.
        self._begin = "BEGIN IMMEDIATE"
        try:
            place = place_of(path)
            check_copies(place, "library_contents", "uploaded pictures")
            self._open(partial(connect_to_write, place, isolation_level=None), create_tables)
        except (OSError, RuntimeError, sqlite3.Error, LedgerError) as error:
            if read_only:
                with suppress(OSError, RuntimeError, sqlite3.Error, LedgerError):
                    self._begin = "BEGIN"
                    self._open(partial(_connect_to_read, place_of(path, make_folder=False)), check_tables)
                    return
            expected = f"a SQLite file is needed that can be written ({error})"
            raise InvalidArgumentError("ledger", str(path), expected) from error

    def _open(self, connect: Callable[[], sqlite3.Connection], first: Callable[[Cursor], None]) -> None:
        self._file = DatabaseFile(connect)
        try:
            self.run(first)
            self._identity = self._file_id()
        except BaseException:
            self._file.close()
            raise

    def __repr__(self) -> str:
        return f"<SqliteDatabase {self._path}>"

    def run(self, transaction: Callable[[Cursor], R]) -> R:
        """Run a transaction.

        Raises:
            LedgerError: The file cannot be read or written.
        """
        if self._identity is not None and self._file_id() != self._identity:
            # SQLite would write to the removed file, and the next run would upload everything again.
            raise LedgerError(f"the ledger {self._path} was removed or replaced")
        try:
            with self._file.used() as connection, closing(connection.cursor()) as cursor:
                cursor.execute(self._begin)
                try:
                    result = transaction(cursor)
                except BaseException:
                    cursor.execute("ROLLBACK")
                    raise
                cursor.execute("COMMIT")
        except sqlite3.Error as error:
            raise LedgerError(f"the ledger {self._path} cannot be used: {error}") from error
        return result

    def _file_id(self) -> tuple[int, int] | None:
        """Return the device and the number of the file at the path; None if there is none."""
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

    def lock(self, cursor: Cursor, digests: Sequence[str]) -> None:
        """Do nothing, since each transaction locks the whole file."""

    def now(self, cursor: Cursor) -> float:
        """Return the time of this machine, on which every process that shares the file runs."""
        del cursor
        return time.time()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _connect_to_read(path: Path) -> sqlite3.Connection:
    return connect_to_read(path, isolation_level=None, is_immutable=not os.access(path.parent, os.W_OK))


def open_database(ledger: str | Path, *, read_only: bool = False) -> Database:
    """Open a ledger's database: PostgreSQL for a URL, SQLite for a path.

    Args:
        ledger: The URL or the path.
        read_only: Whether a file that cannot be written is opened too, only to be read.

    Raises:
        InvalidArgumentError: It cannot be opened.
    """
    if is_postgres_url(ledger):
        return PostgresDatabase(ledger)
    if is_ledger_url(ledger):
        scheme = ledger.partition("://")[0]
        raise InvalidArgumentError("ledger", f"{scheme}://…", EXPECTED_LEDGER)
    return SqliteDatabase(Path(ledger), read_only=read_only)
