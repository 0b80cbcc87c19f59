"""The requests of all workers of a batch: as many at a time as the service bears, and within a budget."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, TypeVar

from attrs import evolve

from scenario_async._internal.declare.operation import Request, Sender
from scenario_async._internal.http.payload import bytes_sent
from scenario_async._internal.http.retries import RetryPolicy, asked_wait, may_repeat, wait_before_repeating
from scenario_async._internal.pictures.picture import Segment
from scenario_async.errors import (
    APIError,
    AuthenticationError,
    PermissionDeniedError,
    PlanLimitError,
    RateLimitError,
    ScenarioError,
)

R = TypeVar("R")

logger: Final = logging.getLogger("scenario_async.upload")

ATTEMPTS: Final = 8
"""Repeats of one request of a batch, as long as the batch's budget lasts."""

LONGEST_WAIT: Final = 900.0
"""Seconds that a batch waits if the service asks for it; a single call gives up sooner."""

_FUTILE: Final = (PlanLimitError, AuthenticationError, PermissionDeniedError)
"""Refusals that every further request would meet too."""


class StoppedError(ScenarioError):
    """A batch sends nothing more, since every further request would be refused too.

    Attributes:
        in_doubt: Whether the request that ended so may have been carried out all the same, by an attempt
            before the refused one.
    """

    def __init__(self, why: APIError, *, in_doubt: bool) -> None:
        super().__init__(f"nothing more is sent: {why}")
        self.in_doubt: bool = in_doubt


class RetryBudget:
    """How many repeats a batch has left, over all its requests."""

    def __init__(self, left: int) -> None:
        self.left: int = left

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


@contextmanager
def _counted_once() -> Generator[None]:
    """Take back what an attempt that fails told of bytes sent: they are sent again, or in vain."""
    tell, told = bytes_sent.get(), 0

    def count(sent: int) -> None:
        nonlocal told
        told += sent
        if tell is not None:
            tell(sent)

    token = bytes_sent.set(count)
    try:
        yield
    except APIError:
        count(-told)
        raise
    finally:
        bytes_sent.reset(token)


class PacedSender:
    """Sends for all workers of one batch.

    The service limits a key, not a connection: when it asks one worker to wait, all of them do, and when it
    refuses one for good, no other sends anything more.

    Args:
        sender: What the client sends with.
        concurrency: How many requests there are at a time at most.
        budget: How many repeats there may be in all.

    Attributes:
        stopped_by: The refusal after which nothing more is sent; None as long as there is none.
        stopped: Set with it.
    """

    def __init__(self, sender: Sender, concurrency: int, budget: RetryBudget) -> None:
        self._sender = sender.retrying(0)
        self.retries: RetryPolicy = evolve(
            sender.retries,
            max_retries=ATTEMPTS,
            longest_wait=max(LONGEST_WAIT, sender.retries.longest_wait),
        )
        self.target: tuple[str, str] = sender.target
        self.stopped_by: APIError | None = None
        self.stopped: asyncio.Event = asyncio.Event()
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
            StoppedError: It was refused for good, or another one was; nothing more is sent.
        """
        return await self._repeat(
            lambda: self._sender.send(request), repeatable=request.repeatable, futile=_FUTILE
        )

    async def call(self, method: str, path: str, query: Mapping[str, Any] | None, body: Any) -> Any:
        """Send a request by method and path, again where that is safe.

        Raises:
            APIError: The last attempt's failure.
            StoppedError: It was refused for good, or another one was; nothing more is sent.
        """
        return await self._repeat(
            lambda: self._sender.call(method, path, query, body),
            repeatable=method not in {"POST", "PATCH"},
            futile=_FUTILE,
        )

    async def store(self, url: str, segment: Segment, content_type: str) -> None:
        """Put a stretch of a picture where a presigned URL says, again where that helps.

        Raises:
            APIError: The last attempt's failure. A 403 is about the URL, not about the credentials.
            StoppedError: Nothing more is sent.
        """
        await self._repeat(lambda: self._sender.store(url, segment, content_type), repeatable=True)

    async def fetch(self, url: str) -> bytes:
        """Fetch what a download URL points to, again where that helps.

        Raises:
            APIError: The last attempt's failure. A 403 is about the URL, not about the credentials.
            StoppedError: Nothing more is sent.
        """
        return await self._repeat(lambda: self._sender.fetch(url), repeatable=True)

    async def _repeat(
        self,
        attempt: Callable[[], Awaitable[R]],
        *,
        repeatable: bool,
        futile: tuple[type[APIError], ...] = (),
    ) -> R:
        attempts, in_doubt = 0, False
        while True:
            attempts += 1
            async with self._gate.passing():
                if self.stopped_by is not None:
                    raise StoppedError(self.stopped_by, in_doubt=in_doubt)
                started = time.monotonic()
                try:
                    with _counted_once():
                        answer = await attempt()
                except APIError as error:
                    in_doubt = error.in_doubt = in_doubt or error.in_doubt
                    asked = asked_wait(error)
                    if isinstance(error, futile) or (asked or 0.0) > self.retries.longest_wait:
                        self._stop(error)
                        raise StoppedError(error, in_doubt=in_doubt) from error
                    wait = self.wait_after(error, attempts, repeatable=repeatable)
                    pushed_back = isinstance(error, RateLimitError) or asked is not None
                    if pushed_back:
                        self._gate.push_back(started, (asked or 0.0) if wait is None else wait)
                    if wait is None:
                        raise
                else:
                    self._gate.let_grow()
                    return answer
            if not pushed_back:  # or else everybody waits, in front of the gate
                await asyncio.sleep(wait)

    def _stop(self, error: APIError) -> None:
        if self.stopped_by is None:
            self.stopped_by = error
            self.stopped.set()

    def wait_after(self, error: APIError, attempts: int, *, repeatable: bool) -> float | None:
        """How long to wait before what failed is tried again, in seconds; None if it is not."""
        wait = wait_before_repeating(error, attempts, self.retries)
        if wait is None or not may_repeat(error, repeatable=repeatable) or not self._budget.spend():
            return None
        logger.info("%s; again in %.1f s", error, wait)
        return wait
