"""Control a batch of requests: how many run at the same time, the number of retries, and when to stop."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from attrs import define, evolve

from scenario_async._internal.http.connections import CONNECTIONS
from scenario_async._internal.http.retries import RetryPolicy, asked_wait, wait_before_retry
from scenario_async.errors import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    AuthenticationError,
    PlanLimitError,
    RateLimitError,
    ScenarioError,
)

ATTEMPTS: Final = 8
"""The most retries of one request of a batch, within the batch's budget."""

LONGEST_WAIT: Final = 900.0
"""The longest wait that a batch accepts from the service; a single call fails for shorter ones."""

_RETRIES_AT_LEAST: Final = 20
_RETRIES_PER_FILE: Final = 3

_STOPPING: Final = (PlanLimitError, AuthenticationError)
"""Errors of the service that every further request would get too. A 403 may be about one picture, so the code
that sends pictures decides about it; see `Pace.stop`."""


def retries_for(files: int) -> int:
    """Return the number of retries for a whole batch, by its number of files."""
    return _RETRIES_AT_LEAST + _RETRIES_PER_FILE * files


class StoppedError(ScenarioError):
    """A batch stopped, since the service would refuse every further request too.

    Attributes:
        in_doubt: Whether an earlier attempt at the request may have been carried out.
    """

    def __init__(self, why: APIError, *, in_doubt: bool) -> None:
        super().__init__(f"nothing more is sent: {why}")
        self.in_doubt: bool = in_doubt


class Gate:
    """Limits how many requests run at the same time, and lowers the limit when the service limits the rate.

    The limit is halved for each such error and grows by one at a time, as in TCP, so that several clients of
    one key get equal shares.

    `asyncio.Semaphore` has no limit that changes. `anyio.CapacityLimiter` has one, but before anyio 4.15 a
    task can pass above the limit after it was lowered and raised again.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(most)
        self._running = 0
        self._waiting = deque[asyncio.Future[None]]()
        self._shrunk = 0.0
        self._not_before = 0.0
        self._is_slow = False
        self.moved_at: float = time.monotonic()

    @property
    def limit(self) -> int:
        """The current limit of requests at the same time."""
        return int(self._limit)

    @asynccontextmanager
    async def passing(self) -> AsyncGenerator[None]:
        """Wait until a request may be sent, and count it as running inside the block."""
        await self._turn()
        try:
            # The service may ask for a longer wait during this one.
            while (wait := self._not_before - time.monotonic()) > 0:  # noqa: ASYNC110 - a time, not an event
                await asyncio.sleep(wait)
            yield
        finally:
            self._end_one()

    def push_back(self, started: float, wait: float, *, is_slow: bool = False) -> None:
        """Halve the limit, and send nothing for some time.

        Args:
            started: When the failed request was sent (`time.monotonic`). Failures of requests that ran at the
                same time halve the limit only once.
            wait: How long nothing is sent, in seconds.
            is_slow: Whether the request timed out because too many requests shared the connection.
        """
        self._is_slow = self._is_slow or is_slow
        now = time.monotonic()
        self._not_before = max(self._not_before, now + wait)
        self.moved_at = max(self.moved_at, self._not_before)
        if started > self._shrunk:
            self._set_limit(max(1.0, self._limit / 2))
            self._shrunk = now

    def let_grow(self, *, has_body: bool = True) -> None:
        """Count a successful request, and raise the limit by one after as many successes as the limit.

        After a timeout on a slow connection, only requests with a body count, because a small request is
        quick on any connection.
        """
        self.moved_at = max(self.moved_at, time.monotonic())
        if self._limit < self._most and (has_body or not self._is_slow):
            self._set_limit(min(float(self._most), self._limit + 1 / self._limit))
            self._is_slow = self._is_slow and self._limit < self._most

    def _set_limit(self, limit: float) -> None:
        self._limit = limit
        self._let_in()

    async def _turn(self) -> None:
        """Wait, in order of arrival, until fewer requests run than the limit allows."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._let_in()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was let in at the same moment
                self._end_one()
            raise

    def _end_one(self) -> None:
        self._running -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._running < self.limit:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                self._running += 1


@define(eq=False)
class _State:
    """What changes while a batch runs, in one object that copies of a `Pace` share."""

    retries_left: int
    stopped_by: APIError | None = None
    has_sent: bool = False


