"""The ledger in an SQLite file, which several processes can share."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from collections.abc import AsyncGenerator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from scenario_async._internal.background_thread import BackgroundThread
from scenario_async._internal.damaged_database import copy_readable_tables, set_aside
from scenario_async._internal.database_file import (
    DatabaseFile,
    connect_to_read,
    connect_to_write,
    place_of,
    was_database,
)
from scenario_async._internal.ledgers import UNUSABLE, origin_of
from scenario_async._internal.locks import holding
from scenario_async.errors import InvalidArgumentError
from scenario_async.upload._internal.ledger import Entry, Ledger, NoLedger, Target, entry_of, ledger_path

logger: Final = logging.getLogger("scenario_async.upload")

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS pictures (
    origin TEXT NOT NULL,
    model TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    asset_id TEXT,
    state TEXT NOT NULL,
    since REAL NOT NULL,
    PRIMARY KEY (origin, model, sha256)
) WITHOUT ROWID
"""
_COLUMNS: Final = [("origin", 1), ("model", 2), ("sha256", 3), ("asset_id", 0), ("state", 0), ("since", 0)]
"""The columns of that table according to SQLite, with their positions in its key."""

_WRITE: Final = "INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?, ?, ?)"
_FORGET: Final = "DELETE FROM pictures WHERE (origin, model, sha256) = (?, ?, ?)"
_READ_ONE: Final = "SELECT asset_id, state, since FROM pictures WHERE (origin, model, sha256) = (?, ?, ?)"
_READ_ANY: Final = "SELECT 1 FROM pictures WHERE (origin, model) = (?, ?) LIMIT 1"

_FIRST_TABLE: Final = ["base_url", "project", "model", "sha256", "asset_id", "state"]
"""The columns of `entries`, the table of the first version of this file."""

_CLOSE_TIMEOUT: Final = 2.0
"""Seconds that a batch waits for the disk at its end."""


def open_ledger(given: str | os.PathLike[str] | bool, target: Target, *, read_only: bool) -> Ledger:
    """Return the ledger for an argument `ledger`.

    Args:
        given: A path; True for the default, which is not used if it cannot be written; False for none.
        target: The service and the model of the batch.
        read_only: Take no lock and write nothing, as a dry run does.

    Raises:
        InvalidArgumentError: The argument is neither a path nor a boolean.
    """
    path = ledger_path(given)
    return (
        NoLedger()
        if path is None
        else SQLiteLedger(path, target, read_only=read_only, needed=given is not True)
    )


