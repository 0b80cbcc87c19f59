"""The requests of all workers of a batch: as many at a time as the service bears, and within a budget."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from attrs import evolve

from scenario_async.declare import Request, Sender
from scenario_async.errors import APIError, RateLimitError
from scenario_async.pictures import Segment
from scenario_async.retries import asked_wait, may_repeat, wait_before_repeating

R = TypeVar("R")

logger: Final = logging.getLogger("scenario_async.upload")

ATTEMPTS: Final = 8
"""Repeats of one request of a batch, as long as the batch's budget lasts."""

LONGEST_WAIT: Final = 900.0
"""Seconds that a batch waits if the service asks for it; a single call gives up sooner."""


class RetryBudget:
    """How many repeats a batch has left, over all its requests."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self) -> bool:
        """Take one, if there is one."""
        self.left -= 1
        return self.left >= 0


class Gate:
    """Lets a number of requests through at a time; fewer when the service pushes back, and slowly more again.

    Additive growth and multiplicative shrinking, as TCP has it: what several clients of one key settle on is
    a fair share.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(most)
        self._active = 0
        self._changed = asyncio.Condition()
        self._shrunk = 0.0
        self._not_before = 0.0

    @property
    def limit(self) -> int:
        """How many requests are let through at a time just now."""
        return int(self._limit)

    @asynccontextmanager
    async def passing(self) -> AsyncGenerator[None]:
        """Wait for a place, and until nobody was asked to wait any longer."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._active < self.limit)
            self._active += 1
        try:
            # A worker may be asked to wait while this one waits, and for longer.
            while (wait := self._not_before - time.monotonic()) > 0:  # noqa: ASYNC110 - a time, not an event
                await asyncio.sleep(wait)
            yield
        finally:
            self._active -= 1
            async with self._changed:
                self._changed.notify_all()

    def push_back(self, started: float, wait: float) -> None:
        """The service said that it is too much.

        Args:
            started: When the refused request was sent; several that were under way together count as one.
            wait: How long nobody is to send anything, in seconds.
        """
        now = time.monotonic()
        self._not_before = max(self._not_before, now + wait)
        if started > self._shrunk:
            self._limit = max(1.0, self._limit / 2)
            self._shrunk = now

    def let_grow(self) -> None:
        """A request went well."""
        self._limit = min(float(self._most), self._limit + 1 / self._limit)


class PacedSender:
    """Sends for all workers of one batch.

    The service limits a key, not a connection: when it asks one worker to wait, all of them do.

    Args:
        sender: What the client sends with.
        concurrency: How many requests there are at a time at most.
        budget: How many repeats there may be in all.
    """

    def __init__(self, sender: Sender, concurrency: int, budget: RetryBudget) -> None:
        self._sender = sender.retrying(0)
        self.retries = evolve(
            sender.retries,
            max_retries=ATTEMPTS,
            longest_wait=max(LONGEST_WAIT, sender.retries.longest_wait),
        )
        self.target = sender.target
        self._budget = budget
        self._gate = Gate(concurrency)

    def __repr__(self) -> str:
        return repr(self._sender)

    def retrying(self, max_retries: int) -> Sender:
        """The same client with another number of retries, and without this one's pace."""
        return self._sender.retrying(max_retries)

    async def send(self, request: Request[R]) -> R:
        """Send a request, again where that is safe.

        Raises:
            APIError: The last attempt's failure.
        """
        return await self._repeat(lambda: self._sender.send(request), repeatable=request.repeatable)

    async def call(self, method: str, path: str, query: Mapping[str, Any] | None, body: Any) -> Any:
        """Send a request by method and path, again where that is safe.

        Raises:
            APIError: The last attempt's failure.
        """
        repeatable = method not in {"POST", "PATCH"}
        return await self._repeat(lambda: self._sender.call(method, path, query, body), repeatable=repeatable)

    async def store(self, url: str, segment: Segment, content_type: str) -> None:
        """Put a stretch of a picture where a presigned URL says, again where that helps.

        Raises:
            APIError: The last attempt's failure.
        """
        await self._repeat(lambda: self._sender.store(url, segment, content_type), repeatable=True)

    async def fetch(self, url: str) -> bytes:
        """Fetch what a download URL points to, again where that helps.

        Raises:
            APIError: The last attempt's failure.
        """
        return await self._repeat(lambda: self._sender.fetch(url), repeatable=True)

    async def _repeat(self, attempt: Callable[[], Awaitable[R]], *, repeatable: bool) -> R:
        attempts = 0
        while True:
            attempts += 1
            async with self._gate.passing():
                started = time.monotonic()
                try:
                    answer = await attempt()
                except APIError as error:
                    wait = self.wait_after(error, attempts, repeatable=repeatable)
                    pushed_back = isinstance(error, RateLimitError) or asked_wait(error) is not None
                    if pushed_back:
                        self._gate.push_back(started, wait or 0.0)
                    if wait is None:
                        raise
                else:
                    self._gate.let_grow()
                    return answer
            if not pushed_back:  # or else everybody waits, in front of the gate
                await asyncio.sleep(wait)

    def wait_after(self, error: APIError, attempts: int, *, repeatable: bool) -> float | None:
        """How long to wait before what failed is tried again, in seconds; None if it is not."""
        wait = wait_before_repeating(error, attempts, self.retries)
        if wait is None or not may_repeat(error, repeatable=repeatable) or not self._budget.spend():
            return None
        logger.info("%s; again in %.1f s", error, wait)
        return wait
