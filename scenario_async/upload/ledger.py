"""What is known of each file of each model, durably: so that a batch that broke off goes on from there.

An entry belongs to one service, one project, one model and one content; none of them inherits another's. It
is written after an asset was made (the id is all that keeps it from being made again), before assets are
attached, and after. A batch holds a lock for its model, so that two processes do not send the same file.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import sqlite3
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, cast

from attrs import frozen
from filelock import FileLock

from scenario_async.errors import InvalidArgumentError

R = TypeVar("R")

logger: Final = logging.getLogger("scenario_async.upload")

LedgerState = Literal["asset", "attaching", "attached"]
"""``asset``: made, not attached. ``attaching``: asked for, in doubt. ``attached``: the service said so."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS entries (
    base_url TEXT NOT NULL,
    project TEXT NOT NULL,
    model TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    asset_id TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (base_url, project, model, sha256)
) WITHOUT ROWID
"""
_COLUMNS: Final = [
    ("base_url", 1),
    ("project", 2),
    ("model", 3),
    ("sha256", 4),
    ("asset_id", 0),
    ("state", 0),
]
"""What SQLite says of that table: the columns, and their places in its key."""

_WRITE: Final = "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?)"
_FORGET: Final = "DELETE FROM entries WHERE (base_url, project, model, sha256) = (?, ?, ?, ?)"
_READ_ONE: Final = (
    "SELECT asset_id, state FROM entries WHERE (base_url, project, model, sha256) = (?, ?, ?, ?)"
)

_BUSY: Final = 30.0
"""Seconds that one process waits for another one's commit."""


@frozen
class Target:
    """Where a batch goes; entries of another target are none of its business."""

    base_url: str
    project: str
    model_id: str

    @property
    def key(self) -> tuple[str, str, str]:
        """The first columns of its entries."""
        return (self.base_url, self.project, self.model_id)

    @property
    def lock_name(self) -> str:
        """A file name that no other target has."""
        return hashlib.sha256("\n".join(self.key).encode()).hexdigest()[:32] + ".lock"


@frozen
class Entry:
    """What is known of one content.

    Attributes:
        sha256: The digest of the content, 32 bytes.
        asset_id: The asset that it became.
        state: How far it is.
    """

    sha256: bytes
    asset_id: str
    state: LedgerState


def default_ledger() -> Path:
    """Where the ledger is unless told otherwise: in the user's folder for state."""
    import platformdirs

    return Path(platformdirs.user_state_dir("scenario-async", appauthor=False)) / "uploads.sqlite3"


def ledger_path(given: str | os.PathLike[str] | bool) -> Path | None:
    """Where a ledger is to be: True stands for the default, False for nowhere.

    Raises:
        InvalidArgumentError: It is none of these.
    """
    if isinstance(given, bool):
        return default_ledger() if given else None
    if not isinstance(cast("object", given), str | os.PathLike):
        raise InvalidArgumentError(
            "ledger", given, "a path is needed, True for the default or False for none"
        )
    return Path(given)


