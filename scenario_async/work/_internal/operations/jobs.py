"""Operations of jobs that send several requests."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from scenario_async._internal.declare.operation import (
    Async,
    Mode,
    Resource,
    Sender,
    operation,
)
from scenario_async.values import job as values

if TYPE_CHECKING:
    from scenario_async.work._internal.progress import OnWork


class Jobs(Resource[Mode]):
    """Operations of jobs that send several requests."""

    @operation
    async def wait(
        self: Jobs[Async],
        job_id: str,
        *,
        on_progress: OnWork | None = None,
        progress: bool = False,
        deadline: float | None = None,
        raise_on_failure: bool = True,
    ) -> values.Job:
        """Wait until a job has ended.

        If the service is unreachable for up to ten minutes, the call continues to wait.

        Args:
            job_id: The job.
            on_progress: Called with a `WorkProgress` after each change, on the client's event loop.
            progress: Show a progress bar in the notebook or terminal; a line every few seconds elsewhere.
            deadline: The most seconds to wait. After that, the job continues on the service.
            raise_on_failure: Raise an error if the job failed or was canceled; otherwise only its status
                shows this.

        Returns:
            The job at its end.

        Raises:
            JobFailedError: It failed.
            JobCanceledError: It was canceled.
            NotFoundError: There is no job with this id. A new job may be invisible at first, so this takes
                three seconds.
            WaitTimeoutError: The deadline passed.
            APIError: The service was unreachable for more than ten minutes.
        """
        options = _WaitOptions("job_id", on_progress, progress, deadline, raise_on_failure)
        return (await _wait(self.sender, job_id, options))[0]

    @operation
    async def wait_all(
        self: Jobs[Async],
        job_ids: Sequence[str],
        *,
        on_progress: OnWork | None = None,
        progress: bool = False,
        deadline: float | None = None,
        raise_on_failure: bool = True,
    ) -> builtins.list[values.Job]:
        """Wait until all of several jobs have ended.

        For more than three jobs, the call requests the list of jobs instead of each job.

        Args:
            job_ids: The jobs.
            on_progress: Called with a `WorkProgress` after each change, on the client's event loop.
            progress: Show a progress bar in the notebook or terminal; a line every few seconds elsewhere.
            deadline: The most seconds to wait. After that, the jobs continue on the service.
            raise_on_failure: Raise an error if a job failed or was canceled, after all have ended; otherwise
                only its status shows this.

        Returns:
            The jobs at their end, in the order given.

        Raises:
            JobFailedError: A job failed.
            JobCanceledError: A job was canceled.
            NotFoundError: There is no job with one of the ids, as for `wait`.
            WaitTimeoutError: The deadline passed.
            APIError: The service was unreachable for more than ten minutes.
        """
        options = _WaitOptions("job_ids", on_progress, progress, deadline, raise_on_failure)
        return await _wait(self.sender, job_ids, options)


@frozen
class _WaitOptions:
    """The options of waiting for jobs; see `Jobs.wait`."""

    argument: str
    on_progress: OnWork | None
    progress: bool
    deadline: float | None
    raise_on_failure: bool


async def _wait(sender: Sender, job_ids: str | Sequence[str], options: _WaitOptions) -> list[values.Job]:
    from scenario_async.work._internal.arguments import ids_of
    from scenario_async.work._internal.progress import Reporter
    from scenario_async.work._internal.progress_bar import progress_bar, work_progress
    from scenario_async.work._internal.waiting import wait_for_jobs

    ids = ids_of(options.argument, job_ids)
    with progress_bar(options.progress, work_progress, options.on_progress) as call:
        return await wait_for_jobs(
            sender,
            ids,
            Reporter(call),
            deadline=options.deadline,
            raise_on_failure=options.raise_on_failure,
        )
