"""Connections to SQLite files that stay usable when the process is forked.

A fork can cause two problems. If a thread of the parent is inside SQLite during the fork, the child waits for
that thread's mutex forever. If the child inherits an open connection, it takes the parent's locks on the file
for its own. So a fork waits until no thread is inside SQLite, and then closes all connections. Each
connection is opened again when it is used next.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

_FORK_WAITS: Final = 5.0
"""Seconds that a fork waits for one connection; longer than a commit takes on any disk that still works."""

BUSY_SECONDS: Final = 30.0
"""Seconds that a connection waits for the commit of another one."""

_PAUSE: Final = 0.01

_HEADER: Final = b"SQLite format 3\0"

OWN_TABLES: Final = ("pictures", "entries", "work", "library_", "sqlite_")
"""The beginnings of the names of tables in the ledgers; ``entries`` is of the first version."""

_SUFFIXES: Final = frozenset({"", ".db", ".ledger", ".sqlite", ".sqlite3"})
"""The suffixes of databases, in lower case; a user's other files have other ones."""


def was_database(path: Path) -> bool:
    """Whether a file that is not a database was one: by its name, its header or zeros after a power cut.

    Raises:
        OSError: It cannot be read.
    """
    if path.suffix.lower() in _SUFFIXES:
        return True
    with path.open("rb") as file:
        start = file.read(len(_HEADER))
    return start == _HEADER or not start.strip(b"\0")


def survive_power_cuts(connection: sqlite3.Connection) -> None:
    """Set the write-ahead log, with which readers and a writer need not wait, and write each commit to disk.

    SQLite itself waits for a commit of another connection, but not for one that sets the log at the same time
    or that is the last to close.

    Raises:
        sqlite3.Error: The file cannot be written, or is locked for longer than `BUSY_SECONDS`.
    """
    ends = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            # The lowest byte is the kind of the error; the others say more about it.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                raise
        time.sleep(_PAUSE)
    connection.execute("PRAGMA synchronous = FULL")


def connect_to_read(
    path: Path, *, isolation_level: Literal["DEFERRED"] | None = "DEFERRED", is_immutable: bool = False
) -> sqlite3.Connection:
    """Open a SQLite file for any thread, only to read it.

    Args:
        path: The file; see `place_of`.
        isolation_level: None if transactions begin explicitly.
        is_immutable: Whether nobody writes to the file meanwhile. In a folder that cannot be written, SQLite
            cannot make the files with which it notices writers.

    Raises:
        sqlite3.Error: The file cannot be read.
    """
    options = "mode=ro&immutable=1" if is_immutable else "mode=ro"
    return sqlite3.connect(
        f"{path.as_uri()}?{options}", uri=True, isolation_level=isolation_level, check_same_thread=False
    )


def connect_to_write(
    path: Path, *, isolation_level: Literal["DEFERRED"] | None = "DEFERRED"
) -> sqlite3.Connection:
    """Open a SQLite file for any thread, so that a commit survives a power cut.

    Args:
        path: The file; see `place_of`.
        isolation_level: None if transactions begin explicitly.

    Raises:
        sqlite3.Error: The file cannot be written, has tables of another program, or is locked for longer
            than `BUSY_SECONDS`.
    """
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=isolation_level, check_same_thread=False
    )
    try:
        _check_is_own(connection)
        survive_power_cuts(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_is_own(connection: sqlite3.Connection) -> None:
    """Raise an error if a file belongs to another program, since a mistyped path must not change it."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if not str(name).startswith(OWN_TABLES):
            raise sqlite3.OperationalError("it is the database of another program")


def place_of(path: Path, *, make_folder: bool = True) -> Path:
    """Return the path of a SQLite file with links resolved, and make its folder.

    Raises:
        OSError: It is not a file, such as a pipe, for which SQLite would wait for ever. Or its folder cannot
            be made.
        RuntimeError: It is a link to itself.
    """
    path = path.resolve()
    if make_folder:
        path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not path.is_file():
        raise OSError("it is not a file")
    return path


class DatabaseFile:
    """One connection to a SQLite file, opened when it is first used.

    Args:
        connect: Opens the connection. One thread at a time uses it, but not always the same thread.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        _forks.watch(self)

    @contextmanager
    def used(self) -> Generator[sqlite3.Connection]:
        """Use the connection; the process is not forked meanwhile.

        Raises:
            sqlite3.Error: It cannot be opened.
        """
        with self._lock:
            if self._connection is None:
                self._connection = self._connect()
            yield self._connection

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._disconnect()

    def close_for_fork(self) -> bool:
        """Close the connection and block all threads; False if a thread is still using it."""
        if not self._lock.acquire(timeout=_FORK_WAITS):
            return False
        self._disconnect()
        return True

    def open_after_fork(self) -> None:
        """Allow threads to use it again."""
        self._lock.release()

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class _Forks:
    """Closes the connections of the process when it is forked."""

    def __init__(self) -> None:
        self._files = weakref.WeakSet[DatabaseFile]()
        self._lock = threading.Lock()
        self._kept_out: list[DatabaseFile] = []

    def watch(self, file: DatabaseFile) -> None:
        with self._lock:
            self._files.add(file)

    def before(self) -> None:
        # Kept until after the fork, so that new connections wait.
        self._lock.acquire()
        self._kept_out = [file for file in tuple(self._files) if file.close_for_fork()]

    def after(self) -> None:
        """Called after a fork in the parent and in the child, in the thread that forked."""
        kept_out, self._kept_out = self._kept_out, []
        for file in kept_out:
            file.open_after_fork()
        self._lock.release()


_forks: Final = _Forks()

if hasattr(os, "register_at_fork"):  # not available on Windows
    os.register_at_fork(before=_forks.before, after_in_parent=_forks.after, after_in_child=_forks.after)
