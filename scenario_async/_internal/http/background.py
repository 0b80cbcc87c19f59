"""The thread on which a blocking client runs its coroutines."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar

from scenario_async.errors import ClientClosedError, ScenarioError

R = TypeVar("R")

_DRAIN_TIMEOUT: Final = 1.0
"""Seconds that an interrupted call or the end of the interpreter waits for coroutines to end."""

_ENDING: Final = "the interpreter is ending, and no call can be made any longer"

_GREENLETS: Final = (
    "gevent has replaced threads by greenlets, and one thread runs one event loop: use one Scenario in the "
    "process (with_options shares its loop), or leave threads as they are: "
    "monkey.patch_all(thread=False, queue=False)"
)

_POLL_SECONDS: Final = 0.2
"""Seconds that a caller sleeps before it checks for a Ctrl-C.

A Ctrl-C does not wake a thread that is just about to wait for a lock. CPython runs the signal handler only
when the thread wakes for another reason.
"""


class _Call(Generic[R]):
    """A coroutine that runs on another thread's event loop, and that its caller can cancel.

    anyio's portal has two disadvantages. It waits for the event loop twice for each call: until the coroutine
    begins, and until it ends. And its cancellation interrupts every await, even one that cleans up.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, R]) -> None:
        self._coroutine = coroutine
        self._result: Future[R] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._given_up = False

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Pass the coroutine to the event loop, together with the caller's context variables."""
        self._loop = loop
        loop.call_soon_threadsafe(self._start)

    def _start(self) -> None:
        if self._given_up:
            self.drop()
        else:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def drop(self) -> None:
        """Release all waiting callers: the coroutine or its event loop has ended, or it never began."""
        with suppress(RuntimeError):  # it awaits in its cleanup, and no event loop runs any more
            self._coroutine.close()
        self._result.cancel()

    async def _run(self) -> None:
        try:
            self._result.set_result(await self._coroutine)
        except asyncio.CancelledError:
            self._result.cancel()
        except BaseException as error:  # noqa: BLE001 - SystemExit too is passed to the caller
            self._result.set_exception(error)

    def result(self) -> R:
        """Wait for the result, and check for a Ctrl-C regularly."""
        while True:
            try:
                return self._result.result(_POLL_SECONDS)
            except TimeoutError:
                if sys.is_finalizing():  # daemon threads have stopped by now, including the loop's thread
                    raise ClientClosedError(_ENDING) from None
                if self._result.done():  # the call raised the timeout itself, or ended just now
                    return self._result.result()

    async def cancelled(self) -> None:
        """Cancel the coroutine on its event loop, and wait until it has ended."""
        self._cancel()
        if self._task is not None:
            await asyncio.wait([self._task])

    def _cancel(self) -> None:
        if self._task is None:
            self.drop()
        else:
            self._task.cancel()
            # A task that is cancelled before its first step does not report its end.
            self._task.add_done_callback(lambda _: self.drop())

    def give_up(self) -> None:
        """Cancel the call at any stage, and wait until it has ended."""
        self._given_up = True
        if self._loop is None:
            self.drop()
            return
        with suppress(RuntimeError):  # the loop is closed, so the call has ended
            self._loop.call_soon_threadsafe(self._cancel)
        with suppress(CancelledError, TimeoutError):
            self._result.exception(_DRAIN_TIMEOUT)


