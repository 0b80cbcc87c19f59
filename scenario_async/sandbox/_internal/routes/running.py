"""Start jobs, and return their state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from scenario_async.sandbox._internal.accounts import WebhookEvent
from scenario_async.sandbox._internal.context import Context, context_of
from scenario_async.sandbox._internal.jobs import Job, nothing
from scenario_async.sandbox._internal.routes.answers import AUTHOR_ID, OWNER_ID
from scenario_async.sandbox._internal.state import new_id, timestamp


def start_job(
    context: Context,
    type: str,
    *,
    input: Mapping[str, Any],
    cost: float,
    finish: Callable[[], Mapping[str, Any]],
    abandon: Callable[[], None] = nothing,
    fail: Callable[[], None] = nothing,
    duration: float | None = None,
    model_id: str | None = None,
    workflow_id: str | None = None,
) -> Job:
    """Start a job; see `Job` for the arguments. `duration` is the sandbox's `job_duration` if not given."""
    job = Job(
        id=new_id("job"),
        sequence=context.state.next_sequence(),
        type=type,
        created=context.clock.now(),
        duration=context.settings.job_duration if duration is None else duration,
        cost=cost,
        input=dict(input),
        finish=finish,
        abandon=abandon,
        fail=fail,
        model_id=model_id,
        workflow_id=workflow_id,
    )
    context.state.add_job(job)
    return job


def job_answer(context: Context, job: Job) -> dict[str, Any]:
    """The current state of a job."""
    now = context.clock.now()
    context.state.settle(now)
    history = job.history(now)
    workflow = {} if job.workflow_id is None else {"workflowId": job.workflow_id, "workflowJobId": job.id}
    return {
        "jobId": job.id,
        "jobType": job.type,
        "authorId": AUTHOR_ID,
        "ownerId": OWNER_ID,
        # [guess] the billing has this; it is documented that a failed job is refunded (official package)
        "billing": {"cuCost": job.charge(now), "cuDiscount": 0, "disableRefund": not job.refunds},
        "createdAt": timestamp(job.created),
        "updatedAt": timestamp(history[-1][1]),
        "progress": job.progress(now),
        "status": history[-1][0],
        "statusHistory": [{"status": status, "date": timestamp(moment)} for status, moment in history],
        "metadata": {"input": job.input, **workflow, **(job.output or {})},
    }


def announce(context: Context, event: str, payload: Mapping[str, Any]) -> None:
    """Record an event for every webhook endpoint with its type. The sandbox does not call them."""
    now = context.state.now()
    for account in (*context.state.teams.values(), *context.state.projects.values()):
        for endpoint in account.webhook_endpoints.values():
            if endpoint.enabled and not {event, "*"}.isdisjoint(endpoint.enabled_events):
                noted = WebhookEvent(id=new_id("event"), type=event, created_at=now, payload=payload)
                endpoint.events[noted.id] = noted


@web.middleware
async def settle_jobs(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Finish every job whose time is over before a request is processed."""
    context = context_of(request)
    context.state.settle(context.clock.now())
    return await handler(request)
