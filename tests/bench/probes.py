"""Measure a client while it works: its memory, and how long its event loop was blocked."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Final, Self

import psutil  # type: ignore[import-untyped]  # it ships no types

MEMORY_INTERVAL: Final = 0.005
"""Seconds between two looks at the memory."""

BEAT: Final = 0.001
"""Seconds between two beats of the event loop."""


def resident(pid: int | None = None) -> int:
    """Return the resident memory of a process in bytes; of this process if none is given."""
    memory: int = psutil.Process(pid).memory_info().rss
    return memory


class MemoryProbe:
    """Measures the peak of this process's memory above its value at the start, in bytes."""

    def __init__(self) -> None:
        self.peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._process = psutil.Process()
        self._idle = self._now()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _now(self) -> int:
        memory: int = self._process.memory_info().rss
        return memory

    def _watch(self) -> None:
        while not self._ended.wait(MEMORY_INTERVAL):
            self.peak = max(self.peak, self._now() - self._idle)


class LoopProbe:
    """Measures the longest time that a task that was ready had to wait, in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def beat(self) -> None:
        """Sleep repeatedly, and compare with the clock."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(BEAT)
            self.longest = max(self.longest, time.perf_counter() - before - BEAT)


@asynccontextmanager
async def watching_loop() -> AsyncGenerator[LoopProbe]:
    """Measure the running event loop inside the block."""
    probe = LoopProbe()
    beating = asyncio.create_task(probe.beat())
    try:
        yield probe
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
