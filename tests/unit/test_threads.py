"""Functions that run in a thread, and whose errors are raised where they are awaited."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from scenario_async._internal.background_thread import BackgroundThread
from scenario_async._internal.threads import in_thread

Caller = Callable[[Callable[[], object]], Awaitable[Any]]


@asynccontextmanager
async def caller(kind: str) -> AsyncGenerator[Caller]:
    """Return what calls a function in a thread."""
    if kind == "pool":
        yield in_thread
        return
    thread = BackgroundThread("test")
    try:
        yield thread.call
    finally:
        await thread.closed()


@pytest.mark.parametrize("kind", ["pool", "background"])
@pytest.mark.parametrize(
    "error", [StopIteration, asyncio.CancelledError, concurrent.futures.CancelledError], ids=repr
)
async def test_an_error_that_no_future_can_raise_becomes_a_runtime_error(
    kind: str, error: type[BaseException]
) -> None:
    """A future refuses StopIteration, so its caller waited for ever; the others look like a cancellation."""

    def fail() -> None:
        raise error

    async with caller(kind) as call, asyncio.timeout(20):
        with pytest.raises(RuntimeError, match=f"raised {error.__name__}") as caught:
            await call(fail)
        assert isinstance(caught.value.__cause__, error)
        assert await call(lambda: 7) == 7
