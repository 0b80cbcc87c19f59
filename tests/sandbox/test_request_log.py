"""The sandbox's log of requests."""

from __future__ import annotations

import io
from contextlib import nullcontext

import aiohttp
import pytest

from scenario_async.sandbox import Faults, Rule
from scenario_async.sandbox._internal.faults.rules import MOST_KEPT
from scenario_async.sandbox._internal.request_log import RequestLog
from scenario_async.sandbox.faults import Drop, ServerError

from .wire import Wire, picture


async def test_counts_and_order(wire: Wire) -> None:
    """Requests are counted by route and status and kept in order."""
    model_id = await wire.model()
    asset_id = await wire.asset()
    path = f"/models/{model_id}/training-images"
    for _ in range(2):
        await wire.ask("POST", path, {"assetId": asset_id})
    await wire.ask("GET", "/unheard-of/thing")
    url = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]["url"]
    await wire.fetch("GET", url)
    await wire.fetch("GET", wire.sandbox.base_url.replace("/v1", "/elsewhere"))

    requests = wire.sandbox.requests
    assert requests["POST /models/{modelId}/training-images"] == 2
    assert requests.count("POST /models/{modelId}/training-images") == 2
    assert requests.count("POST /models/{modelId}/training-images", 200) == 1
    assert requests.count("POST /models/{modelId}/training-images", 400) == 1
    assert requests["POST /models/{modelId}/train"] == 0
    assert [(request.key, request.status) for request in requests] == [
        ("POST /models", 200),
        ("POST /assets", 200),
        ("POST /models/{modelId}/training-images", 200),
        ("POST /models/{modelId}/training-images", 400),
        ("GET /unheard-of/thing", 501),
        ("GET /assets/{assetId}", 200),
        ("GET /storage/assets/{assetId}", 200),
        ("GET /elsewhere", 404),
    ]
    assert len(requests) == sum(requests.counts().values()) == 8
    assert [request.path for request in requests][2] == f"/v1{path}"
    assert "POST /assets" in repr(requests)
    requests.clear()
    assert (len(requests), requests["POST /assets"], list(requests)) == (0, 0, [])


async def test_changes_are_counted_separately(wire: Wire) -> None:
    """Lookups, refusals, dry runs and repetitions do not count as changes."""
    model_id, asset_id = await wire.model(), await wire.asset()
    path = f"/models/{model_id}/training-images"
    for _ in range(3):
        await wire.ask("POST", path, {"assetId": asset_id})
    content = picture()
    size = len(content)
    fields = {"kind": "image", "fileName": "a", "contentType": "image/png", "fileSize": size, "parts": 1}
    await wire.ask("POST", "/uploads?dryRun=true", fields)
    upload = (await wire.ask("POST", "/uploads", fields)).body["upload"]
    await wire.fetch("PUT", upload["parts"][0]["url"], data=io.BytesIO(content))
    for _ in range(2):
        await wire.ask("POST", f"/uploads/{upload['id']}/action", {"action": "complete"})
    await wire.ask("GET", f"/uploads/{upload['id']}")
    await wire.ask("PUT", f"/assets/{asset_id}", {"description": "a fox"})
    await wire.ask("DELETE", f"{path}/{asset_id}")
    await wire.ask("DELETE", f"{path}/{asset_id}")

    requests = wire.sandbox.requests
    assert requests.changes == {
        "POST /models": 1,
        "POST /assets": 1,
        "POST /models/{modelId}/training-images": 1,
        "POST /uploads": 1,
        "PUT /storage/parts/{uploadId}/{number}": 1,
        "POST /uploads/{uploadId}/action": 1,
        "PUT /assets/{assetId}": 1,
        "DELETE /models/{modelId}/training-images/{trainingImageId}": 1,
    }
    assert requests.changes["GET /models"] == 0
    assert requests.counts()["POST /models/{modelId}/training-images"] == 3
    assert sum(request.changed for request in requests) == requests.changes.total()
    requests.clear()
    assert not requests.changes


async def test_the_log_has_the_outcome_without_the_fault(wire: Wire) -> None:
    """The log has both the result of the service and the response to the client."""
    wire.sandbox.faults = Faults(
        Rule(ServerError(504, "after"), times=1),
        Rule(Drop("after"), times=1),
        Rule(ServerError(504, "before"), times=1),
    )
    for number in range(4):
        with nullcontext() if number != 1 else pytest.raises(aiohttp.ServerDisconnectedError):
            await wire.ask("POST", "/models", {"name": str(number)})
    assert [(request.status, request.outcome, request.changed) for request in wire.sandbox.requests] == [
        (504, 200, True),
        (None, 200, True),
        (504, None, False),
        (200, 200, True),
    ]
    assert wire.sandbox.requests.changes == {"POST /models": 3}
    assert wire.sandbox.requests.count("POST /models", 504) == 2
    assert [model.name for model in wire.sandbox.state.models.values()] == ["0", "1", "3"]


async def test_refusals_count(wire: Wire) -> None:
    """A refused request counts too."""
    await wire.fetch("GET", wire.sandbox.base_url + "/models")
    assert wire.sandbox.requests.count("GET /models", 401) == 1


async def test_log_keeps_no_secrets(wire: Wire) -> None:
    """The log keeps no credentials and no signatures."""
    asset_id = await wire.asset()
    url = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]["url"]
    await wire.fetch("GET", url)
    shown = repr(list(wire.sandbox.requests))
    assert "signature" not in shown
    assert "sandbox-secret" not in shown


def test_log_of_a_long_run() -> None:
    """After a long run the log has all counts and the latest requests."""
    log = RequestLog()
    for number in range(MOST_KEPT + 5):
        log.answered(log.arrived("GET", "/models", f"/v1/models?{number}"), 200)
    kept = list(log)
    assert (len(log), log["GET /models"], log.count("GET /models", 200)) == (MOST_KEPT + 5,) * 3
    assert len(kept) == MOST_KEPT
    assert kept[-1].path == f"/v1/models?{MOST_KEPT + 4}"
