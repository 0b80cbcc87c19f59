"""Workflows, projects and teams."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image

from .wire import Wire, data_url, picture

LEVELS = pytest.mark.parametrize("level", ["projects/proj_sandbox", "teams/team_sandbox"])


async def ready_workflow(wire: Wire, *nodes: str) -> str:
    """A ready workflow with nodes of these types; return its path."""
    workflow = (await wire.ask("POST", "/workflows", {"name": "Foxes", "description": ""})).body["workflow"]
    path = f"/workflows/{workflow['id']}"
    assert (await wire.ask("PUT", f"{path}/run", {})).status == 400
    flow = [{"id": str(number), "type": node} for number, node in enumerate(nodes)]
    assert (await wire.ask("PUT", path, {"flow": flow, "status": "ready"})).status == 200
    return path


async def test_a_run_waits_for_approval(wire: Wire) -> None:
    """A run waits without a time limit until it is approved, and then creates a picture."""
    path = await ready_workflow(wire, "model", "user-approval")
    assert (await wire.ask("PUT", f"{path}/run?dryRun=true", {})).status == 269
    job = (await wire.ask("PUT", f"{path}/run", {})).body["job"]
    wire.sandbox.advance_clock(1000)
    assert (await wire.ask("GET", f"/jobs/{job['jobId']}")).body["job"]["status"] == "in-progress"
    decision = {"nodeId": "0", "workflowJobId": job["jobId"]}
    assert (await wire.ask("PUT", f"{path}/user-approval", decision)).status == 400
    answer = await wire.ask("PUT", f"{path}/user-approval", {**decision, "nodeId": "1"})
    assert (answer.body["job"]["status"], len(answer.body["job"]["metadata"]["assetIds"])) == ("success", 1)


async def test_a_rejected_run_is_canceled(wire: Wire) -> None:
    """A run whose selection is rejected is canceled."""
    path = await ready_workflow(wire, "user-selection")
    job = (await wire.ask("PUT", f"{path}/run", {})).body["job"]
    decision = {"nodeId": "0", "workflowJobId": job["jobId"], "action": "select"}
    assert (await wire.ask("PUT", f"{path}/user-selection", decision)).status == 400
    answer = await wire.ask("PUT", f"{path}/user-selection", {**decision, "action": "reject"})
    assert answer.body["job"]["status"] == "canceled"


async def test_a_locked_workflow(wire: Wire) -> None:
    """A locked workflow can be changed only with `bypassLock` or after it is unlocked."""
    path = await ready_workflow(wire, "model")
    await wire.ask("PUT", path, {"isLocked": True})
    for body, status in (({}, 403), ({"bypassLock": True}, 200), ({"isLocked": False}, 200), ({}, 200)):
        assert (await wire.ask("PUT", path, {"name": "new", **body})).status == status


async def test_workflows_are_listed_by_status_and_tags(wire: Wire) -> None:
    """Workflows can be filtered by status and tags; flows are listed only if requested."""
    path = await ready_workflow(wire, "model")
    await wire.ask("PUT", path, {"tagSet": ["fox", "red"]})
    await wire.ask("POST", "/workflows", {"name": "other", "description": ""})

    async def listed(query: str) -> list[Any]:
        workflows: list[Any] = (await wire.ask("GET", f"/workflows?{query}")).body["workflows"]
        return workflows

    assert len(await listed("")) == 2
    assert ["flow" in one for one in await listed("status=ready")] == [False]
    assert ["flow" in one for one in await listed("tags=fox,red&full=true")] == [True]
    assert await listed("tags=fox,blue") == []
    assert (await wire.ask("GET", "/workflows/tags?status=draft")).body == {"tags": []}


@LEVELS
async def test_documents(wire: Wire, level: str) -> None:
    """A brief and a watermark do not exist until they are created, and can be changed partly."""
    for what, first, second in (
        ("brief", {"body": "foxes", "sensitivity": "low"}, {"body": "deer"}),
        ("watermark", {"enabled": True, "opacity": 0.25}, {"enabled": False}),
    ):
        path = f"/{level}/{what}"
        assert (await wire.ask("GET", path)).status == 404
        await wire.ask("PUT", path, first)
        answer = await wire.ask("PUT", path, second)
        assert answer.body[what].items() >= {**first, **second}.items()
        assert (await wire.ask("GET", path)).body == answer.body
        deletions = [(await wire.ask("DELETE", path)).body["deleted"] for _ in range(2)]
        assert deletions == [True, False]


@LEVELS
async def test_watermarks(wire: Wire, level: str) -> None:
    """A logo can be added and removed, and a preview is a picture."""
    path = f"/{level}/watermark"
    given = await wire.ask("PUT", f"{path}/logo", {"logo": data_url(picture())})
    taken = await wire.ask("DELETE", f"{path}/logo")
    assert ["logoKey" in answer.body["watermark"] for answer in (given, taken)] == [True, False]
    image = (await wire.ask("POST", f"{path}/preview", {"opacity": 0.5})).body["image"]
    with Image.open(io.BytesIO(base64.b64decode(image.partition(",")[2]))) as decoded:
        decoded.load()
    for opacity, status in ((2, 400), (0.04, 400), (0.05, 200), (1, 200)):
        assert (await wire.ask("POST", f"{path}/preview", {"opacity": opacity})).status == status


@LEVELS
async def test_webhook_endpoints(wire: Wire, level: str) -> None:
    """An endpoint's secret is returned once, and a disabled endpoint gets no events."""
    path = f"/{level}/webhook-endpoints"
    for name, value in (("url", "nowhere"), ("enabledEvents", ["fox.seen"]), ("enabledEvents", [])):
        body: dict[str, Any] = {"url": "https://example.org", "enabledEvents": ["*"], name: value}
        assert (await wire.ask("POST", path, body)).status == 400
    body = {"url": "https://example.org", "enabledEvents": ["*"]}
    made = (await wire.ask("POST", path, body)).body["webhookEndpoint"]
    (listed,) = (await wire.ask("GET", path)).body["webhookEndpoints"]
    assert made.keys() - listed.keys() == {"secret"}
    await wire.ask("PUT", f"{path}/{made['id']}", {"enabled": False})
    await wire.ask("POST", "/generate/detect", {"image": await wire.asset(), "modality": "pose"})
    assert (await wire.ask("GET", f"{path}/{made['id']}/events")).body == {"items": []}


