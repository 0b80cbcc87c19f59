"""The rate that all workers of an account share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from scenario_async._internal.http.pace import Gate, Pace, retries_for
from scenario_async.work._internal.library.shared_ledger import SharedLedger

_RESERVED_SECONDS: Final = 0.25
"""The requests that a worker reserves at once: few transactions, and little is lost if it ends."""


class _SharedRate:
    """A limit of the requests per second of all workers together, which they share through their ledger.

    Args:
        ledger: The ledger that the workers share.
        rate: Requests per second.
    """

    def __init__(self, ledger: SharedLedger, rate: float) -> None:
        self._ledger = ledger
        self._rate = rate
        self._left = 0
        self._next_at = 0.0
        self._lock = asyncio.Lock()

    async def slot(self) -> None:
        """Wait until one request may be sent."""
        async with self._lock:
            if self._left == 0:
                self._left = max(1, round(self._rate * _RESERVED_SECONDS))
                wait = await self._ledger.reserve(self._left, self._rate)
                self._next_at = time.monotonic() + wait
            self._left -= 1
            at, self._next_at = self._next_at, self._next_at + 1 / self._rate
        await asyncio.sleep(max(0.0, at - time.monotonic()))


class _RatedGate(Gate):
    """A gate that limits requests to the shared rate."""

    def __init__(self, most: int, rate: _SharedRate) -> None:
        super().__init__(most)
        self._rate = rate

    @asynccontextmanager
    async def passing(self) -> AsyncGenerator[None]:
        """Wait until a request may be sent, and count it as running inside the block."""
        async with super().passing():
            await self._rate.slot()
            yield


def pace_of(ledger: SharedLedger, *, concurrency: int, rate: float | None, files: int) -> Pace:
    """Return the pace of one worker: its own limit, and the rate that it shares with other workers.

    Args:
        ledger: The ledger that the workers share.
        concurrency: The largest number of requests of this worker at the same time.
        rate: Requests per second of all workers together; None for no limit.
        files: The number of files, on which the number of retries depends.
    """
    pace = Pace(concurrency, retries_for(files))
    if rate is not None:
        pace.gate = _RatedGate(concurrency, _SharedRate(ledger, rate))
    return pace
