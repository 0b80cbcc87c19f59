"""Collections, tags, locks, copies, downloads and search of assets and models."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from .wire import Wire, picture, running


async def asset(wire: Wire, asset_id: str) -> Any:
    """Get an asset."""
    return (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]


async def test_collections(wire: Wire) -> None:
    """A collection counts its members, and each member names the collection; no member is in it twice."""
    collection = (await wire.ask("POST", "/collections", {"name": "Foxes"})).body["collection"]
    path = f"/collections/{collection['id']}"
    one, other, model_id = await wire.asset(), await wire.asset(), await wire.model()
    for refused_ids in ([one, one], [one] * 50):
        assert (await wire.ask("PUT", f"{path}/assets", {"assetIds": refused_ids})).status == 400
    assert (await wire.ask("PUT", f"{path}/assets", {"assetIds": [one, other]})).status == 200
    assert (await wire.ask("PUT", f"{path}/assets", {"assetIds": [other]})).status == 400
    answer = (await wire.ask("PUT", f"{path}/models", {"modelIds": [model_id]})).body["collection"]
    assert (answer["assetCount"], answer["modelCount"], answer["itemCount"]) == (2, 1, 3)
    assert (await asset(wire, one))["collectionIds"] == [collection["id"]]
    refused = await wire.ask("DELETE", f"{path}/assets", {"assetIds": [one, "asset_x"]})
    assert refused.status == 404
    await wire.ask("DELETE", f"{path}/assets", {"assetIds": [one]})
    await wire.ask("DELETE", "/assets", {"assetIds": [other]})
    assert (await wire.ask("GET", path)).body["collection"]["assetCount"] == 0
    body = {"name": "in.png", "image": "", "collectionIds": [collection["id"]]}
    assert (await wire.ask("POST", "/assets", body)).status == 400
    assert (await wire.model(collectionIds=[collection["id"]])) in wire.sandbox.state.models
    assert (await wire.ask("DELETE", path)).status == 200
    assert (await wire.ask("GET", path)).status == 404
    assert (await wire.ask("GET", f"/models/{model_id}")).body["model"]["collectionIds"] == []


async def test_tags(wire: Wire) -> None:
    """Tags can be added and removed, and the list counts the assets and models of each tag."""
    asset_id, model_id = await wire.asset(), await wire.model()
    for path in (f"/assets/{asset_id}", f"/models/{model_id}"):
        answer = await wire.ask("PUT", f"{path}/tags", {"add": ["fox", "red", "fox"]})
        assert answer.body == {"added": ["fox", "red"], "deleted": []}
    path = f"/assets/{asset_id}/tags"
    answer = await wire.ask("PUT", path, {"add": ["fox"], "delete": ["red", "blue"]})
    assert answer.body == {"added": [], "deleted": ["red"]}
    for refused in ({"add": ["fox"], "strict": True}, {"add": ["a"], "delete": ["a"]}):
        assert (await wire.ask("PUT", path, refused)).status == 400
    tags = (await wire.ask("GET", "/tags")).body["tags"]
    assert {tag["tagName"]: tag["itemCount"] for tag in tags} == {"fox": 2, "red": 1}
    assert (await asset(wire, asset_id))["tags"] == ["fox"]


async def test_locks(wire: Wire) -> None:
    """A locked asset can be changed, unlocked and deleted only with the lock's id, until the lock expires."""
    asset_id = await wire.asset()
    path, until = f"/assets/{asset_id}", (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    lock_id = (await wire.ask("PUT", f"{path}/lock", {"lockExpiresAt": until})).body["lockId"]
    assert (await wire.ask("PUT", f"{path}/lock", {"lockExpiresAt": until})).status == 400
    for body, status in (({}, 403), ({"lockId": "lock_x"}, 403), ({"lockId": lock_id}, 200)):
        assert (await wire.ask("PUT", path, {"name": "new", **body})).status == status
    assert (await wire.ask("DELETE", "/assets", {"assetIds": [asset_id]})).status == 403
    assert (await wire.ask("PUT", f"{path}/unlock", {})).status == 403
    assert (await wire.ask("PUT", f"{path}/unlock", {"forceUnlock": True})).status == 200
    assert (await wire.ask("PUT", path, {"name": "newer"})).status == 200
    await wire.ask("PUT", f"{path}/lock", {"lockExpiresAt": until})
    wire.sandbox.advance_clock(3601)
    assert (await wire.ask("PUT", path, {"name": "newest"})).status == 200


@pytest.mark.parametrize("until", ["soon", "2999-01-01T00:00:00", "2001-01-01T00:00:00Z"])
async def test_refused_locks(wire: Wire, until: str) -> None:
    """A lock needs a valid time in the future."""
    asset_id = await wire.asset()
    assert (await wire.ask("PUT", f"/assets/{asset_id}/lock", {"lockExpiresAt": until})).status == 400


async def test_snapshots(wire: Wire) -> None:
    """Each canvas creates a snapshot, unless the request says otherwise."""
    path = f"/assets/{await wire.asset()}"
    for canvas, silent in (("one", False), ("two", True), ("three", False)):
        await wire.ask("PUT", path, {"canvas": canvas, "disableSnapshot": silent})
    snapshots = (await wire.ask("GET", f"{path}/snapshots")).body["snapshots"]
    assert [snapshot["rawData"] for snapshot in snapshots] == ["three", "one"]


async def test_restore(wire: Wire) -> None:
    """A restored asset returns to its place in the list.

    An asset that cannot be restored is skipped with a reason.
    """
    ids = [await wire.asset() for _ in range(3)]
    await wire.ask("DELETE", "/assets", {"assetIds": [ids[1]]})
    answer = await wire.ask("POST", "/assets/restore", {"assetIds": [ids[1], ids[0], "asset_x"]})
    assert answer.body["restoredAssetIds"] == [ids[1]]
    assert [one["reason"] for one in answer.body["skippedAssets"]] == ["not-deleted", "not-found"]
    assert [one["id"] for one in (await wire.ask("GET", "/assets")).body["assets"]] == ids[::-1]
    model_id = await wire.model()
    await wire.ask("DELETE", f"/models/{model_id}")
    statuses = [(await wire.ask("POST", f"/models/{model_id}/restore")).status for _ in range(2)]
    assert statuses == [200, 400]


async def test_bulk_and_copies(wire: Wire) -> None:
    """Several assets are returned in the requested order; a copy is another asset with the same picture."""
    one, other = await wire.asset(), await wire.asset()
    body = {"assetIds": [other, "asset_x", one]}
    found = (await wire.ask("POST", "/assets/get-bulk", body)).body["assets"]
    assert [asset["id"] for asset in found] == [other, one]
    copied = (await wire.ask("POST", f"/assets/{one}/copy", {})).body["asset"]
    assert (copied["id"] != one, copied["metadata"]["originalAssetId"]) == (True, one)
    original = (await wire.fetch("GET", (await asset(wire, one))["url"])).content
    assert (await wire.fetch("GET", copied["url"])).content == original
    assert (await wire.ask("POST", f"/assets/{one}/copy", {"targetProjectId": "proj_x"})).status == 404


async def test_download_of_many() -> None:
    """A batch creates a real ZIP with the pictures, whose URL is returned at its end, and expires."""
    async with running(job_duration=100, download_url_lifetime=100) as wire:
        contents = [picture(shade=shade) for shade in (1, 2)]
        ids = [await wire.asset(content, name="fox/red.png") for content in contents]
        for asset_id in ids:
            await wire.ask("PUT", f"/assets/{asset_id}", {"description": "red fox"})
        query = {"assetIds": ids, "inferenceIds": [], "modelIds": []}
        body = {
            "query": query,
            "options": {"fileNameTemplate": "foxes/<num>-<description>-<num>", "archiveName": "Füchse"},
        }
        unknown = {"query": query, "options": {"fileNameTemplate": "{name}<index>"}}
        assert (await wire.ask("POST", "/assets/download", unknown)).status == 400
        job_id = (await wire.ask("POST", "/assets/download", body)).body["jobId"]
        status = (await wire.ask("GET", f"/assets/download/{job_id}")).body
        assert status == {"jobId": job_id, "jobStatus": "queued"}
        wire.sandbox.advance_clock(100)
        status = (await wire.ask("GET", f"/assets/download/{job_id}")).body
        archive = await wire.fetch("GET", status["downloadUrl"])
        assert "F%C3%BCchse.zip" in archive.headers["Content-Disposition"]
        with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
            assert opened.namelist() == ["foxes/1-red fox-.png", "foxes/2-red fox-.png"]
            assert [opened.read(name) for name in opened.namelist()] == contents
        wire.sandbox.advance_clock(101)
        assert (await wire.fetch("GET", status["downloadUrl"])).status == 403


async def test_download_of_one(wire: Wire) -> None:
    """An asset can be downloaded unchanged; conversions are not supported."""
    content = picture()
    asset_id = await wire.asset(content)
    answer = await wire.ask("POST", f"/assets/{asset_id}/download", {"targetFormat": "png"})
    assert answer.body["mimeType"] == "image/png"
    assert (await wire.fetch("GET", answer.body["url"])).content == content
    converted = await wire.ask("POST", f"/assets/{asset_id}/download", {"targetFormat": "webp"})
    assert converted.status == 501


async def test_search(wire: Wire) -> None:
    """All words must match, in any case; offsets and pages select from the same list."""
    names = ["red fox", "Red Deer", "blue fox", "another red fox"]
    ids = {name: await wire.asset(name=name) for name in names}

    async def found(**body: Any) -> tuple[list[str], int]:
        answer = (await wire.ask("POST", "/search/assets", body)).body
        return [hit["id"] for hit in answer["hits"]], answer["estimatedTotalHits"]

    foxes = [ids["another red fox"], ids["blue fox"], ids["red fox"]]
    assert await found(query="FOX") == (foxes, 3)
    assert await found(query="red fox") == ([foxes[0], foxes[2]], 2)
    assert await found(query="fox", offset=1, limit=1) == ([foxes[1]], 3)
    assert await found(query="fox", page=2, hitsPerPage=2) == ([foxes[2]], 3)
    assert await found(query="fox", public=True) == ([], 0)
    for body, status in (({"filter": "a = b"}, 501), ({"page": 1, "offset": 1}, 400)):
        assert (await wire.ask("POST", "/search/assets", body)).status == status
    model_id = await wire.model(name="Foxes", shortDescription="red ones")
    (hit,) = (await wire.ask("POST", "/search/models", {"query": "red foxes"})).body["hits"]
    assert hit["id"] == model_id


async def test_the_documented_number_of_ids_is_accepted(wire: Wire) -> None:
    """The documented maximum is accepted, and one more is refused."""
    model_id, collection = await wire.model(), await wire.ask("POST", "/collections", {"name": "foxes"})
    inside = f"/collections/{collection.body['collection']['id']}"
    state = wire.sandbox.state
    seen = state.assets[await wire.asset()].picture
    ids = [state.add_asset(seen, name=None).id for _ in range(201)]
    models = [state.add_model(name="fox", type="flux.1-lora").id for _ in range(50)]
    limits: list[tuple[str, str, str, list[str], int]] = [
        ("POST", "/assets/get-bulk", "assetIds", ids, 200),
        ("PUT", f"/models/{model_id}/examples", "assetIds", ids, 150),
        *((method, f"{inside}/assets", "assetIds", ids, 49) for method in ("PUT", "DELETE")),
        *((method, f"{inside}/models", "modelIds", models, 49) for method in ("PUT", "DELETE")),
    ]
    for method, path, field, named, most in limits:
        statuses = [
            (await wire.ask(method, path, {field: named[:number]})).status for number in (most + 1, most)
        ]
        assert statuses == [400, 200], (method, path)


async def test_usages_of_an_unknown_type_are_all_usages(wire: Wire) -> None:
    """This is documented, and so are several types separated by commas."""
    every = (await wire.ask("GET", "/usages")).body.keys()
    assert (await wire.ask("GET", "/usages?type=foxes")).body.keys() == every
    assert (await wire.ask("GET", "/usages?type=usages,activity")).body.keys() == {"usages", "activity"}