async def test_projects(wire: Wire) -> None:
    """A project lists its members and keys; only the sandbox's own project cannot be deleted."""
    project = (await wire.ask("POST", "/projects", {"name": "Foxes"})).body["project"]
    path = f"/projects/{project['id']}"
    await wire.ask("POST", f"{path}/members", {"userId": "user_1", "role": "editor"})
    key = (await wire.ask("POST", f"{path}/api-keys", {"name": "mine"})).body
    shown = (await wire.ask("GET", path)).body["project"]
    assert ([one["id"] for one in shown["users"]], [one["id"] for one in shown["keys"]]) == (
        ["user_1"],
        [key["id"]],
    )
    assert key["secret"] not in str(shown)
    model_id = await wire.model()
    body = {"destinationProjectId": project["id"]}
    moved = await wire.ask("POST", f"/models/{model_id}/transfer", body)
    assert moved.body["model"]["ownerId"] == project["id"]
    assert (await wire.ask("DELETE", path)).status == 200
    assert (await wire.ask("DELETE", "/projects/proj_sandbox")).status == 400


async def test_memory(wire: Wire) -> None:
    """A project keeps its memory until it is cleared."""
    path = "/projects/proj_sandbox/memory"
    written = (await wire.ask("PUT", path, {"content": "Füchse"})).body["memory"]
    assert (written["sizeBytes"], (await wire.ask("GET", path)).body["memory"]) == (7, written)
    assert (await wire.ask("PUT", path, {})).body == {}
    assert (await wire.ask("GET", path)).status == 404


async def test_invitations(wire: Wire) -> None:
    """An invited user is listed as invited until the invitation is withdrawn."""
    path = "/teams/team_sandbox"
    email = {"email": "fox@example.org"}
    answers = [await wire.ask("POST", f"{path}/members", email) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 400]
    assert answers[0].body["team"]["context"]["invitationsCount"] == 1
    statuses = [(await wire.ask("DELETE", f"{path}/invitations", params=email)).status for _ in range(2)]
    assert statuses == [200, 404]
