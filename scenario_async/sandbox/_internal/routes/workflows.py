"""Workflows."""

from __future__ import annotations

from typing import Any, Final, cast

from aiohttp import web

from scenario_async.sandbox._internal.context import Context, context_of
from scenario_async.sandbox._internal.errors import bad_request, forbidden
from scenario_async.sandbox._internal.jobs import Job
from scenario_async.sandbox._internal.objects import Origin, Workflow
from scenario_async.sandbox._internal.pagination import page
from scenario_async.sandbox._internal.parameters import Fields, fields_of, json_body, query_flag, required
from scenario_async.sandbox._internal.routes.answers import AUTHOR_ID, json_answer
from scenario_async.sandbox._internal.routes.dry_run import dry_run_answer, is_dry_run
from scenario_async.sandbox._internal.routes.generations import Generation, start_generation
from scenario_async.sandbox._internal.routes.jobs import cancel
from scenario_async.sandbox._internal.routes.lookup import find, find_asset
from scenario_async.sandbox._internal.routes.running import job_answer
from scenario_async.sandbox._internal.routes.workflow_answers import workflow_answer
from scenario_async.sandbox._internal.state import new_id

COST: Final = 5
"""The price of a run in creative units. It is invented; the service's prices depend on the workflow."""

_FILTERS: Final = frozenset({"full", "privacy", "status", "tags"})
_PICTURES: Final = ("after", "before", "thumbnail")
_WAITING: Final = ("user-approval", "user-selection")
"""Types of nodes at which a run waits for a user's decision."""


async def create(request: web.Request) -> web.Response:
    """Create a workflow as a draft without a flow."""
    fields = fields_of(request)
    name = required(fields.text("name"), "name")
    description = required(fields.text("description"), "description")
    context = context_of(request)
    now = context.state.now()
    workflow = Workflow(
        id=new_id("workflow"),
        sequence=context.state.next_sequence(),
        created_at=now,
        updated_at=now,
        fields={"name": name, "description": description},
    )
    context.state.workflows[workflow.id] = workflow
    return _answer(context, workflow)


async def list_all(request: web.Request) -> web.Response:
    """List workflows; their flows only if `full` is set."""
    context, query, full = context_of(request), request.query, query_flag(request, "full")
    tags = set(filter(None, query.get("tags", "").split(",")))
    shown = {one.id: workflow_answer(context, one) for one in context.state.workflows.values()}
    chosen = [
        one
        for one in context.state.workflows.values()
        if query.get("status") in {None, shown[one.id]["status"]}
        and query.get("privacy") in {None, shown[one.id]["privacy"]}
        and tags.issubset(shown[one.id]["tagSet"])
    ]
    workflows, more = page(request, chosen, filters=_FILTERS)
    hidden = () if full else ("editorInfo", "flow")
    answers = [
        {name: value for name, value in shown[one.id].items() if name not in hidden} for one in workflows
    ]
    for answer in answers:
        if "thumbnail" in answer:
            answer["thumbnail"] = {**answer["thumbnail"], "__brand": "AssetId"}
    return json_answer({"workflows": answers, **more})


async def get_tags(request: web.Request) -> web.Response:
    """List the tags of all workflows, or of those of a status."""
    context, status = context_of(request), request.query.get("status")
    shown = [workflow_answer(context, workflow) for workflow in context.state.workflows.values()]
    tags = {tag for one in shown if status in {None, one["status"]} for tag in one["tagSet"]}
    return json_answer({"tags": sorted(tags)})


async def retrieve(request: web.Request) -> web.Response:
    """Return a workflow."""
    return _answer(context_of(request), _workflow_of(request))


async def update(request: web.Request) -> web.Response:
    """Change a workflow. A locked one is refused unless `bypassLock` is set, or `isLocked` unlocks it."""
    workflow, fields, context = _workflow_of(request), fields_of(request), context_of(request)
    given = _given(fields)
    is_locked = fields.flag("isLocked")
    if workflow.fields.get("isLocked") and is_locked is not False and not fields.flag("bypassLock"):
        # [guess] a locked workflow is refused with 403; it is documented that it needs `bypassLock` (official
        # package)
        raise forbidden(f"{workflow.id} is locked")
    pictures = {name: fields.text(name) for name in _PICTURES}
    named = {name: find_asset(request, text).id for name, text in pictures.items() if text is not None}
    now = context.state.now()
    if is_locked is not None:
        given |= {"isLocked": is_locked, "lockedStateChangedAt": now, "lockedStateChangedBy": AUTHOR_ID}
    workflow.asset_ids |= named
    workflow.fields |= given
    workflow.updated_at = now
    return _answer(context, workflow)


