"""The thread on which a blocking client runs its coroutines."""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar

import anyio
from anyio.from_thread import BlockingPortal

from scenario_async.errors import ClientClosedError

R = TypeVar("R")

_PATIENCE: Final = 1.0
"""Seconds that an interrupted call, or the end of the interpreter, waits for coroutines to end."""


class _Call(Generic[R]):
    """A coroutine that runs on another thread's event loop, and that its caller can give up."""

    def __init__(self, coroutine: Coroutine[Any, Any, R]) -> None:
        self._coroutine = coroutine
        self._task: asyncio.Task[R] | None = None
        self._begun = False
        self._given_up = False
        self._ended = threading.Event()

    def begin(self, portal: BlockingPortal) -> Future[R]:
        """Hand it over to the loop's thread."""
        self._begun = True
        return portal.start_task_soon(self._run)

    async def _run(self) -> R:
        # In a task of its own, which is cancelled once: anyio's cancellation interrupts every single await,
        # those with which the coroutine cleans up too.
        self._task = task = asyncio.create_task(self._coroutine)
        if self._given_up:
            task.cancel()
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:  # the client was closed
            task.cancel()
            with anyio.CancelScope(shield=True):
                await asyncio.wait([task])
        finally:
            self._ended.set()
        return task.result()

    def give_up(self) -> None:
        """Cancel it, however far it is, and wait until it has ended."""
        self._given_up = True
        if not self._begun:
            self._coroutine.close()
            return
        if self._task is not None:
            with suppress(RuntimeError):  # the loop is closed, so it has ended
                self._task.get_loop().call_soon_threadsafe(self._task.cancel)
        self._ended.wait(_PATIENCE)


class _LoopThread:
    """One event loop in one daemon thread, with a portal into it.

    Args:
        last: Run at the end, when all calls have ended.
        calls: Those that have begun and whose callers wait for them.
    """

    def __init__(self, last: Callable[[], Coroutine[Any, Any, None]], calls: set[_Call[Any]]) -> None:
        self._process = os.getpid()
        self._last = last
        self._calls = calls
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event
        self._portal: Future[BlockingPortal] = Future()
        # A daemon: a client that nobody closed must not keep the interpreter from ending.
        self._thread = threading.Thread(target=self._run, name="scenario-async", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            anyio.run(self._serve, backend="asyncio")
        except Exception as error:
            if self._portal.done():
                raise
            self._portal.set_exception(error)

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        try:
            async with BlockingPortal() as portal:
                self._portal.set_result(portal)
                await self._stopping.wait()
                await portal.stop(cancel_remaining=True)
        finally:
            await self._last()

    @property
    def portal(self) -> BlockingPortal:
        """The way into the loop, as soon as it runs.

        Raises:
            OSError: The loop could not be started: too many files are open.
        """
        return self._portal.result()

    @property
    def is_current(self) -> bool:
        return threading.current_thread() is self._thread

    @property
    def is_usable(self) -> bool:
        """Whether it is of this process, and runs."""
        return self._process == os.getpid() and self._thread.is_alive()

    def stop_unless_busy(self) -> None:
        """End the thread, unless calls still run; then the interpreter ends, and their threads with it.

        To cancel them would only make each of those threads say something about it.
        """
        if not self._calls:
            self.stop()

    def stop(self) -> None:
        """Cancel what still runs, run the last coroutine function, and end the thread."""
        if not self.is_usable or self._portal.exception() is not None:
            return
        # This may be the loop's own thread: the garbage collector runs in any.
        with suppress(RuntimeError):  # it has just ended
            self._loop.call_soon_threadsafe(self._stopping.set)
        if not self.is_current:
            self._thread.join(_PATIENCE * 5)


class Background:
    """Runs coroutines in a thread of its own, started when the first one comes.

    An interrupted call (Ctrl-C) cancels its coroutine and waits until it has ended. After a fork the child
    starts a thread of its own. The context variables of the caller reach the coroutine.
    """

    def __init__(self, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._last = last
        self._locks: dict[int, threading.RLock] = {}
        self._closed = False
        self._calls = set[_Call[Any]]()
        self._thread: _LoopThread | None = None

    @property
    def _lock(self) -> threading.RLock:
        """This process's lock: after a fork, whoever held the parent's is not there to release it."""
        return self._locks.setdefault(os.getpid(), threading.RLock())

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        """Run a coroutine to its end.

        Raises:
            ClientClosedError: The client was closed, before or meanwhile.
            RuntimeError: Called from the very thread that would have to run it.
        """
        call = _Call(coroutine)
        try:
            return self._begin(call).result()
        except CancelledError:
            if self._closed:
                raise ClientClosedError("this client was closed while the call was at work") from None
            raise
        except BaseException:
            call.give_up()
            raise
        finally:
            self._calls.discard(call)

    def _begin(self, call: _Call[R]) -> Future[R]:
        if self._thread is not None and self._thread.is_current:
            raise RuntimeError(
                "a blocking call from the blocking client's own event loop would wait for itself; "
                "use AsyncScenario there"
            )
        # Held until the loop has taken the call, so that it cannot be stopped in between.
        with self._lock:
            if self._closed:
                raise ClientClosedError("this client was closed; make a new one")
            thread = self._thread
            if thread is None or not thread.is_usable:
                self._calls = set[_Call[Any]]()
                thread = self._thread = _LoopThread(self._last, self._calls)
                weakref.finalize(self, thread.stop_unless_busy)
            self._calls.add(call)
            return call.begin(thread.portal)

    def close(self) -> None:
        """End the calls that still run, run the last coroutine function and end the thread.

        Closing twice does nothing.
        """
        self._closed = True
        thread = self._thread
        if thread is None:
            return
        if not thread.is_current:
            with self._lock:
                pass  # whoever was just handing over a call is through now
        thread.stop()
