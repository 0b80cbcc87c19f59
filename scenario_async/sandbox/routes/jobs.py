"""Jobs."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from scenario_async.sandbox.context import context_of
from scenario_async.sandbox.errors import bad_request
from scenario_async.sandbox.jobs import Job
from scenario_async.sandbox.pagination import page
from scenario_async.sandbox.parameters import fields_of, required
from scenario_async.sandbox.routes.answers import json_answer
from scenario_async.sandbox.routes.lookup import find
from scenario_async.sandbox.routes.running import job_answer

_FILTERS: Final = frozenset({"status", "type", "types", "workflowId"})


async def list_all(request: web.Request) -> web.Response:
    """List jobs, all or those of a status, of some types or of a workflow."""
    context, query = context_of(request), request.query
    now = context.clock.now()
    types = {*query.getall("type", ()), *query.getall("types", ())}
    chosen = [
        job
        for job in context.state.jobs.values()
        if query.get("status") in {None, job.status(now)}
        and query.get("workflowId") in {None, job.workflow_id}
        and (not types or job.type in types)
    ]
    jobs, more = page(request, chosen, filters=_FILTERS)
    return json_answer({"jobs": [job_answer(context, job) for job in jobs], **more})


async def retrieve(request: web.Request) -> web.Response:
    """Answer a job."""
    return json_answer({"job": job_answer(context_of(request), job_of(request))})


async def trigger_action(request: web.Request) -> web.Response:
    """Cancel a job. One that has ended is refused; what the service answers then is unknown."""
    job = job_of(request)
    required(fields_of(request).choice("action", ("cancel",)), "action")
    cancel(request, job)
    return json_answer({"job": job_answer(context_of(request), job)})


def cancel(request: web.Request, job: Job) -> None:
    """Cancel a job that has not ended.

    Raises:
        Refusal: 400, if it has ended.
    """
    now = context_of(request).clock.now()
    if job.is_over(now):
        raise bad_request(f"{job.id} has ended: {job.status(now)}")
    job.cancel(now)


def job_of(request: web.Request) -> Job:
    """The job that the path names."""
    return find(context_of(request).state.jobs, "Job", request.match_info["jobId"])


ROUTES: Final = (
    web.get("/jobs", list_all, allow_head=False),
    web.get("/jobs/{jobId}", retrieve, allow_head=False),
    web.post("/jobs/{jobId}/action", trigger_action),
)
