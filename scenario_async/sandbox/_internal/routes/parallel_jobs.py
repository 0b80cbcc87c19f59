"""Limits on the number of jobs of a team that run at the same time."""

from __future__ import annotations

from collections.abc import Collection

from scenario_async.sandbox._internal.context import Context
from scenario_async.sandbox._internal.errors import plan_limit_reached


def check_parallel(context: Context, action: str, types: Collection[str], limit: int | None) -> None:
    """Refuse a job if as many jobs of its types are running as the plan allows; None sets no limit.

    The error has the action and the limit. A retry succeeds only after a job has ended. `parallel-training`
    is the service's own name for the action. `parallel-generation` is an invented name of the same form.

    Raises:
        Refusal: 429.
    """
    if limit is None:
        return
    now = context.clock.now()
    going_on = sum(1 for job in context.state.jobs.values() if job.type in types and not job.is_over(now))
    if going_on >= limit:
        # [documented] agent skills: a limit of concurrent jobs, which the body names
        raise plan_limit_reached(limit=limit, value=going_on, action=action)
