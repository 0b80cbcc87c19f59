"""The requests of all workers of a batch: repeated where that helps, and slowed down together."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from scenario_async.declare import Request, Sender
from scenario_async.errors import APIError, RateLimitError
from scenario_async.pictures import Segment
from scenario_async.retries import RetryPolicy, asked_wait, may_repeat, wait_before_repeating

R = TypeVar("R")

logger: Final = logging.getLogger("scenario_async.upload")


class PacedSender:
    """Sends for all workers of one batch.

    The service limits a key, not a connection: when it asks one worker to wait, all of them do.
    """

    def __init__(self, sender: Sender, policy: RetryPolicy) -> None:
        self._sender = sender.retrying(0)
        self.policy = policy
        self._not_before = 0.0

    def __repr__(self) -> str:
        return repr(self._sender)

    def retrying(self, max_retries: int) -> Sender:
        """The same with another number of retries."""
        return self._sender.retrying(max_retries)

    async def send(self, request: Request[R]) -> R:
        """Send a request, again where that is safe.

        Raises:
            APIError: The last attempt's failure.
        """
        return await self._repeat(lambda: self._sender.send(request), repeatable=request.repeatable)

    async def store(self, url: str, segment: Segment, content_type: str) -> None:
        """Put a stretch of a picture where a presigned URL says, again where that helps.

        Raises:
            APIError: The last attempt's failure.
        """
        await self._repeat(lambda: self._sender.store(url, segment, content_type), repeatable=True)

    async def _repeat(self, attempt: Callable[[], Awaitable[R]], *, repeatable: bool) -> R:
        attempts = 0
        while True:
            await self._turn()
            attempts += 1
            try:
                return await attempt()
            except APIError as error:
                wait = wait_before_repeating(error, attempts, self.policy)
                if wait is None or not may_repeat(error, repeatable=repeatable):
                    raise
                logger.info("%s; again in %.1f s", error, wait)
                if isinstance(error, RateLimitError) or asked_wait(error) is not None:
                    self._not_before = max(self._not_before, time.monotonic() + wait)
                else:
                    await asyncio.sleep(wait)

    async def _turn(self) -> None:
        # Another worker may be told to wait meanwhile, for longer.
        while (wait := self._not_before - time.monotonic()) > 0:  # noqa: ASYNC110 - a time, not an event
            await asyncio.sleep(wait)
