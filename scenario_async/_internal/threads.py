"""Run a blocking function, such as reading a file, in a daemon thread.

The default executor of an event loop has two disadvantages at the end of a program. It accepts no work while
the interpreter ends. And the interpreter waits for its threads, so a disk that does not respond keeps the
process from ending.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import Any, Final, ParamSpec, TypeVar

from scenario_async.errors import ClientClosedError

P = ParamSpec("P")
R = TypeVar("R")

_MOST: Final = 32
"""The largest number of threads; further calls wait for one."""

_IDLE_SECONDS: Final = 0.1
"""Seconds that a thread waits for another call before it ends; to start one takes less than 1 ms."""


def awaitable_error(error: BaseException) -> BaseException:
    """Return an error that a future can raise where it is awaited.

    A future refuses StopIteration, so its caller would wait for ever. A CancelledError out of a caller's file
    would look like a cancellation of the task that awaits.
    """
    if not isinstance(error, StopIteration | asyncio.CancelledError | concurrent.futures.CancelledError):
        return error
    made = RuntimeError(f"a function in a thread raised {type(error).__name__}")
    made.__cause__ = error
    return made


class _Call:
    """One call, and the future that its event loop waits for."""

    def __init__(self, function: Callable[[], Any], future: asyncio.Future[Any]) -> None:
        self._function = function
        self._future = future
        self._loop = future.get_loop()

    def run(self) -> None:
        """Call the function, and pass on its result or exception."""
        result, error = None, None
        try:
            result = self._function()
        except BaseException as raised:  # noqa: BLE001 - raised again where the call is awaited
            error = awaitable_error(raised)
        with suppress(RuntimeError):  # the loop is closed, so no task waits any more
            self._loop.call_soon_threadsafe(self._settle, result, error)

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if self._future.cancelled():
            return
        if error is None:
            self._future.set_result(result)
        else:
            self._future.set_exception(error)


class _Pool:
    """Daemon threads, which start when there is a call and no idle thread."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[_Call] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._count = 0
        self._idle = 0
        self._waiting = 0
        """Calls for which there is no thread yet."""

    def submit(self, call: _Call) -> None:
        """Run a call in a thread, or in the current thread if no thread can be started."""
        with self._lock:
            if self._idle:
                self._idle -= 1
            elif self._count >= _MOST or not self._start():
                if self._count == 0:
                    call.run()
                    return
                self._waiting += 1
            self._calls.put(call)

    def _start(self) -> bool:
        try:
            threading.Thread(target=self._work, name="scenario-async-worker", daemon=True).start()
        except RuntimeError:  # the system allows no more threads, or the interpreter ends
            return False
        self._count += 1
        return True

    def _work(self) -> None:
        while True:
            try:
                call = self._calls.get(timeout=_IDLE_SECONDS)
            except queue.Empty:
                with self._lock:
                    if self._calls.empty():
                        self._idle -= 1
                        self._count -= 1
                        return
                continue
            call.run()
            del call  # otherwise the thread would keep the function and its arguments in memory
            with self._lock:
                if self._waiting:
                    self._waiting -= 1
                else:
                    self._idle += 1


_pool = _Pool()


def _forget_threads() -> None:
    """Called in a child process after a fork, which does not have the parent's threads."""
    global _pool  # noqa: PLW0603 - one pool for each process
    _pool = _Pool()


if hasattr(os, "register_at_fork"):  # not available on Windows
    os.register_at_fork(after_in_child=_forget_threads)


def running_loop() -> asyncio.AbstractEventLoop:
    """Return the running event loop of asyncio.

    Raises:
        ClientClosedError: There is none, for example under trio.
    """
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise ClientClosedError(
            "AsyncScenario needs a running asyncio event loop; under trio, call the blocking Scenario in "
            "trio.to_thread.run_sync"
        ) from None


async def import_in_thread(*names: str) -> None:
    """Import modules in a daemon thread, so that they do not block the event loop.

    Args:
        names: The full names of the modules.
    """
    await in_thread(lambda: [import_module(name) for name in names])


async def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a blocking function in a daemon thread, and return what it returns.

    If the caller is cancelled, it stops waiting, but the function continues to run.

    Raises:
        ClientClosedError: There is no running event loop of asyncio, for example under trio.
        Exception: The function raised it.
    """
    future: asyncio.Future[R] = running_loop().create_future()
    _pool.submit(_Call(partial(function, *args, **kwargs), future))
    return await future