class Ledger:
    """The entries of one target; kept in a file, or for one run only.

    Args:
        path: The file; None for one run only.
        target: Where the batch goes.
    """

    def __init__(self, path: Path | None, target: Target) -> None:
        self._path = path
        self._target = target
        self._connection: sqlite3.Connection | None = None
        self._waiting: list[tuple[str, tuple[object, ...]]] = []
        self._committing = asyncio.Lock()
        # SQLite's commits wait for the disk, and its connection belongs to one thread.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="scenario-async-ledger")

    def __repr__(self) -> str:
        return f"<Ledger of {self._target.model_id} in {self._path or 'memory'}>"

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[None]:
        """Hold the target's lock and the file.

        Raises:
            InvalidArgumentError: The file cannot be opened.
        """
        async with AsyncExitStack() as stack:
            stack.callback(self._thread.shutdown)
            try:
                if self._path is not None:
                    await self._in_thread(partial(self._path.parent.mkdir, parents=True, exist_ok=True))
                    lock = self._path.with_name(self._target.lock_name)
                    await stack.enter_async_context(self._holding(lock))
                stack.push_async_callback(self._finish)
                await self._open()
            except (OSError, sqlite3.OperationalError) as error:
                expected = f"a file is needed that can be written, or False for none ({error})"
                raise InvalidArgumentError("ledger", str(self._path), expected) from error
            yield

    @asynccontextmanager
    async def _holding(self, path: Path) -> AsyncGenerator[None]:
        """Hold a lock between processes; whoever is cancelled waits for it no longer."""
        # Not filelock's asynchronous one: importing that takes as long as all else of this module.
        lock, given_up = FileLock(path), threading.Event()
        try:
            await self._in_thread(partial(lock.acquire, cancel_check=given_up.is_set))
            yield
        finally:
            given_up.set()
            self._thread.submit(lock.release)

    async def get(self, sha256: bytes) -> Entry | None:
        """What is known of a content."""
        rows = await self._in_thread(self._execute, [(_READ_ONE, (*self._target.key, sha256))])
        return Entry(sha256, *rows[0]) if rows else None

    async def write(self, *entries: Entry) -> None:
        """Write entries; they are on the disk when this returns."""
        for entry in entries:
            row = (*self._target.key, entry.sha256, entry.asset_id, entry.state)
            self._waiting.append((_WRITE, row))
        await self._commit()

    async def forget(self, sha256: bytes) -> None:
        """Remove what is known of a content: its asset is not there any more."""
        self._waiting.append((_FORGET, (*self._target.key, sha256)))
        await self._commit()

    async def _commit(self) -> None:
        """Commit what waits. What comes while one commit waits for the disk goes with the next one."""
        async with self._committing:
            waiting, self._waiting = self._waiting, []
            if waiting:
                await self._in_thread(self._execute, waiting)

    async def _in_thread(self, function: Callable[..., R], *args: Any) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(function, *args))

    def _execute(self, statements: Iterable[tuple[str, tuple[object, ...]]]) -> list[Any]:
        """Execute statements together; gives the rows of the last one."""
        connection, rows = self._connection, list[Any]()
        if connection is None:
            return rows
        try:
            with connection:
                for statement, row in statements:
                    rows = connection.execute(statement, row).fetchall()
        except sqlite3.Error as error:
            # The upload itself is sound. What is not known here is found out from the model.
            logger.warning("the ledger %s cannot be used and is left alone now: %s", self._path, error)
            self._close()
        return rows

    async def _open(self) -> None:
        if self._path is None:
            await self._in_thread(self._connect)
            return
        # One process at a time: one that finds the file damaged must not set aside another one's new file.
        async with self._holding(self._path.with_name(f"{self._path.name}.lock")):
            await self._in_thread(self._connect)

    def _connect(self) -> None:
        try:
            self._connection = _connect(self._path)
        except sqlite3.OperationalError:
            raise  # it is locked, or out of reach: nothing is wrong with what is in it
        except sqlite3.DatabaseError as error:
            if self._path is None:
                raise
            aside = _set_aside(self._path)
            logger.warning("the ledger %s is damaged (%s): set aside as %s", self._path, error, aside.name)
            self._connection = _connect(self._path)

    async def _finish(self) -> None:
        """Write what still waits, as it does when the batch was cancelled, and let go of the file."""
        waiting, self._waiting = self._waiting, []
        # Whoever is cancelled here waits no longer; the thread does it all the same before it is shut down.
        ending = self._thread.submit(self._end, waiting)
        await asyncio.shield(asyncio.wrap_future(ending))

    def _end(self, waiting: Iterable[tuple[str, tuple[object, ...]]]) -> None:
        self._execute(waiting)
        self._close()

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _connect(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(path or ":memory:", timeout=_BUSY)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # a power cut is one of the things to survive
        connection.execute("PRAGMA cache_size = -256")  # KiB; each row is looked at once or twice
        with connection:
            connection.execute(_SCHEMA)
        _check(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection) -> None:
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    described = connection.execute("PRAGMA table_info(entries)")
    if [(name, place) for _, name, _, _, _, place in described] != _COLUMNS:
        raise sqlite3.DatabaseError("its table of entries is another one")


def _set_aside(path: Path) -> Path:
    """Rename a damaged file, and what belongs to it, so that nothing of it is lost."""
    aside = path.with_name(f"{path.name}.damaged-{time.time_ns()}")
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(f"{path}{suffix}").replace(f"{aside}{suffix}")
    return aside
