"""A lock between processes that contains the id of its process, and leaves no file behind."""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path
from typing import Final

from filelock import FileLock

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
        """Wait for the lock; False if `give_up` was called meanwhile."""
        started, has_said = time.monotonic(), False

        def cancelled() -> bool:
            nonlocal has_said
            if not has_said and time.monotonic() - started > _SILENT:
                has_said = True
                holder = self._holder()
                logger.warning("waiting for the lock %s: %s %s", self._path, holder, self._what)
            return self._given_up.is_set()

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