class Pace:
    """Controls the rate of all requests of one batch.

    The service limits a key, not a connection. So when it asks one request to wait, all requests wait. When
    it refuses a request for a reason that applies to all requests, nothing more is sent.

    Args:
        concurrency: The largest number of requests at the same time.
        retries: The number of retries for the whole batch.

    Attributes:
        gate: Limits the requests to the service.
        storage_gate: Limits the requests to object storage. The two limits are separate, so that a request to
            the service does not wait for the upload of a picture.
        stopped: An event that is set together with `stopped_by`.
    """

    def __init__(self, concurrency: int, retries: int) -> None:
        # More requests would wait for a connection, after the check whether the batch has stopped.
        concurrency = min(concurrency, CONNECTIONS)
        self.gate: Gate = Gate(concurrency)
        self.storage_gate: Gate = Gate(concurrency)
        self.stopped: asyncio.Event = asyncio.Event()
        self._state = _State(retries)

    def gate_to(self, *, service: bool) -> Gate:
        """Return the gate of the service or of object storage."""
        return self.gate if service else self.storage_gate

    @property
    def stopped_by(self) -> APIError | None:
        """The error that stopped the batch; None if it was not stopped."""
        return self._state.stopped_by

    @property
    def moved_at(self) -> float:
        """The time of the last success, or the end of the current wait if it is later (`time.monotonic`)."""
        return max(self.gate.moved_at, self.storage_gate.moved_at)

    def check(self, *, in_doubt: bool) -> None:
        """Raise an error if the batch has stopped.

        Args:
            in_doubt: Whether an earlier attempt at this request may have been carried out.

        Raises:
            StoppedError: The batch has stopped.
        """
        if self.stopped_by is not None:
            raise StoppedError(self.stopped_by, in_doubt=in_doubt)

    def stop(self, failure: APIError) -> None:
        """Stop sending because of a failure; only the first failure is kept."""
        if self.stopped_by is None:
            self._state.stopped_by = failure
            self.stopped.set()

    def note_success(self, *, has_body: bool, from_service: bool) -> None:
        """Record the success of a request with or without a body, and raise the limit."""
        self._state.has_sent = True
        self.gate_to(service=from_service).let_grow(has_body=has_body)

    def note_failure(
        self,
        failure: APIError,
        started: float,
        wait: float | None,
        policy: RetryPolicy,
        *,
        from_service: bool,
    ) -> None:
        """Slow down or stop the batch after a failed attempt.

        Args:
            failure: How the attempt failed.
            started: When it was sent (`time.monotonic`).
            wait: Seconds until the request is sent again; None if it is not sent again.
            policy: Limits the wait that the service may ask for.
            from_service: Whether the request went to the service. An error of object storage is about one URL
                only.

        Raises:
            StoppedError: The service would refuse every further request too.
        """
        asked, gate = asked_wait(failure), self.gate_to(service=from_service)
        if (from_service and isinstance(failure, _STOPPING)) or (asked or 0.0) > policy.longest_wait:
            self.stop(failure)
            raise StoppedError(failure, in_doubt=failure.in_doubt) from failure
        if isinstance(failure, RateLimitError) or asked is not None:
            gate.push_back(started, (asked or 0.0) if wait is None else wait)
        elif isinstance(failure, APITimeoutError):
            gate.push_back(started, 0.0, is_slow=True)

    @staticmethod
    def policy(own: RetryPolicy) -> RetryPolicy:
        """Return the retry policy of a batch, from the policy of single calls."""
        return evolve(own, max_retries=ATTEMPTS, longest_wait=max(LONGEST_WAIT, own.longest_wait))

    def wait_before_retry(
        self, failure: APIError, attempt: int, policy: RetryPolicy, *, repeatable: bool
    ) -> float | None:
        """Return the seconds to wait before the next attempt; None if the budget allows no retry."""
        # Until a request has succeeded, this computer is probably offline.
        if not self._state.has_sent and not failure.in_doubt and isinstance(failure, APIConnectionError):
            policy = evolve(policy, max_retries=min(policy.max_retries, RetryPolicy().max_retries))
        wait = wait_before_retry(failure, attempt, policy, repeatable=repeatable)
        if wait is None or self._state.retries_left <= 0:
            return None
        self._state.retries_left -= 1
        return wait
