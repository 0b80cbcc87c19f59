"""Waits between requests to the service, and time limits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from attrs import frozen

_JITTER: Final = 0.2
"""The random variation of each wait, so that many programs do not send requests at the same moment."""


@frozen(kw_only=True)
class Polling:
    """Growing waits between requests.

    Attributes:
        first: The first wait, in seconds.
        factor: The ratio of each wait to the one before.
        most: The longest wait, in seconds.
    """

    first: float
    factor: float
    most: float

    def pauses(self) -> Iterator[float]:
        """Yield the waits in seconds, with jitter, without end."""
        pause = self.first
        while True:
            yield pause * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - no secret
            pause = min(pause * self.factor, self.most)


@frozen(kw_only=True)
class Timing:
    """All waits and time limits of this package.

    Attributes:
        jobs: The waits between requests for jobs.
        training: The waits between requests for a model in training.
        doubt: The waits between requests that check whether a request in doubt was carried out.
        doubt_seconds: The total time of these checks.
        outage_seconds: How long the service may be unreachable during a wait.
        quote_seconds: The highest age of a price at the time of payment.
        late_seconds: How long a job, a model or an asset that certainly exists may be missing or outdated.
        ceiling: The waits before a job is requested again, if too many run at the same time.
    """

    jobs: Polling = Polling(first=1.0, factor=1.5, most=10.0)
    training: Polling = Polling(first=2.0, factor=1.5, most=30.0)
    doubt: Polling = Polling(first=1.0, factor=1.5, most=10.0)
    doubt_seconds: float = 60.0
    outage_seconds: float = 600.0
    quote_seconds: float = 120.0
    late_seconds: float = 30.0
    ceiling: Polling = Polling(first=5.0, factor=1.5, most=30.0)


TIMING: Timing = Timing()
