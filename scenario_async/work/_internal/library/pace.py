"""The pace of one worker: the rate that all workers of an account share, and the ends of its claims."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from copy import copy
from typing import Final, Self

from scenario_async._internal.http.pace import Gate, Pace, retries_for
from scenario_async.errors import ScenarioError
from scenario_async.work._internal.library.shared_ledger import SharedLedger

_RESERVED_SECONDS: Final = 0.25
"""The requests that a worker reserves at once: few transactions, and little is lost if it ends."""


class ClaimExpiredError(ScenarioError):
    """A claim expired before a request of its content was sent, because the process was paused."""


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


class WorkerPace(Pace):
    """The pace of one worker, which sends a content only while its claim of it is valid.

    A worker renews its claims. While it is paused, for example because the machine sleeps, they expire, and
    another worker sends their contents. `time.monotonic` may stand still meanwhile, so `time.time` is used.

    Args:
        concurrency: The largest number of requests of this worker at the same time.
        retries: The number of retries for the whole run.
        lease: Seconds for which a claim is valid unless it is renewed.

    Attributes:
        digest: The claimed content that the requests are about; empty for other requests.
    """

    def __init__(self, concurrency: int, retries: int, lease: float) -> None:
        super().__init__(concurrency, retries)
        self._lease = lease
        self._ends: dict[str, float] = {}
        self.digest: str = ""

    @contextmanager
    def claimed(self, digest: str, at: float) -> Generator[Self]:
        """Return the same pace for the requests of one content, which was claimed at this time.

        They raise `ClaimExpiredError` when the claim has expired.
        """
        self._ends[digest] = at + self._lease
        pace = copy(self)  # it shares the gates, the state and the ends of the claims
        pace.digest = digest
        try:
            yield pace
        finally:
            del self._ends[digest]

    def note_renewal(self, at: float) -> None:
        """Record that the claims that were valid at this time are renewed."""
        valid = [digest for digest, ends in self._ends.items() if at < ends]
        self._ends.update(dict.fromkeys(valid, at + self._lease))

    def check(self, *, in_doubt: bool) -> None:
        """Raise an error if the run has stopped, or if the claim of the current content has expired."""
        super().check(in_doubt=in_doubt)
        ends = self._ends.get(self.digest)
        if ends is not None and time.time() >= ends:
            raise ClaimExpiredError("the claim of the picture has expired")


def pace_of(
    ledger: SharedLedger, *, concurrency: int, rate: float | None, files: int, lease: float
) -> WorkerPace:
    """Return the pace of one worker: its own limit, and the rate that it shares with other workers.

    Args:
        ledger: The ledger that the workers share.
        concurrency: The largest number of requests of this worker at the same time.
        rate: Requests per second of all workers together; None for no limit.
        files: The number of files, on which the number of retries depends.
        lease: Seconds for which a claim is valid unless it is renewed.
    """
    pace = WorkerPace(concurrency, retries_for(files), lease)
    if rate is not None:
        pace.gate = _RatedGate(concurrency, _SharedRate(ledger, rate))
    return pace
