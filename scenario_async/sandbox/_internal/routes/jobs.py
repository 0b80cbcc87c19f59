"""Jobs."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.context import Context, context_of
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.jobs import Job
from scenario_async.sandbox._internal.pagination import moment, page
from scenario_async.sandbox._internal.parameters import fields_of, query_flag, required
from scenario_async.sandbox._internal.routes.answers import AUTHOR_ID, json_answer
from scenario_async.sandbox._internal.routes.lookup import find
from scenario_async.sandbox._internal.routes.running import job_answer

_FILTERS: Final = frozenset(
    {
        "authorId",
        "createdAfter",
        "hideResults",
        "status",
        "type",
        "types",
        "updatedAfter",
        "workflowId",
    }
)
# [documented] official package, job_list_params
_BY_UPDATE: Final = ("status", "type", "types", "workflowId")
"""The filters that sort lists by update, and cannot be combined with `createdAfter`."""

# [documented] official package, job_list_params
_WINDOW: Final = 30 * 86_400
"""Seconds that `authorId` or ``hideResults=false`` go back if no date is given."""

# [guess] the service documents inferences only, which the sandbox does not have; it uses these instead
CANCELABLE: Final = frozenset({"detection", "patch-image", "workflow"})
"""The types of jobs that can be canceled."""


async def list_all(request: web.Request) -> web.Response:
    """List jobs, all or those with a status, of some types, of a workflow or since a time."""
    context, query = context_of(request), request.query
    now, (created, updated) = context.clock.now(), _since(request)
    types = {*query.getall("type", ()), *query.getall("types", ())}
    chosen = [
        job
        for job in context.state.jobs.values()
        if query.get("status") in {None, job.status(now)}
        and query.get("workflowId") in {None, job.workflow_id}
        and query.get("authorId") in {None, AUTHOR_ID}
        and (not types or job.type in types)
        and job.created > created
        and job.history(now)[-1][1] > updated
    ]
    jobs, more = page(request, chosen, filters=_FILTERS)
    return json_answer({"jobs": [_listed(context, job) for job in jobs], **more})


def _since(request: web.Request) -> tuple[float, float]:
    """Return the times after which jobs must have been created and updated, in seconds since the epoch.

    Raises:
        Refusal: 400 for `createdAfter` together with a filter that sorts by update.
    """
    query = request.query
    window = 0.0
    if "authorId" in query or query_flag(request, "hideResults") is False:
        window = context_of(request).clock.now() - _WINDOW
    if "createdAfter" in query and (other := next((name for name in _BY_UPDATE if name in query), None)):
        # [guess] both together are refused; it is documented that they exclude each other (official package,
        # job_list_params)
        raise bad_request(f"createdAfter cannot be used with {other}: use updatedAfter", field="createdAfter")
    created, updated = moment(request, "createdAfter"), moment(request, "updatedAfter")
    if created is None and updated is None:
        return window, 0.0
    return created or 0.0, updated or 0.0


def _listed(context: Context, job: Job) -> dict[str, Any]:
    """A job in the form of lists: the prompt of its input is the id of a text asset."""
    answer = job_answer(context, job)
    prompt = job.input.get("prompt")
    if job.type == "custom" and isinstance(prompt, str):
        # [recorded] Godot plugin, jobs
        text = context.state.text(f"asset_text-{job.id}", prompt)
        answer["metadata"]["input"] = {**job.input, "prompt": text.id}
    return answer


async def retrieve(request: web.Request) -> web.Response:
    """Return a job."""
    return json_answer({"job": job_answer(context_of(request), job_of(request))})


async def trigger_action(request: web.Request) -> web.Response:
    """Cancel a job. Most jobs cannot be canceled, and the error has the service's message.

    A job that has ended cannot be canceled either. How the service responds then is unknown.
    """
    job = job_of(request)
    required(fields_of(request).choice("action", ("cancel",)), "action")
    if job.type not in CANCELABLE:
        # [seen] a user's report: 400 in these words; the agent skills document the rule
        raise bad_request("Cannot cancel this type of job. Action not permitted.")
    cancel(request, job)
    return json_answer({"job": job_answer(context_of(request), job)})


def cancel(request: web.Request, job: Job) -> None:
    """Cancel a job that has not ended.

    Raises:
        Refusal: 400, if it has ended.
    """
    now = context_of(request).clock.now()
    if job.is_over(now):
        # [guess] a job that has ended is refused
        raise bad_request(f"{job.id} has ended: {job.status(now)}")
    job.cancel(now)


def job_of(request: web.Request) -> Job:
    """The job that the path names."""
    return find(context_of(request).state.jobs, "Job", request.match_info["jobId"])


ROUTES: Final = (
    web.get("/jobs", list_all),
    web.get("/jobs/{jobId}", retrieve),
    web.post("/jobs/{jobId}/action", trigger_action),
)
