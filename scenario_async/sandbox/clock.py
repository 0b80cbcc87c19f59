"""The time by which a sandbox goes."""

from __future__ import annotations

import time

from attrs import define, field


@define
class Clock:
    """Goes as the machine's clock went when it was made, and can be put forward.

    It decides when presigned URLs expire and how long an import takes, so that a test need not wait.
    """

    _ahead: float = field(factory=lambda: time.time() - time.monotonic(), init=False)

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        """Put the clock forward.

        Raises:
            ValueError: If `seconds` is negative: time does not go back.
        """
        if seconds < 0:
            raise ValueError(f"seconds must not be negative: {seconds}")
        self._ahead += seconds
