"""Decide which failed requests are retried, and after which wait.

The functions only decide. The retry loop is in `Transport.send`. A library for retries (tenacity, stamina)
would need callbacks for both decisions, because the wait depends on the response, and whether a retry is safe
depends on the request. It would also slow down every call that succeeds at once.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from attrs import frozen

from scenario_async.errors import (
    APIError,
    APIStatusError,
    InternalServerError,
    PlanLimitError,
    ResponseTooLargeError,
)

_PASSING: Final = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS)
"""Statuses after which a retry may succeed."""

_PASSING_CODES: Final = ("RequestTimeout", "SlowDown")
"""Error codes of object storage with the same meaning, which have the status 400."""

_ANSWERS: Final = {"true": True, "false": False}
"""Values of the header ``x-should-retry``."""

_DOUBLINGS: Final = 64
"""The most doublings of the back-off; after these, it is at its limit, and the number stays small."""


@frozen
class RetryPolicy:
    """How many retries there are, and how long the waits are.

    Attributes:
        max_retries: Attempts after the first one.
        base: The longest first back-off, in seconds. Each further back-off can be twice as long.
        cap: The longest back-off, in seconds.
        longest_wait: The longest wait that the service may ask for, in seconds. If it asks for a longer wait,
            the error is raised at once, because a caller does not expect a call to wait for an hour.
    """

    max_retries: int = 2
    base: float = 0.5
    cap: float = 8.0
    longest_wait: float = 120.0


def may_retry(error: APIError, *, repeatable: bool) -> bool:
    """Whether a failed request may be sent again.

    Args:
        error: How it failed.
        repeatable: Whether sending it twice has the effect of sending it once.
    """
    if isinstance(error, PlanLimitError | ResponseTooLargeError):
        return False
    if isinstance(error, APIStatusError):
        asked = error.response.headers.get("x-should-retry", "").lower()
        if asked in _ANSWERS:
            return _ANSWERS[asked]
        if isinstance(error, InternalServerError):
            return repeatable and error.status_code != HTTPStatus.NOT_IMPLEMENTED
        # A refusal: the request was not processed.
        return error.status_code in _PASSING or error.code in _PASSING_CODES
    return repeatable or not error.in_doubt


def wait_before_retry(
    error: APIError, attempt: int, policy: RetryPolicy, *, repeatable: bool
) -> float | None:
    """Return the seconds to wait before a request is sent again; None if it is not sent again.

    Args:
        error: How the last attempt failed.
        attempt: How many attempts were made.
        policy: How many retries there are, and how long the waits are.
        repeatable: Whether sending it twice has the effect of sending it once.
    """
    return backoff(error, attempt, policy) if may_retry(error, repeatable=repeatable) else None


def backoff(
    error: APIError, attempt: int, policy: RetryPolicy, *, drawn: Callable[[], float] = random.random
) -> float | None:
    """How long to wait before the next attempt, in seconds.

    Args:
        error: How the last attempt failed.
        attempt: How many attempts were made.
        policy: How many retries there are, and how long the waits are.
        drawn: Draws a random number from 0 to 1.

    Returns:
        The wait in seconds; None if the request is not sent again. The wait is drawn between half of the
        back-off and the whole back-off, which doubles with each attempt. If the service asks for a longer
        wait, the result is that wait and up to a tenth more, so that many clients do not retry at the same
        moment.
    """
    if attempt > policy.max_retries:
        return None
    doublings = min(attempt - 1, _DOUBLINGS)
    ordinary = min(policy.cap, policy.base * 2.0**doublings) * (1 + drawn()) / 2
    asked = asked_wait(error)
    if asked is None:
        return ordinary
    # Repeated waits of zero seconds must not cause a large number of requests.
    return max(ordinary, asked * (1 + drawn() / 10)) if asked <= policy.longest_wait else None


def asked_wait(error: APIError) -> float | None:
    """The wait that the service asked for, in seconds; None if it did not ask."""
    return error.retry_after if isinstance(error, APIStatusError) else None
