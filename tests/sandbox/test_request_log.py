"""What a sandbox tells of the requests that came."""

from __future__ import annotations

from scenario_async.sandbox.request_log import MOST_KEPT, RequestLog

from .wire import Wire


async def test_counts_and_order(wire: Wire) -> None:
    """Requests are counted by route and status and kept in order."""
    model_id = await wire.model()
    asset_id = await wire.asset()
    path = f"/models/{model_id}/training-images"
    for _ in range(2):
        await wire.ask("POST", path, {"assetId": asset_id})
    await wire.ask("GET", "/collections/collection_x")
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
        ("GET /collections/collection_x", 501),
        ("GET /assets/{assetId}", 200),
        ("GET /storage/assets/{assetId}", 200),
        ("GET /elsewhere", 404),
    ]
    assert len(requests) == sum(requests.counts().values()) == 8
    assert [request.path for request in requests][2] == f"/v1{path}"
    assert "POST /assets" in repr(requests)
    requests.clear()
    assert (len(requests), requests["POST /assets"], list(requests)) == (0, 0, [])


async def test_refusals_count(wire: Wire) -> None:
    """A refused request counts too."""
    await wire.fetch("GET", wire.sandbox.base_url + "/models")
    assert wire.sandbox.requests.count("GET /models", 401) == 1


async def test_log_keeps_no_secrets(wire: Wire) -> None:
    """The log keeps no credentials and no signatures."""
    asset_id = await wire.asset()
    url = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]["url"]
    await wire.fetch("GET", url)
    told = repr(list(wire.sandbox.requests))
    assert "signature" not in told
    assert "sandbox-secret" not in told


def test_log_of_a_long_run() -> None:
    """A long run keeps all counts and the latest requests."""
    log = RequestLog()
    for number in range(MOST_KEPT + 5):
        log.answered(log.arrived("GET", "/models", f"/v1/models?{number}"), 200)
    kept = list(log)
    assert (len(log), log["GET /models"], log.count("GET /models", 200)) == (MOST_KEPT + 5,) * 3
    assert len(kept) == MOST_KEPT
    assert kept[-1].path == f"/v1/models?{MOST_KEPT + 4}"