async def delete(request: web.Request) -> web.Response:
    """Delete a workflow. Its runs continue."""
    del context_of(request).state.workflows[_workflow_of(request).id]
    return json_answer({})


async def run(request: web.Request) -> web.Response:
    """Run a workflow that is ready and has a flow: the job creates one picture.

    The nodes do nothing, except that the job waits at a node that needs a user's approval or selection.
    """
    workflow, context = _workflow_of(request), context_of(request)
    fields_of(request)
    flow = _flow(workflow)
    if workflow.fields.get("status") != "ready" or not flow:
        # [guess] a workflow that is not ready is refused
        raise bad_request(f"{workflow.id} is not ready, or has no flow")
    if is_dry_run(request):
        return dry_run_answer(request, COST)
    generation = Generation(
        type="workflow",
        input=json_body(request),
        cost=COST,
        origin=Origin("txt2img", "txt2img", {}),
        workflow_id=workflow.id,
    )
    job = start_generation(context, generation)
    job.waiting_nodes.update(node["id"] for node in flow if node["type"] in _WAITING)
    return json_answer({"job": job_answer(context, job), "workflow": workflow_answer(context, workflow)})


async def user_approval(request: web.Request) -> web.Response:
    """Approve the result of a run, or reject it, which cancels the run."""
    fields = fields_of(request)
    action = fields.choice("action", ("approve", "reject")) or "approve"
    return _decide(request, fields, "user-approval", rejected=action == "reject")


async def user_selection(request: web.Request) -> web.Response:
    """Select from the results of a run, or reject them, which cancels the run."""
    fields = fields_of(request)
    action = required(fields.choice("action", ("select", "reject")), "action")
    if action == "select" and not fields.array("selectedIndices"):
        # [documented] official package, workflow_user_selection_params: required to select
        raise bad_request("selectedIndices must name what is selected", field="selectedIndices")
    return _decide(request, fields, "user-selection", rejected=action == "reject")


def _decide(request: web.Request, fields: Fields, node_type: str, *, rejected: bool) -> web.Response:
    workflow, context = _workflow_of(request), context_of(request)
    node_id = required(fields.text("nodeId"), "nodeId")
    job_id = required(fields.text("workflowJobId"), "workflowJobId")
    job: Job = find(context.state.jobs, "Job", job_id)
    types = {node["id"]: node["type"] for node in _flow(workflow)}
    if node_id not in job.waiting_nodes or types.get(node_id) != node_type:
        # [guess] a decision is refused if no node waits for it
        raise bad_request(f"{job.id} does not wait for a {node_type} at {node_id}", field="nodeId")
    if rejected:
        cancel(request, job)
    job.waiting_nodes.discard(node_id)
    return json_answer({"job": job_answer(context, job)})


def _given(fields: Fields) -> dict[str, Any]:
    """The fields of an update except pictures and the lock. Every node must have an id and a type."""
    fields.mapping("editorInfo")
    for name in ("description", "name", "shortDescription"):
        fields.text(name)
    fields.choice("privacy", ("private", "public", "unlisted"))
    fields.choice("status", ("draft", "ready"))
    for name in ("outputAssetKinds", "tagSet"):
        fields.texts(name)
    for name in ("id", "type"):
        for node in fields.array("flow") or ():
            required(Fields(node, "each of flow").text(name), name)
    for name in ("name", "type"):
        for entry in fields.array("inputs") or ():
            required(Fields(entry, "each of inputs").text(name), name)
    return fields.given(
        *("description", "editorInfo", "flow", "inputs", "name", "outputAssetKinds", "privacy"),
        *("shortDescription", "status", "tagSet"),
    )


def _flow(workflow: Workflow) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", workflow.fields.get("flow", []))


def _workflow_of(request: web.Request) -> Workflow:
    return find(context_of(request).state.workflows, "Workflow", request.match_info["workflowId"])


def _answer(context: Context, workflow: Workflow) -> web.Response:
    return json_answer({"workflow": workflow_answer(context, workflow)})


ROUTES: Final = (
    web.post("/workflows", create),
    web.get("/workflows", list_all),
    # Before the next route, whose template also matches this path.
    web.get("/workflows/tags", get_tags),
    web.get("/workflows/{workflowId}", retrieve),
    web.put("/workflows/{workflowId}", update),
    web.delete("/workflows/{workflowId}", delete),
    web.put("/workflows/{workflowId}/run", run),
    web.put("/workflows/{workflowId}/user-approval", user_approval),
    web.put("/workflows/{workflowId}/user-selection", user_selection),
)
