"""Run tasks together, and end all of them when one fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar, cast

T = TypeVar("T")


class TaskGroup:
    """Starts tasks in a group of asyncio and knows which of them are running; see `task_group`."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        self._running = set[asyncio.Task[Any]]()

    def create_task(self, coroutine: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start a task.

        Raises:
            RuntimeError: The group is ending.
        """
        task = self._group.create_task(coroutine)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def wait(self) -> None:
        """Wait until no task is running."""
        while self._running:
            await asyncio.wait(self._running)


@asynccontextmanager
async def task_group() -> AsyncGenerator[TaskGroup]:
    """A group of tasks that raises the first error itself; when a task fails, the others are cancelled.

    `asyncio.TaskGroup` raises an exception group. If the surrounding task is cancelled while the group ends
    because of an error, it raises only the error, so the task would continue although it was cancelled. This
    group raises the cancellation.

    Raises:
        CancelledError: The surrounding task was cancelled.
        Exception: A task raised it.
    """
    surrounding = cast("asyncio.Task[object]", asyncio.current_task())
    before = surrounding.cancelling()
    try:
        async with asyncio.TaskGroup() as group:
            tasks = TaskGroup(group)
            yield tasks
            # Up to Python 3.12, a group that waits for its tasks after its block counts the failure of a
            # task as a cancellation of the surrounding task, and does not undo it.
            await tasks.wait()
    except BaseExceptionGroup as errors:
        if surrounding.cancelling() > before:
            # Since Python 3.13, the group itself cancels the task again, which is raised here.
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0)
            # A scope of anyio cancels the task in each turn of the event loop, with a message by which it
            # recognises its own cancellation.
            await asyncio.sleep(0)
            raise asyncio.CancelledError from None
        raise errors.exceptions[0] from None
