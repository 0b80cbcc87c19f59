"""Locks between processes: while one holds a lock, others wait. A lock leaves no file behind."""

from __future__ import annotations

import logging
import os
import stat
import threading
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock

from scenario_async._internal.background_thread import BackgroundThread

logger: Final = logging.getLogger("scenario_async.upload")

_SILENT: Final = 1.0
"""Seconds of waiting after which a log message names the other process."""


class ProcessLock:
    """A lock that one process at a time holds. All methods are called in one thread.

    Args:
        path: The lock's file; it exists only while a process holds the lock or waits for it.
        what: What the process that holds the lock is doing, for the log.
    """

    def __init__(self, path: Path, what: str) -> None:
        self._path = path
        self._what = what
        self._lock = FileLock(path)
        self._given_up = threading.Event()

    def acquire(self) -> bool:
        """Wait for the lock; False if `give_up` was called meanwhile.

        Raises:
            OSError: The lock's file cannot be created.
        """
        started, has_said = time.monotonic(), False

        def cancelled() -> bool:
            nonlocal has_said
            if not has_said and time.monotonic() - started > _SILENT:
                has_said = True
                holder = self._holder()
                logger.warning("waiting for the lock %s: %s %s", self._path, holder, self._what)
            return self._given_up.is_set()

        # In a folder that takes no files, such as /proc, FileLock would wait for ever.
        self._path.touch()
        try:
            self._lock.acquire(cancel_check=cancelled)
        except TimeoutError:
            if self._given_up.is_set():
                return False
            raise
        if not self._lock.is_locked:
            return False
        try:
            self._path.write_text(str(os.getpid()))
        except OSError as error:
            logger.debug("the lock %s does not say who holds it: %s", self._path, error)
        return True

    def give_up(self) -> None:
        """End `acquire`; called from another thread."""
        self._given_up.set()

    def release(self) -> None:
        """Release the lock and remove its file; a waiting process creates another one."""
        if self._lock.is_locked:
            try:
                self._path.unlink()
            except OSError as error:  # Windows cannot remove an open file
                logger.debug("the lock's file %s stays: %s", self._path, error)
            self._lock.release()

    def _holder(self) -> str:
        try:
            return f"process {int(self._path.read_text())}"
        except (OSError, ValueError):
            return "another process"


@asynccontextmanager
async def holding(thread: BackgroundThread, path: Path, what: str) -> AsyncGenerator[None]:
    """Hold a lock between processes; a cancelled task stops waiting for it.

    Args:
        thread: Calls all methods of the lock, which belongs to the thread that acquired it.
        path: The lock's file.
        what: What the process that holds the lock is doing, for the log.
    """
    lock = ProcessLock(path, what)
    try:
        await thread.call(lock.acquire)
        yield
    finally:
        lock.give_up()
        thread.submit(lock.release)


@asynccontextmanager
async def alone_on_this_machine(name: str, what: str) -> AsyncGenerator[None]:
    """Hold a lock of this user in the folder for temporary files, if that folder can be used.

    Batches for one model take turns also if they have different ledgers, or none. Otherwise, each would send
    the same pictures.

    Args:
        name: The name of the lock's file.
        what: What the process that holds the lock is doing, for the log.
    """
    thread = BackgroundThread("scenario-async-lock")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(thread.closed)
        try:
            folder = await thread.call(_folder_of_locks)
            await stack.enter_async_context(holding(thread, folder / name, what))
        except (OSError, RuntimeError) as error:
            logger.info("no lock between processes: %s", error)
        yield


def _folder_of_locks() -> Path:
    """Return the folder of this user's locks, which other users of the machine cannot read.

    Raises:
        OSError: It cannot be created, or another user created it.
    """
    from tempfile import gettempdir

    user = os.getuid() if hasattr(os, "getuid") else None  # on Windows, each user has a folder anyway
    folder = Path(gettempdir(), "scenario-async" if user is None else f"scenario-async-{user}")
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (user is not None and found.st_uid != user):
        raise PermissionError(f"{folder} belongs to another user")
    return folder
