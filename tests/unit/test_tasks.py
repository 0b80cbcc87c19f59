"""The error of a group of tasks after a failure of a task, a cancellation, or both."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import anyio
import pytest

from scenario_async._internal.tasks import task_group

TIMEOUT = 10


async def fail() -> None:
    raise LookupError("the first error")


class SlowTask:
    """A task that ends some time after it was cancelled.

    Attributes:
        cancelled: Set when it is cancelled.
        may_end: To set when it may end.
    """

    def __init__(self) -> None:
        self.cancelled = asyncio.Event()
        self.may_end = asyncio.Event()

    async def run(self) -> None:
        """Wait for the cancellation, and then for the permission to end."""
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            while not self.may_end.is_set():
                with suppress(asyncio.CancelledError):
                    await self.may_end.wait()
            raise


async def fail_beside(slow: SlowTask) -> None:
    """Run a task that fails beside one that takes some time to end."""
    async with task_group() as tasks:
        tasks.create_task(slow.run())
        await asyncio.sleep(0)
        tasks.create_task(fail())


async def test_the_error_of_a_task_is_raised_itself() -> None:
    """The error is not in an exception group, and the other tasks are cancelled."""
    slow = SlowTask()
    slow.may_end.set()
    with pytest.raises(LookupError, match="the first error"):
        await fail_beside(slow)
    assert slow.cancelled.is_set()


async def test_a_cancellation_is_raised_although_a_task_failed_before() -> None:
    slow = SlowTask()
    surrounding = asyncio.create_task(fail_beside(slow))
    await slow.cancelled.wait()
    surrounding.cancel()
    await asyncio.sleep(0)
    slow.may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(surrounding, TIMEOUT)
    assert surrounding.cancelled()


async def test_the_cleanup_after_such_a_cancellation_is_not_cancelled_again() -> None:
    slow, cleaned = SlowTask(), asyncio.Event()

    async def surround() -> None:
        try:
            await fail_beside(slow)
        finally:
            await asyncio.sleep(0.01)
            cleaned.set()

    surrounding = asyncio.create_task(surround())
    await slow.cancelled.wait()
    surrounding.cancel()
    await asyncio.sleep(0)
    slow.may_end.set()
    await asyncio.wait([surrounding], timeout=TIMEOUT)
    assert surrounding.cancelled()
    assert cleaned.is_set()


async def expire(slow: SlowTask, limit: asyncio.Timeout | anyio.CancelScope) -> None:
    """Let a timeout expire after a task failed and before the slow one ends."""
    await slow.cancelled.wait()
    if isinstance(limit, asyncio.Timeout):
        limit.reschedule(asyncio.get_running_loop().time())
    else:
        limit.deadline = anyio.current_time()
    await asyncio.sleep(0.01)
    slow.may_end.set()


async def check_that_nothing_is_cancelled() -> None:
    current = asyncio.current_task()
    assert current is not None
    assert current.cancelling() == 0
    await asyncio.sleep(0)


async def test_a_timeout_is_raised_although_a_task_failed_before() -> None:
    slow, limit = SlowTask(), asyncio.timeout(TIMEOUT)
    expiring = asyncio.create_task(expire(slow, limit))
    with pytest.raises(TimeoutError):
        async with limit:
            await fail_beside(slow)
    await check_that_nothing_is_cancelled()
    await expiring


async def test_a_timeout_of_anyio_ends_its_block_although_a_task_failed_before() -> None:
    """It cancels the task again in each turn of the event loop."""
    slow, limit = SlowTask(), anyio.move_on_after(TIMEOUT)
    expiring = asyncio.create_task(expire(slow, limit))
    with limit:
        await fail_beside(slow)
    assert limit.cancelled_caught
    await check_that_nothing_is_cancelled()
    await expiring


async def test_an_error_alone_does_not_count_as_a_cancellation() -> None:
    """Otherwise a timeout around the group, which compares the counts, would not raise `TimeoutError`."""
    slow = SlowTask()
    slow.may_end.set()
    with pytest.raises(LookupError):
        await fail_beside(slow)
    await check_that_nothing_is_cancelled()


async def test_an_earlier_cancellation_does_not_hide_an_error() -> None:
    """A task that suppressed a cancellation and continues gets the errors of a later group."""

    async def continue_after_cancellation() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        async with task_group() as tasks:
            tasks.create_task(fail())

    surrounding = asyncio.create_task(continue_after_cancellation())
    await asyncio.sleep(0)
    surrounding.cancel()
    with pytest.raises(LookupError):
        await asyncio.wait_for(surrounding, TIMEOUT)
