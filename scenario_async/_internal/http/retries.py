"""Which failed requests are retried, and after how long: pure decisions.

`Transport.send` holds the only loop that acts on them. A library for retries (tenacity, stamina) would leave
both decisions to callbacks, since the wait comes from the response and the right to retry from the request,
and it would add its set-up to every call that succeeds at once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from attrs import frozen

from scenario_async.errors import (
    APIError,
    APIStatusError,
    CooldownError,
    InternalServerError,
    PlanLimitError,
    RateLimitError,
    number,
)

_NOT_DONE: Final = frozenset({408, 409})
"""A time-out of the request, and a conflict with another one: nothing was done, and it may be sent again."""
_NOT_IMPLEMENTED: Final = 501
_DOUBLINGS: Final = 64
"""After these any range is at its cap; some hundreds more would be too large a number."""


@frozen
class RetryPolicy:
    """How often and how long.

    Attributes:
        max_retries: Attempts after the first one.
        base: The first back-off is drawn from 0 to this, in seconds; each further range is twice as wide.
        cap: The widest range, in seconds.
        longest_wait: If the service asks for more than this, in seconds, the error is raised at once: a call
            that sits for an hour is not what a caller expects, and the error says how long it would be.
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
    if isinstance(error, PlanLimitError):
        return False
    if isinstance(error, RateLimitError):
        return True
    if isinstance(error, InternalServerError):
        return repeatable and error.status_code != _NOT_IMPLEMENTED
    if isinstance(error, APIStatusError):
        return error.status_code in _NOT_DONE
    return repeatable or not error.in_doubt


def wait_before_retry(
    error: APIError, attempt: int, policy: RetryPolicy, *, repeatable: bool
) -> float | None:
    """How long to wait before a request is sent again, in seconds; None if it is not.

    Args:
        error: How the last attempt failed.
        attempt: How many attempts were made.
        policy: How often and how long.
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
        policy: How often and how long.
        drawn: Draws a number from 0 to 1.

    Returns:
        Full jitter over a range that doubles; or what the service asked for, and up to a tenth more, so that
        those who were sent away together do not come back together. None: do not try again.
    """
    if attempt > policy.max_retries:
        return None
    asked = asked_wait(error)
    if asked is None:
        doublings = min(attempt - 1, _DOUBLINGS)
        return drawn() * min(policy.cap, policy.base * 2.0**doublings)
    return asked * (1 + drawn() / 10) if asked <= policy.longest_wait else None


def asked_wait(error: APIError) -> float | None:
    """How long the service asked to be left alone, in seconds; None if it did not."""
    if not isinstance(error, APIStatusError):
        return None
    asked = retry_after(error.response.headers, now=datetime.now(UTC))
    if isinstance(error, CooldownError):
        return max(error.seconds, asked or 0.0)
    return asked


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """The ``Retry-After`` header, which holds seconds or a date; in seconds from `now`, never negative."""
    value = headers.get("Retry-After")
    if value is None:
        return None
    seconds = number(value)
    if seconds is None:
        try:
            then = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        seconds = (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds()
    return max(seconds, 0.0)
