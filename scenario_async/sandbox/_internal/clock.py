"""The clock of a sandbox."""

from __future__ import annotations

import time

from attrs import define, field, validators


@define
class Clock:
    """A clock that starts at the machine's time, runs `speed` times as fast, and can be moved forward.

    It determines when presigned URLs expire, how long imports, jobs and trainings take, and the times of all
    objects, so that a test need not wait.
    """

    speed: float = field(default=1.0, validator=validators.gt(0))
    _started: float = field(factory=time.monotonic, init=False)
    _ahead: float = field(factory=time.time, init=False)

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._ahead + (time.monotonic() - self._started) * self.speed

    def advance(self, seconds: float) -> None:
        """Put the clock forward.

        Raises:
            ValueError: If `seconds` is negative: time does not go back.
        """
        if seconds < 0:
            raise ValueError(f"seconds must not be negative: {seconds}")
        self._ahead += seconds
