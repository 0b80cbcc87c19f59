"""How often the service is asked, and how long a doubt is looked into."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from attrs import frozen

_JITTER: Final = 0.2
"""Each pause is up to this share shorter or longer, so that many programs do not ask in step."""


@frozen(kw_only=True)
class Polling:
    """Pauses that grow.

    Attributes:
        first: The first pause, in seconds.
        factor: Each pause is this many times as long as the one before.
        most: The longest pause, in seconds.
    """

    first: float
    factor: float
    most: float

    def pauses(self) -> Iterator[float]:
        """One pause after the other, in seconds, with jitter; without end."""
        pause = self.first
        while True:
            yield pause * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - no secret
            pause = min(pause * self.factor, self.most)


@frozen(kw_only=True)
class Timing:
    """All the times of this folder in one place.

    Attributes:
        jobs: How often jobs are asked for.
        training: How often a model in training is asked for.
        doubt: How often the service is asked whether a request in doubt was carried out.
        doubt_seconds: For how long it is asked.
        outage_seconds: How long the service may be out of reach while waiting.
        quote_seconds: How old a price may be when the work that it is for is paid.
        ceiling: How often a request is sent that a ceiling of concurrency holds back.
    """

    jobs: Polling = Polling(first=1.0, factor=1.5, most=10.0)
    training: Polling = Polling(first=2.0, factor=1.5, most=30.0)
    doubt: Polling = Polling(first=1.0, factor=1.5, most=10.0)
    doubt_seconds: float = 60.0
    outage_seconds: float = 600.0
    quote_seconds: float = 120.0
    ceiling: Polling = Polling(first=5.0, factor=1.5, most=30.0)


TIMING: Timing = Timing()