class SQLiteLedger:
    """The entries of one target, in a file.

    Args:
        path: The file; links are followed, so that two paths of one file are one ledger.
        target: The service and the model of the batch.
        read_only: Take no lock, and write nothing.
        needed: Whether a file that cannot be used causes an error; otherwise it causes a warning.
    """

    def __init__(self, path: Path, target: Target, *, read_only: bool = False, needed: bool = True) -> None:
        self._path = path
        self._target = target
        self._read_only = read_only
        self._needed = needed
        self._file: DatabaseFile | None = None
        self._waiting: list[tuple[str, tuple[object, ...]]] = []
        self._committing = asyncio.Lock()
        self._next_commit: asyncio.Future[None] | None = None
        # SQLite's commits wait for the disk.
        self._thread = BackgroundThread("scenario-async-ledger")

    def __repr__(self) -> str:
        return f"<SQLiteLedger of {self._target.model_id} in {self._path}>"

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        """Hold the target's lock and the file.

        Raises:
            InvalidArgumentError: The file cannot be opened, though it is needed.
        """
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._thread.closed)
            try:
                await self._thread.call(self._find_place)
                if not self._read_only:
                    lock = self._path.with_name(self._target.lock_name)
                    what = f"is uploading to {self._target.model_id}"
                    await stack.enter_async_context(holding(self._thread, lock, what))
                stack.push_async_callback(self._finish)
                await self._open()
            except (OSError, sqlite3.OperationalError, RuntimeError) as error:
                if self._needed:
                    expected = UNUSABLE.format(error)
                    raise InvalidArgumentError("ledger", str(self._path), expected) from error
                self._warn(error)
            yield

    def _find_place(self) -> None:
        self._path = place_of(self._path, make_folder=not self._read_only)

    async def get(self, sha256: bytes) -> Entry | None:
        """Return the entry of a content."""
        if self._file is None:
            return None
        rows = await self._thread.call(self._execute, [(_READ_ONE, self._key(sha256))])
        return entry_of(sha256, *rows[0]) if rows else None

    async def is_empty(self) -> bool:
        """Whether there are no entries of this target."""
        return self._file is None or not await self._thread.call(self._execute, [(_READ_ANY, self._key())])

    async def write(self, *entries: Entry) -> None:
        """Write entries, which are on disk when this returns."""
        if self._read_only or not entries:
            return
        for entry in entries:
            row = (*self._key(entry.sha256), entry.asset_id, entry.state, entry.since)
            self._waiting.append((_WRITE, row))
        await self._commit()

    async def forget(self, sha256: bytes) -> None:
        """Remove the entry of a content."""
        if not self._read_only:
            self.forget_later(sha256)
            await self._commit()

    def forget_later(self, sha256: bytes) -> None:
        """Remove the entry of a content with the next write, or when the ledger is closed."""
        self._waiting.append((_FORGET, self._key(sha256)))

    def _key(self, *sha256: bytes) -> tuple[object, ...]:
        return (self._target.origin, self._target.model_id, *sha256)

    async def _commit(self) -> None:
        """Wait until all writes so far are on disk."""
        # Writes that arrive during one commit are written together by the next commit.
        if self._next_commit is None:
            self._next_commit = asyncio.ensure_future(self._commit_waiting())
        # Shielded: a write that has begun is completed, also if the batch is cancelled.
        await asyncio.shield(self._next_commit)

    async def _commit_waiting(self) -> None:
        async with self._committing:
            self._next_commit = None
            waiting, self._waiting = self._waiting, []
            if waiting and self._file is not None:
                await self._thread.call(self._execute, waiting)

    def _execute(self, statements: Iterable[tuple[str, tuple[object, ...]]]) -> list[Any]:
        """Execute statements together and return the rows of the last one."""
        file, rows = self._file, list[Any]()
        if file is None:
            return rows
        try:
            with file.used() as connection, connection:
                for statement, row in statements:
                    rows = connection.execute(statement, row).fetchall()
        except sqlite3.Error as error:
            # The upload is not affected. Information that is missing here is looked up in the model.
            self._warn(error)
            self._close()
        return rows

    def _warn(self, error: Exception) -> None:
        logger.warning("the ledger %s cannot be used (%s): continuing without it", self._path, error)

    async def _open(self) -> None:
        if self._read_only:
            await self._thread.call(self._connect_to_read)
            return
        # One process at a time: a process that finds a damaged file must not replace another one's new file.
        async with holding(
            self._thread, self._path.with_name(f"{self._path.name}.lock"), "is opening the ledger"
        ):
            await self._thread.call(self._connect)

    def _connect_to_read(self) -> None:
        if self._path.exists():
            with suppress(sqlite3.DatabaseError):  # damaged, or of an earlier version: treated as empty
                self._file = DatabaseFile(partial(_connect_to_read, self._path))
                with self._file.used() as connection:
                    is_known = _has_columns(connection)
                if not is_known:
                    self._close()

    def _connect(self) -> None:
        file = DatabaseFile(partial(_connect, self._path))
        try:
            with file.used():
                pass
        except sqlite3.OperationalError:
            raise  # the file is locked or unreachable, so its content is not damaged
        except sqlite3.DatabaseError as error:
            if self._needed and not was_database(self._path):
                raise OSError("it is another kind of file") from error  # and probably a mistyped path
            aside = set_aside(self._path)
            logger.warning("the ledger %s is damaged (%s): set aside as %s", self._path, error, aside.name)
            with file.used() as connection:
                copy_readable_tables(aside, connection, without=("pictures", "entries"))
        self._file = file

    async def _finish(self) -> None:
        """Write waiting entries, for example after a cancellation, and close the file."""
        waiting, self._waiting = self._waiting, []
        ending = asyncio.wrap_future(self._thread.submit(self._end, waiting))
        # Not longer: a hanging disk must not delay the batch. The thread continues to write.
        await asyncio.wait([ending], timeout=_CLOSE_TIMEOUT)

    def _end(self, waiting: Iterable[tuple[str, tuple[object, ...]]]) -> None:
        self._execute(waiting)
        self._close()

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()


def _connect_to_read(path: Path) -> sqlite3.Connection:
    connection = connect_to_read(path)
    connection.text_factory = _text
    return connection


def _text(stored: bytes) -> str:
    """Decode a text, which is not UTF-8 if it is damaged."""
    return stored.decode(errors="replace")


def _connect(path: Path) -> sqlite3.Connection:
    connection = connect_to_write(path)
    connection.text_factory = _text
    try:
        connection.execute("PRAGMA cache_size = -256")  # KiB; each row is read only once or twice
        with connection:
            connection.execute(_SCHEMA)
        _check(connection)
        with connection:
            _take_over_first_table(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection) -> None:
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    if not _has_columns(connection):
        raise sqlite3.DatabaseError("its table of pictures is another one")


def _has_columns(connection: sqlite3.Connection) -> bool:
    described = connection.execute("PRAGMA table_info(pictures)")
    return [(name, place) for _, name, _, _, _, place in described] == _COLUMNS


def _take_over_first_table(connection: sqlite3.Connection) -> None:
    """Copy the entries of the table from the first version of this file, if it exists."""
    columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(entries)")]
    if columns != _FIRST_TABLE:
        return
    for base_url, model, sha256, asset_id, state in connection.execute(
        "SELECT base_url, model, sha256, asset_id, state FROM entries"
    ).fetchall():
        if not isinstance(base_url, str):
            continue
        known = "attached" if state == "attached" else "asset"
        row = (origin_of(base_url), model, sha256, asset_id, known, 0.0)
        connection.execute("INSERT OR IGNORE INTO pictures VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.execute("DROP TABLE entries")