class _LoopThread:
    """One event loop in one daemon thread.

    Args:
        last: A coroutine function to run at the end, when all calls have ended.
        calls: The calls that have begun and whose callers wait for them.
    """

    def __init__(self, last: Callable[[], Coroutine[Any, Any, None]], calls: set[_Call[Any]]) -> None:
        self._last = last
        self._calls = calls
        self._stopping: asyncio.Event
        self._loop: Future[asyncio.AbstractEventLoop] = Future()
        # A daemon thread, so that an unclosed client does not keep the interpreter from ending.
        self._thread = threading.Thread(target=self._run, name="scenario-async", daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:
            raise ScenarioError(f"no thread can be started for the blocking client ({error})") from None

    def _run(self) -> None:
        try:
            _refuse_greenlets()
            with asyncio.Runner() as runner:
                loop = runner.get_loop()
                serving = loop.create_task(self._serve())
                while not serving.done():
                    # A task that calls `sys.exit`, for example in `on_progress`, stops the loop. The group of
                    # the task passes the exit on to the caller.
                    with suppress(SystemExit):
                        loop.run_until_complete(serving)
        except Exception as error:
            if self._loop.done():
                raise
            self._loop.set_exception(error)
        finally:
            for call in tuple(self._calls):
                call.drop()

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        self._loop.set_result(asyncio.get_running_loop())
        try:
            await self._stopping.wait()
            await asyncio.gather(*(call.cancelled() for call in tuple(self._calls)))
        finally:
            await self._last()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop, as soon as it runs.

        Raises:
            OSError: The loop could not be started: too many files are open.
        """
        return self._loop.result()

    @property
    def is_current(self) -> bool:
        return threading.current_thread() is self._thread

    @property
    def is_usable(self) -> bool:
        """Whether the thread belongs to this process, and is running or starting."""
        has_failed = self._loop.done() and self._loop.exception() is not None
        # After a fork the threads of the parent count as ended in the child.
        return self._thread.is_alive() and not has_failed

    def stop_unless_busy(self) -> None:
        """Stop the thread, unless calls are still running.

        If calls are running, the interpreter ends, and the threads end with it. A cancellation would only
        make each of these threads print an error.
        """
        if not self._calls:
            self.stop()

    def stop(self) -> None:
        """Cancel running calls, run the last coroutine function, and end the thread."""
        if not self.is_usable or self._loop.exception() is not None:  # waits until the thread runs
            return
        # This may be the loop's own thread, because the garbage collector runs in any thread.
        with suppress(RuntimeError):  # the loop has just ended
            self.loop.call_soon_threadsafe(self._stopping.set)
        if not self.is_current:
            self._thread.join(_DRAIN_TIMEOUT * 5)


class Background:
    """Runs coroutines in its own thread, which starts with the first coroutine.

    If Ctrl-C interrupts a call, the call cancels its coroutine and waits until it has ended. After a fork,
    the child process starts its own thread. A coroutine gets the context variables of its caller.
    """

    def __init__(self, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._last = last
        self._locks: dict[int, threading.RLock] = {}
        self._closed = False
        self._calls = set[_Call[Any]]()
        self._thread: _LoopThread | None = None

    @property
    def _lock(self) -> threading.RLock:
        """The lock of this process.

        After a fork, the thread that held the parent's lock does not exist any more.
        """
        return self._locks.setdefault(os.getpid(), threading.RLock())

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        """Run a coroutine to its end.

        Raises:
            ClientClosedError: The client was closed, before or meanwhile.
            RuntimeError: The caller is the thread that would have to run the coroutine.
        """
        call = _Call(coroutine)
        try:
            self._begin(call)
            return call.result()
        except CancelledError:
            if self._closed:
                raise ClientClosedError("this client was closed during the call") from None
            raise
        except BaseException:
            call.give_up()
            raise
        finally:
            self._calls.discard(call)

    def _begin(self, call: _Call[Any]) -> None:
        if self._thread is not None and self._thread.is_current:
            raise RuntimeError(
                "a blocking call from the blocking client's own event loop would wait for itself; "
                "use AsyncScenario there"
            )
        if sys.is_finalizing():
            raise ClientClosedError(_ENDING)
        # Kept until the loop has received the call, so that the loop cannot be stopped in between.
        with self._lock:
            if self._closed:
                raise ClientClosedError("this client was closed; make a new one")
            thread = self._thread
            if thread is None or not thread.is_usable:
                self._calls = set[_Call[Any]]()
                thread = self._thread = _LoopThread(self._last, self._calls)
                weakref.finalize(self, thread.stop_unless_busy)
            self._calls.add(call)
            call.begin(thread.loop)

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
                pass  # a thread that was passing a call has finished by now
        thread.stop()


def _refuse_greenlets() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # expected in a new thread
        return
    raise ScenarioError(_GREENLETS)
