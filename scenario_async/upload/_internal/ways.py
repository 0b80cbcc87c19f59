"""Choose how a picture is sent: inside a request as base64, or in parts as raw bytes.

Base64 needs a third more bytes, and parts need three more requests. Which of the two is faster depends on the
connection. So the choice is made for each picture, from the measurements of the batch.
"""

from __future__ import annotations

import time
from typing import Final, Literal

from scenario_async._internal.pictures.picture import INLINE_LIMIT

Way = Literal["auto", "inline", "parts"]
"""``inline``: in a request up to 4 MiB, in parts above. ``parts``: in parts. ``auto``: the faster way."""

_EXTRA_REQUESTS: Final = 3
"""The additional round trips of parts: to create, to complete, and to check the import."""

_BASE64: Final = 4 / 3
_LONG_RATE: Final = 25e6
"""The highest assumed data rate of a connection with a long round trip, in bytes per second (200 Mbit/s). The
measured rate can be too high, because buffers in the network accept the first megabytes at once."""

_SHORT_ROUND_TRIP: Final = 0.02
"""The round trip in seconds below which a connection counts as fast until it is measured."""

_FAST_RATE: Final = 50e6
"""The data rate, in bytes per second, from which base64 is faster than more requests."""

_MEASURED_AFTER: Final = 2e6
"""The number of bytes after which the measured rate is used."""

_WORTH_IT: Final = 0.005
"""The seconds per picture by which parts have to be faster."""


class WayChooser:
    """Chooses how each picture is sent.

    Args:
        way: The user's argument.
        concurrency: How many pictures are sent at the same time.
    """

    def __init__(self, way: Way, concurrency: int) -> None:
        self._way = way
        self._concurrency = concurrency
        self._round_trip: float | None = None
        self._started: float | None = None
        self._bytes = 0

    def answered_in(self, seconds: float) -> None:
        """Record the duration of a request without a picture; the shortest one is used."""
        self._round_trip = min(seconds, self._round_trip or seconds)

    def moved(self, count: int) -> None:
        """Record that a number of bytes was sent."""
        if self._started is None:
            self._started = time.monotonic()
        self._bytes += count

    @property
    def rate(self) -> float | None:
        """Bytes per second, of all transfers together; None while buffers accept faster than a connection."""
        if self._started is None or self._bytes < _MEASURED_AFTER:
            return None
        measured = self._bytes / max(time.monotonic() - self._started, 0.001)
        return measured if measured < self._most else None

    @property
    def _most(self) -> float:
        """The assumed rate of a connection that is not measured."""
        return _LONG_RATE if (self._round_trip or 0.0) > _SHORT_ROUND_TRIP else _FAST_RATE

    def in_parts(self, size: int, left: int, sending: int) -> bool:
        """Whether a picture is sent in parts.

        Args:
            size: Its size in bytes.
            left: The number of pictures that are not sent yet, including this one.
            sending: The number of pictures that are being sent, including this one.
        """
        if size > INLINE_LIMIT or self._way == "parts":
            return True
        measured = self.rate
        rate = self._most if measured is None else measured
        if self._way == "inline" or self._round_trip is None or rate >= _FAST_RATE:
            return False
        # At the start of a batch other pictures use the connection too, even if no further one is to be sent.
        sharing = max(left, sending) if measured is None else left
        at_once = max(min(self._concurrency, sharing), 1)
        inline, parts = size * _BASE64 / rate, size / rate
        # The connection sends one picture after another, unless waiting for responses takes longer.
        inline = max(inline, (self._round_trip + inline) / at_once)
        parts = max(parts, ((1 + _EXTRA_REQUESTS) * self._round_trip + parts) / at_once)
        return inline - parts > _WORTH_IT
