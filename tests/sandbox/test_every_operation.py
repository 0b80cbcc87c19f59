"""Every documented operation succeeds once with a documented response."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest

from scenario_async.sandbox import Sandbox
from scenario_async.sandbox._internal.routes import API_ROUTES

from .documented import Documented, mismatches, operations
from .wire import data_url, encoded, picture

EVENTS = {"url": "https://example.org/hook", "enabledEvents": ["*"]}
LOOK = {"opacity": 0.25, "placement": "center", "text": "draft"}


@pytest.fixture
async def wire() -> AsyncGenerator[Documented, None]:
    """A client that checks responses, of a sandbox whose jobs end immediately."""
    async with Sandbox(job_duration=0, training_duration=0) as sandbox, aiohttp.ClientSession() as session:
        wire = Documented(sandbox, session)
        wire.asked = set()
        yield wire


def test_every_operation_is_imitated() -> None:
    """The sandbox has a route for every documented operation."""
    assert operations().keys() - API_ROUTES == set()


def test_mismatches_are_found() -> None:
    """A missing field, a wrong type and an undocumented value are reported."""
    job: dict[str, Any] = {"jobId": 1, "jobType": "custom", "createdAt": "", "updatedAt": "", "metadata": {}}
    job |= {"progress": True, "status": "asleep", "statusHistory": [{"date": ""}]}
    assert list(mismatches({"job": job}, "JobResponse", "x")) == [
        "x.job.jobId is not a string: 1",
        "x.job.progress is not a number: True",
        "x.job.status is not a documented value: 'asleep'",
        "x.job.statusHistory[0].status is missing",
    ]


async def test_every_operation(wire: Documented) -> None:
    """Every documented operation can succeed, and its response is as documented."""
    await assets(wire)
    await uploads(wire)
    await collections(wire)
    model_id, job_id = await models(wire)
    await what_belongs_to_models(wire, model_id, job_id)
    await generations(wire)
    await workflows(wire)
    await projects(wire)
    await teams(wire)
    for level in ("projects/proj_sandbox", "teams/team_sandbox"):
        await accounts(wire, level)
    await lists(wire)
    assert operations().keys() - wire.asked == set()


async def assets(wire: Documented) -> None:
    one, other = await wire.asset(), await wire.asset()
    await wire.get("/assets")
    await wire.get(f"/assets/{one}")
    await wire.done("PUT", f"/assets/{one}", {"description": "a fox", "canvas": "{}"})
    await wire.done("PUT", f"/assets/{one}/tags", {"add": ["fox"]})
    await wire.get(f"/assets/{one}/snapshots")
    await wire.done("POST", f"/assets/{one}/copy", {})
    lock = await wire.done("PUT", f"/assets/{one}/lock", {"lockExpiresAt": "2999-01-01T00:00:00Z"})
    await wire.done("PUT", f"/assets/{one}/unlock", {"lockId": lock["lockId"]})
    await wire.done("POST", "/assets/get-bulk", {"assetIds": [one, other]})
    await wire.done("DELETE", "/assets", {"assetIds": [other]})
    await wire.done("POST", "/assets/restore", {"assetIds": [other, one]})
    await wire.done("POST", f"/assets/{one}/download", {})
    query = {"assetIds": [one], "inferenceIds": [], "modelIds": []}
    body = {"query": query, "options": {"fileNameTemplate": "<id>"}}
    job = await wire.done("POST", "/assets/download", body)
    await wire.get(f"/assets/download/{job['jobId']}")


async def uploads(wire: Documented) -> None:
    content = picture()
    fields = {"kind": "image", "fileName": "a", "contentType": "image/png", "parts": 1}
    upload = (await wire.done("POST", "/uploads", {**fields, "fileSize": len(content)}))["upload"]
    await wire.fetch("PUT", upload["parts"][0]["url"], data=io.BytesIO(content))
    await wire.done("POST", f"/uploads/{upload['id']}/action", {"action": "complete"})
    await wire.get(f"/uploads/{upload['id']}")


async def collections(wire: Documented) -> None:
    collection = (await wire.done("POST", "/collections", {"name": "Foxes"}))["collection"]
    path = f"/collections/{collection['id']}"
    asset_id, model_id = await wire.asset(), await wire.model()
    for method in ("PUT", "DELETE"):
        await wire.done(method, f"{path}/assets", {"assetIds": [asset_id]})
        await wire.done(method, f"{path}/models", {"modelIds": [model_id]})
    await wire.get("/collections")
    await wire.get(path)
    await wire.done("PUT", path, {"name": "Red foxes", "thumbnail": asset_id})
    await wire.done("DELETE", path)


async def models(wire: Documented) -> tuple[str, str]:
    """Train a model and generate a picture with it; return their ids."""
    model_id = await wire.model(name="Foxes")
    path = f"/models/{model_id}"
    ids = [await wire.asset() for _ in range(4)]
    await wire.attach(model_id, *ids)
    images = f"{path}/training-images"
    await wire.done("PUT", f"{images}/{ids[0]}", {"data": data_url(picture(shade=3))})
    await wire.done("PUT", f"{images}/pairs", [{"sourceId": ids[1], "targetId": ids[2]}])
    await wire.done("DELETE", f"{images}/{ids[3]}")
    await wire.done("PUT", path, {"name": "Red foxes"})
    await wire.done("PUT", f"{path}/train", {})
    run = "/generate/custom/model_bfl-flux-1-dev"
    job = (await wire.done("POST", run, {"prompt": "a fox", "loras": [model_id]}))["job"]
    await wire.done("GET", "/models/model_bfl-flux-1-dev")
    made = (await wire.get(f"/jobs/{job['jobId']}"))["job"]["metadata"]["assetIds"]
    await wire.done("DELETE", f"{path}/images", params={"ids": made})
    await wire.get(path)
    await wire.get("/models")
    await wire.done("POST", "/models/get-bulk", {"modelIds": [model_id]})
    await wire.done("POST", f"{path}/copy", {"copyAsTrained": True})
    await wire.done("POST", f"{path}/download", {})
    await wire.done("POST", f"{path}/transfer", {"destinationProjectId": "proj_sandbox"})
    await wire.done("DELETE", path)
    await wire.done("POST", f"{path}/restore")

    wire.sandbox.job_duration = wire.sandbox.training_duration = 10
    other = await wire.model()
    await wire.attach(other, ids[1])
    await wire.done("PUT", f"/models/{other}/train", {})
    await wire.done("POST", f"/models/{other}/train/action", {"action": "cancel"})
    slow = (await wire.done("POST", "/generate/detect", {"image": ids[1], "modality": "canny"}))["job"]
    await wire.done("POST", f"/jobs/{slow['jobId']}/action", {"action": "cancel"})
    wire.sandbox.job_duration = wire.sandbox.training_duration = 0
    return model_id, job["jobId"]


async def what_belongs_to_models(wire: Documented, model_id: str, job_id: str) -> None:
    path = f"/models/{model_id}"
    await wire.done("PUT", f"{path}/tags", {"add": ["fox"]})
    await wire.done("PUT", f"{path}/examples", {"assetIds": [await wire.asset()]})
    await wire.get(f"{path}/examples")
    for name, field in (("description", "description"), ("prompt-guide", "promptGuide")):
        await wire.done("PUT", f"{path}/{name}", {field: "about foxes"})
        await wire.get(f"{path}/{name}")
    preset = (await wire.done("POST", f"{path}/presets", {"inferenceId": job_id}))["preset"]
    await wire.get(f"{path}/presets")
    await wire.done("PUT", f"{path}/presets/{preset['id']}", {"isDefault": True})
    await wire.done("DELETE", f"{path}/presets/{preset['id']}")
    await wire.get(f"{path}/scores/prompt?prompt=a+fox")
    await wire.get(f"{path}/scores/training-dataset")


async def generations(wire: Documented) -> None:
    asset_id = await wire.asset()
    for kind, body in {
        "caption": {"images": [asset_id]},
        "describe-style": {"images": [data_url(picture())]},
        "detect": {"image": asset_id, "modality": "canny"},
        "embed": {"text": "a fox"},
        "ip-detection": {"assetIds": [asset_id, "asset_x"]},
        "patch": {"image": asset_id},
        "prompt": {"mode": "completion", "prompt": "a fox", "numResults": 2},
        "quality-gate": {"image": asset_id},
        "translate": {"prompt": "a fox"},
    }.items():
        await wire.done("POST", f"/generate/{kind}", body)


async def workflows(wire: Documented) -> None:
    path = "/workflows"
    workflow = (await wire.done("POST", path, {"name": "Foxes", "description": "red ones"}))["workflow"]
    path = f"/workflows/{workflow['id']}"
    flow = [{"id": "look", "type": "user-approval"}, {"id": "choose", "type": "user-selection"}]
    shown = {"thumbnail": await wire.asset()}
    await wire.done("PUT", path, {"flow": flow, "status": "ready", "tagSet": ["fox"], **shown})
    await wire.get(path)
    await wire.get("/workflows/tags")
    await wire.get("/workflows?full=true")
    await wire.done("POST", "/search/workflows", {"query": "fox"})
    run = (await wire.done("PUT", f"{path}/run", {}))["job"]["jobId"]
    await wire.done("PUT", f"{path}/user-approval", {"nodeId": "look", "workflowJobId": run})
    choice = {"nodeId": "choose", "workflowJobId": run, "action": "select", "selectedIndices": [0]}
    await wire.done("PUT", f"{path}/user-selection", choice)
    await wire.done("DELETE", path)


async def projects(wire: Documented) -> None:
    project = (await wire.done("POST", "/projects", {"name": "Foxes"}))["project"]
    path = f"/projects/{project['id']}"
    await wire.done("POST", f"{path}/members", {"userId": "user_1", "role": "editor"})
    await wire.done("PUT", f"{path}/members/user_1", {"role": "admin"})
    key = await wire.done("POST", f"{path}/api-keys", {"name": "mine"})
    await wire.get("/projects")
    await wire.get("/teams/team_sandbox")
    await wire.done("DELETE", f"{path}/members/user_1")
    await wire.done("DELETE", f"{path}/api-keys/{key['id']}")
    for what in ("instructions", "memory"):
        await wire.done("PUT", f"{path}/{what}", {"content": "foxes are red"})
        await wire.get(f"{path}/{what}")
    await wire.done("PUT", path, {"name": "Red foxes", "avatarAssetId": await wire.asset()})
    await wire.get(path)
    await wire.done("DELETE", path)


async def teams(wire: Documented) -> None:
    path = "/teams/team_sandbox"
    for email in ("fox@sandbox.invalid", "fox@example.org"):
        await wire.done("POST", f"{path}/members", {"email": email})
    (member,) = (await wire.get(path))["team"]["users"]
    await wire.done("PUT", f"{path}/members/{member['id']}", {"role": "admin", "maxConsumption": 5})
    await wire.done("DELETE", f"{path}/members/{member['id']}")
    await wire.done("DELETE", f"{path}/invitations?email=fox@example.org")
    body = {"name": "Foxes", "category": "custom"}
    made = (await wire.done("POST", f"{path}/ip-filters", body))["filter"]
    await wire.get(f"{path}/ip-filters")
    await wire.done("POST", f"{path}/ip-filters/draft-instruction", {"assetIds": [await wire.asset()]})
    await wire.done("PUT", f"{path}/ip-filters/{made['id']}", {"enabled": False})
    await wire.done("DELETE", f"{path}/ip-filters/{made['id']}")
    await wire.done("PUT", path, {"name": "Foxes"})
    await wire.get("/teams")
    await wire.get(f"{path}/limits")


async def accounts(wire: Documented, level: str) -> None:
    path = f"/{level}"
    await wire.done("PUT", f"{path}/brief", {"body": "foxes only"})
    await wire.get(f"{path}/brief")
    await wire.done("DELETE", f"{path}/brief")
    await wire.done("PUT", f"{path}/watermark", {"enabled": True, **LOOK})
    await wire.done("PUT", f"{path}/watermark/logo", {"logo": data_url(picture())})
    await wire.get(f"{path}/watermark")
    await wire.done("DELETE", f"{path}/watermark/logo")
    await wire.done("POST", f"{path}/watermark/preview", LOOK)
    await wire.done("DELETE", f"{path}/watermark")
    endpoint = (await wire.done("POST", f"{path}/webhook-endpoints", EVENTS))["webhookEndpoint"]
    await wire.get(f"{path}/webhook-endpoints")
    hook = f"{path}/webhook-endpoints/{endpoint['id']}"
    await wire.done("PUT", hook, {"enabled": True})
    await wire.done("POST", "/generate/detect", {"image": await wire.asset(), "modality": "depth"})
    event, _ = (await wire.get(f"{hook}/events"))["items"]
    await wire.get(f"{hook}/events/{event['id']}")
    await wire.done("DELETE", hook)


async def lists(wire: Documented) -> None:
    await wire.get("/jobs")
    await wire.get("/tags")
    await wire.get("/usages")
    await wire.get("/oscu/prices")
    await wire.get("/recommendations/models")
    for what in ("assets", "models"):
        await wire.done("POST", f"/search/{what}", {"query": "", "limit": 50})
    assert (await wire.ask("POST", "/assets", {"name": "a", "image": encoded(picture())})).status == 200
