"""The account's rate limit; requests above it get a 429."""

from __future__ import annotations

import time
from math import ceil

from aiohttp import web
from aiohttp.typedefs import Handler

from scenario_async.sandbox._internal.addresses import API
from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.errors import throttled


class RateLimit:
    """A token bucket that fills at the rate limit and has room for the requests of one second.

    The service does not publish its limits or its algorithm. A token bucket is the usual algorithm.
    """

    def __init__(self) -> None:
        self._left: float | None = None
        self._counted_at = 0.0

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse a request to the API that is over the limit, before it is processed."""
        rate = context_of(request).settings.rate_limit
        if rate is None or not request.path.startswith(f"{API}/"):
            return await handler(request)
        now, most = time.monotonic(), max(rate, 1.0)
        left = most if self._left is None else min(most, self._left + (now - self._counted_at) * rate)
        self._counted_at = now
        if left < 1:
            self._left = left
            # [guess] the service publishes no limits and no way of counting
            raise throttled(str(ceil((1 - left) / rate)))
        self._left = left - 1
        return await handler(request)
