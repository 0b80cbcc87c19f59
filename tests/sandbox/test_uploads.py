"""Multipart uploads, from the presigned URLs to the asset."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scenario_async.sandbox._internal.routes.uploads import SMALLEST_PART

from .wire import Wire, picture, running

FIELDS = {"kind": "image", "fileName": "fox.png", "contentType": "image/png"}
REQUIRED = {
    "authorId", "createdAt", "fileName", "id", "kind", "ownerId", "source", "status", "updatedAt",
}  # fmt: skip


async def begin(wire: Wire, size: int, parts: int = 1, **fields: Any) -> dict[str, Any]:
    """Begin an upload."""
    answer = await wire.ask("POST", "/uploads", {**FIELDS, "fileSize": size, "parts": parts, **fields})
    assert answer.status == 200, answer
    upload: dict[str, Any] = answer.body["upload"]
    return upload


async def put(wire: Wire, upload: dict[str, Any], *contents: bytes) -> None:
    """Send contents to the first part URLs."""
    for part, content in zip(upload["parts"], contents, strict=False):
        assert (await wire.fetch("PUT", part["url"], data=io.BytesIO(content))).status == 200


async def complete(wire: Wire, upload: dict[str, Any]) -> dict[str, Any]:
    """Complete an upload."""
    answer = await wire.ask("POST", f"/uploads/{upload['id']}/action", {"action": "complete"})
    assert answer.status == 200, answer
    answered: dict[str, Any] = answer.body["upload"]
    return answered


async def look(wire: Wire, upload: dict[str, Any]) -> dict[str, Any]:
    """Get an upload."""
    answer = await wire.ask("GET", f"/uploads/{upload['id']}")
    assert answer.status == 200
    answered: dict[str, Any] = answer.body["upload"]
    return answered


def large(size: int) -> bytes:
    """A readable TIFF of the given size; readers skip the bytes after its picture."""
    content = picture("TIFF")
    return content + bytes(size - len(content))


async def test_new_upload(wire: Wire) -> None:
    """A new upload has a URL for each part."""
    upload = await begin(wire, 1000, parts=3)
    assert upload.keys() >= REQUIRED
    assert {name: upload[name] for name in FIELDS} == FIELDS
    assert (upload["status"], upload["source"], upload["partsCount"]) == ("pending", "multipart", 3)
    assert [part["number"] for part in upload["parts"]] == [1, 2, 3]
    origin = wire.sandbox.base_url.removesuffix("/v1")
    for part in upload["parts"]:
        assert part["url"].startswith(f"{origin}/storage/parts/{upload['id']}/{part['number']}?")
        left = datetime.fromisoformat(part["expires"]) - datetime.now(UTC)
        assert timedelta(minutes=59) < left <= timedelta(hours=1)
    assert (await look(wire, upload))["parts"] == upload["parts"]


async def test_upload_in_three_parts(wire: Wire) -> None:
    """Three parts become one asset; each step has its status."""
    content = large(2 * SMALLEST_PART + 1000)
    upload = await begin(wire, len(content), parts=3, contentType="image/tiff", assetOptions={"hide": True})
    parts = [content[start : start + SMALLEST_PART] for start in range(0, len(content), SMALLEST_PART)]
    # The order does not matter, because the URL has the number.
    for part, piece in reversed(list(zip(upload["parts"], parts, strict=True))):
        assert (await wire.fetch("PUT", part["url"], data=io.BytesIO(piece))).status == 200

    seen = [await complete(wire, upload), *[await look(wire, upload) for _ in range(3)]]
    assert [one["status"] for one in seen] == ["validating", "validated", "imported", "imported"]
    assert [("entityId" in one, "parts" in one) for one in seen[:2]] == [(False, False)] * 2

    asset_id = seen[-1]["entityId"]
    asset = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]
    assert (asset["metadata"]["name"], asset["mimeType"], asset["isHidden"]) == (
        "fox.png",
        "image/tiff",
        True,
    )
    assert (await wire.fetch("GET", asset["url"])).content == content
    assert not wire.sandbox.state.uploads[upload["id"]].parts


async def test_attach_upload(wire: Wire) -> None:
    """An uploaded asset can be attached."""
    content = picture()
    upload = await begin(wire, len(content), kind="asset")
    await put(wire, upload, content)
    await complete(wire, upload)
    await look(wire, upload)
    asset_id = (await look(wire, upload))["entityId"]
    model_id = await wire.model()
    await wire.attach(model_id, asset_id)
    assert await wire.training_set(model_id) == [asset_id]


async def test_complete_again(wire: Wire) -> None:
    """Completing again returns the status and creates no second asset."""
    content = picture(size=(600, 600))
    upload = await begin(wire, len(content))
    await put(wire, upload, content)
    at_once = await asyncio.gather(*(complete(wire, upload) for _ in range(4)))
    assert {one["status"] for one in at_once} == {"validating"}
    await look(wire, upload)
    assert (await complete(wire, upload))["status"] == "validated"
    imported = await look(wire, upload)
    assert imported["status"] == "imported"
    assert (await complete(wire, upload))["entityId"] == imported["entityId"]
    assert wire.sandbox.state.assets.keys() == {imported["entityId"]}


async def test_import_delay() -> None:
    """An import can take some time."""
    async with running(import_delay=3600) as wire:
        content = picture()
        upload = await begin(wire, len(content))
        await put(wire, upload, content)
        await complete(wire, upload)
        assert {(await look(wire, upload))["status"] for _ in range(5)} == {"validating"}
        stored = wire.sandbox.state.uploads[upload["id"]]
        assert stored.completed_at is not None
        stored.completed_at -= 3600
        assert [(await look(wire, upload))["status"] for _ in range(2)] == ["validated", "imported"]


async def test_missing_parts(wire: Wire) -> None:
    """Missing parts are refused and can be sent later."""
    content = large(SMALLEST_PART + 1000)
    upload = await begin(wire, len(content), parts=2)
    path = f"/uploads/{upload['id']}/action"
    await put(wire, upload, content[:SMALLEST_PART])
    answer = await wire.ask("POST", path, {"action": "complete"})
    assert answer.status == 400
    assert "parts are missing" in answer.body["reason"]
    assert (await look(wire, upload))["status"] == "pending"
    await put(wire, upload, content[:SMALLEST_PART], content[SMALLEST_PART:])
    assert (await complete(wire, upload))["status"] == "validating"


async def test_small_part(wire: Wire) -> None:
    """Every part but the last must have at least five mebibytes."""
    content = large(SMALLEST_PART + 1000)
    upload = await begin(wire, len(content), parts=2)
    await put(wire, upload, content[: SMALLEST_PART - 1], content[SMALLEST_PART - 1 :])
    answer = await wire.ask("POST", f"/uploads/{upload['id']}/action", {"action": "complete"})
    assert answer.status == 400
    assert "Part 1 is smaller than 5242880 bytes" in answer.body["reason"]
    assert not wire.sandbox.state.assets


@pytest.mark.parametrize(
    ("content", "size", "message"),
    [
        (picture(), len(picture()) + 1, "bytes of a file of"),
        (picture(), len(picture()) - 1, "bytes of a file of"),
        (b"no picture", 10, "Unhandled image format"),
        (picture()[:100], 100, "Unhandled image format"),
        (b"", 1, "Got 0 bytes"),
    ],
    ids=["too short", "too long", "no picture", "truncated", "empty"],
)
async def test_failed_imports(wire: Wire, content: bytes, size: int, message: str) -> None:
    """An invalid picture fails with a message."""
    upload = await begin(wire, size)
    await put(wire, upload, content)
    assert (await complete(wire, upload))["status"] == "validating"
    for _ in range(2):
        failed = await look(wire, upload)
        assert failed["status"] == "failed"
        assert message in failed["errorMessage"]
        assert "entityId" not in failed
    assert not wire.sandbox.state.assets


@pytest.mark.parametrize("left_out", ["kind", "fileName", "contentType", "fileSize", "parts"])
async def test_required_upload_fields(wire: Wire, left_out: str) -> None:
    """Every field of a multipart upload is required."""
    fields = {**FIELDS, "fileSize": 1, "parts": 1}
    del fields[left_out]
    answer = await wire.ask("POST", "/uploads", fields)
    assert (answer.status, answer.body["details"]) == (400, {"field": left_out})
    assert not wire.sandbox.state.uploads


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"parts": 0}, 400),
        ({"parts": 10_001}, 400),
        ({"parts": 1.5}, 400),
        ({"parts": "1"}, 400),
        ({"parts": True}, 400),
        ({"fileSize": 0}, 400),
        ({"fileSize": "1"}, 400),
        ({"assetOptions": []}, 400),
        ({"assetOptions": {"parentId": "asset_x"}}, 404),
        ({"assetOptions": {"collectionIds": ["collection_x"]}}, 404),
        ({"kind": "video"}, 501),
        ({"url": "https://example.org/fox.png"}, 501),
        ({"civitaiModelUrl": "https://example.org"}, 501),
        ({"huggingFaceModelName": "a/b"}, 501),
    ],
)
async def test_refused_upload_fields(wire: Wire, fields: dict[str, Any], status: int) -> None:
    """Invalid and unsupported fields are refused."""
    answer = await wire.ask("POST", "/uploads", {**FIELDS, "fileSize": 1, "parts": 1, **fields})
    assert answer.status == status
    assert not wire.sandbox.state.uploads


async def test_largest_number_of_parts(wire: Wire) -> None:
    """The limit is ten thousand parts."""
    assert len((await begin(wire, 10, parts=10_000))["parts"]) == 10_000


@pytest.mark.parametrize("value", ["true", "api"])
async def test_dry_run(wire: Wire, value: str) -> None:
    """A dry run returns the price and starts nothing."""
    fields = {**FIELDS, "fileSize": 1, "parts": 1}
    answer = await wire.ask("POST", f"/uploads?dryRun={value}", fields)
    assert (answer.status, answer.body) == (269, {"creativeUnitsCost": 0, "creativeUnitsDiscount": 0})
    assert (await wire.ask("POST", f"/uploads?dryRun={value}", {})).status == 400
    assert (await wire.ask("POST", "/uploads?dryRun=yes", fields)).status == 400
    assert not wire.sandbox.state.uploads


async def test_dry_run_in_body(wire: Wire) -> None:
    """A dry run in the body is ignored."""
    answer = await wire.ask("POST", "/uploads", {**FIELDS, "fileSize": 1, "parts": 1, "dryRun": True})
    assert answer.status == 200
    assert len(wire.sandbox.state.uploads) == 1


async def test_unknown_upload(wire: Wire) -> None:
    """An unknown upload is not found."""
    assert (await wire.ask("GET", "/uploads/upload_x")).status == 404
    assert (await wire.ask("POST", "/uploads/upload_x/action", {"action": "complete"})).status == 404
