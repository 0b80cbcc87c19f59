"""A thread that waits for a disk, so that the event loop does not."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

from scenario_async._internal.threads import awaitable_error
from scenario_async.errors import ScenarioError

R = TypeVar("R")

_CLOSE_TIMEOUT: Final = 0.5
"""Seconds that `BackgroundThread.close` waits for the current call."""


class NoThreadError(ScenarioError, RuntimeError):
    """The system allows no more threads."""


class BackgroundThread:
    """Calls functions one after another in a daemon thread.

    Unlike a `ThreadPoolExecutor`, it does not keep the interpreter from exiting while a disk does not
    respond.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def submit(self, function: Callable[..., R], *args: Any) -> Future[R]:
        """Call a function after all earlier ones; the thread starts with the first call.

        Raises:
            NoThreadError: The thread cannot start.
        """
        if self._thread is None:
            thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            try:
                thread.start()
            except RuntimeError as error:
                raise NoThreadError(f"no thread can be started ({error})") from None
            self._thread = thread
        future: Future[R] = Future()
        self._calls.put((future, lambda: function(*args)))
        return future

    async def call(self, function: Callable[..., R], *args: Any) -> R:
        """Await the result of a function; a cancelled call that has not started is dropped."""
        return await asyncio.wrap_future(self.submit(function, *args))

    def close(self) -> asyncio.Future[None] | None:
        """End the thread after all earlier calls; return a future, or None if the thread never started."""
        thread, self._thread = self._thread, None
        if thread is None:
            return None
        ended: Future[None] = Future()
        self._calls.put((ended, lambda: None))
        self._calls.put(None)
        return asyncio.wrap_future(ended)

    async def closed(self) -> None:
        """End the thread, and wait until it has ended, unless a disk does not respond."""
        thread, ended = self._thread, self.close()
        if ended is not None and thread is not None:
            await asyncio.wait([ended], timeout=_CLOSE_TIMEOUT)
            if ended.done():
                thread.join(_CLOSE_TIMEOUT)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            future, function = call
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(function())
            except BaseException as error:  # noqa: BLE001 - raised again where the result is awaited
                future.set_exception(awaitable_error(error))
            del future, function, call
