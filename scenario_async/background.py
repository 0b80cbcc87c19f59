"""The thread on which a blocking client runs its coroutines."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Final, TypeVar

import anyio
from anyio.from_thread import BlockingPortal

R = TypeVar("R")

_PATIENCE: Final = 1.0
"""Seconds that an interrupted call, or the end of the interpreter, waits for coroutines to end."""


class _LoopThread:
    """One event loop in one daemon thread, with a portal into it."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.portal: BlockingPortal
        self._ready = threading.Event()
        # A daemon: a client that nobody closed must not keep the interpreter from ending.
        self._thread = threading.Thread(target=self._run, name="scenario-async", daemon=True)
        self._thread.start()
        self._ready.wait()

    def _run(self) -> None:
        anyio.run(self._serve, backend="asyncio")

    async def _serve(self) -> None:
        async with BlockingPortal() as self.portal:
            self._ready.set()
            await self.portal.sleep_until_stopped()

    @property
    def is_current(self) -> bool:
        return threading.current_thread() is self._thread

    def stop(self, last: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """Cancel what still runs, run a last coroutine function, and end the thread."""
        if self.process != os.getpid() or not self._thread.is_alive():
            return
        with suppress(RuntimeError):  # stopped by somebody else meanwhile
            self.portal.start_task_soon(self._stop, last)
        if not self.is_current:
            self._thread.join(_PATIENCE * 5)

    async def _stop(self, last: Callable[[], Coroutine[Any, Any, None]] | None) -> None:
        try:
            if last is not None:
                await last()
        finally:
            await self.portal.stop(cancel_remaining=True)


class Background:
    """Runs coroutines in a thread of its own, started when the first one comes.

    An interrupted call (Ctrl-C) cancels its coroutine and waits until it has ended. After a fork the child
    starts a thread of its own. The context variables of the caller reach the coroutine.
    """

    def __init__(self, last: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._last = last
        self._lock = threading.Lock()
        self._thread: _LoopThread | None = None
        self._finalizer: weakref.finalize[..., Any] | None = None

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        """Run a coroutine to its end.

        Raises:
            RuntimeError: Called from the very thread that would have to run it.
        """
        try:
            thread = self._current_thread()
            ended = threading.Event()
            future: Future[R] = thread.portal.start_task_soon(_announcing, coroutine, ended)
        except BaseException:
            coroutine.close()
            raise
        try:
            return future.result()
        except BaseException:
            if not future.done():
                future.cancel()
                ended.wait(_PATIENCE)
            raise

    def _current_thread(self) -> _LoopThread:
        thread = self._thread
        if thread is None or thread.process != os.getpid():
            thread = self._start()
        if thread.is_current:
            raise RuntimeError(
                "a blocking call from the blocking client's own event loop would wait for itself; "
                "use AsyncScenario there"
            )
        return thread

    def _start(self) -> _LoopThread:
        if self._thread is not None and self._thread.process != os.getpid():
            self._lock = threading.Lock()  # whoever held it is a thread of the parent's
        with self._lock:
            if self._thread is None or self._thread.process != os.getpid():
                self._thread = _LoopThread()
                self._finalizer = weakref.finalize(self, self._thread.stop, self._last)
            return self._thread

    def close(self) -> None:
        """Run the last coroutine function and end the thread. Closing twice does nothing."""
        if self._finalizer is not None:
            self._finalizer()


async def _announcing(coroutine: Coroutine[Any, Any, R], ended: threading.Event) -> R:
    try:
        return await coroutine
    finally:
        ended.set()
