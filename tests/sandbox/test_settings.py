"""Settings that can be changed while a sandbox runs."""

from __future__ import annotations

import io
from typing import Any

import pytest

from scenario_async.sandbox import Faults, Rule, Sandbox, Upload
from scenario_async.sandbox.faults import HTMLPage

from .wire import Wire, encoded, picture, running

CONTENT = picture()


async def begin(wire: Wire, name: str = "fox.png") -> dict[str, Any]:
    """Begin an upload of one part."""
    fields = {"kind": "image", "contentType": "image/png", "fileSize": len(CONTENT), "parts": 1}
    upload: dict[str, Any] = (await wire.ask("POST", "/uploads", {**fields, "fileName": name})).body["upload"]
    return upload


async def put(wire: Wire, upload: dict[str, Any]) -> int:
    """Send the part of an upload; return the status."""
    return (await wire.fetch("PUT", upload["parts"][0]["url"], data=io.BytesIO(CONTENT))).status


async def complete(wire: Wire, upload: dict[str, Any]) -> None:
    """Send the part of an upload and complete it."""
    assert await put(wire, upload) == 200
    answer = await wire.ask("POST", f"/uploads/{upload['id']}/action", {"action": "complete"})
    assert answer.status == 200


async def status(wire: Wire, upload: dict[str, Any]) -> str:
    """Get an upload; return its status."""
    shown: str = (await wire.ask("GET", f"/uploads/{upload['id']}")).body["upload"]["status"]
    return shown


async def attach_new(wire: Wire, model_id: str) -> int:
    """Attach a new asset; return the status."""
    body = {"assetId": await wire.asset()}
    return (await wire.ask("POST", f"/models/{model_id}/training-images", body)).status


async def test_training_image_limit(wire: Wire) -> None:
    """The limit of the plan can be lowered and removed."""
    model_id = await wire.model()
    assert await attach_new(wire, model_id) == 200
    wire.sandbox.training_image_limit = 1
    assert await attach_new(wire, model_id) == 429
    wire.sandbox.training_image_limit = 2
    assert [await attach_new(wire, model_id) for _ in range(2)] == [200, 429]
    assert wire.sandbox.training_image_limit == 2


async def test_limit_of_one_model(wire: Wire) -> None:
    """A model can have its own limit, also zero."""
    one, other = await wire.model(), await wire.model()
    wire.sandbox.state.models[one].training_image_limit = 0
    assert [await attach_new(wire, model_id) for model_id in (one, other)] == [429, 200]
    wire.sandbox.training_image_limit = 1
    wire.sandbox.state.models[one].training_image_limit = 2
    assert [await attach_new(wire, model_id) for model_id in (one, one, one, other)] == [200, 200, 429, 429]


async def test_the_response_to_a_group_can_be_changed(wire: Wire) -> None:
    """The response to an attached group can be changed."""
    model_id = await wire.model()
    seen: list[set[str]] = []
    for answer in ("first", "all", "none"):
        wire.sandbox.group_answer = answer
        assert wire.sandbox.group_answer == answer
        body = {"assetIds": [await wire.asset()]}
        seen.append(set((await wire.ask("POST", f"/models/{model_id}/training-images", body)).body))
    assert seen == [{"trainingImage"}, {"trainingImages"}, set()]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("training_image_limit", -1),
        ("group_answer", "some"),
        ("part_url_lifetime", -1),
        ("download_url_lifetime", -1),
        ("import_delay", -1),
    ],
)
def test_invalid_settings_are_refused(name: str, value: Any) -> None:
    """The old setting stays."""
    sandbox = Sandbox()
    before = getattr(sandbox, name)
    with pytest.raises(ValueError, match=name):
        setattr(sandbox, name, value)
    assert getattr(sandbox, name) == before


async def test_url_lifetimes(wire: Wire) -> None:
    """A new lifetime of URLs applies to later URLs."""
    lasting = await begin(wire)
    wire.sandbox.part_url_lifetime = 0
    assert [await put(wire, upload) for upload in (lasting, await begin(wire))] == [200, 403]
    asset_id = await wire.asset()
    wire.sandbox.download_url_lifetime = 0
    url = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]["url"]
    assert (await wire.fetch("GET", url)).status == 403
    assert (wire.sandbox.part_url_lifetime, wire.sandbox.download_url_lifetime) == (0, 0)


async def test_clock_and_urls(wire: Wire) -> None:
    """URLs expire when the clock advances, and new URLs are valid from then on."""
    upload = await begin(wire)
    wire.sandbox.advance_clock(3590)
    assert await put(wire, upload) == 200
    wire.sandbox.advance_clock(10)
    assert await put(wire, upload) == 403
    assert await put(wire, await begin(wire)) == 200
    with pytest.raises(ValueError, match="seconds"):
        wire.sandbox.advance_clock(-1)


async def test_clock_and_imports(wire: Wire) -> None:
    """Imports end when the clock advances."""
    wire.sandbox.import_delay = 60
    upload = await begin(wire)
    await complete(wire, upload)
    wire.sandbox.advance_clock(50)
    assert await status(wire, upload) == "validating"
    wire.sandbox.advance_clock(10)
    assert [await status(wire, upload) for _ in range(2)] == ["validated", "imported"]


async def test_import_delay_of_each_upload() -> None:
    """The duration of an import can be a function of the upload, and can be set for a running import."""

    def delay(upload: Upload) -> float:
        return 3600 if upload.file_name == "slow.png" else 0

    async with running(import_delay=delay) as wire:
        uploads = [await begin(wire, name) for name in ("slow.png", "quick.png", "other.png")]
        wire.sandbox.state.uploads[uploads[2]["id"]].import_delay = 3600
        for upload in uploads:
            await complete(wire, upload)
        seen = [await status(wire, upload) for upload in uploads]
        assert seen == ["validating", "validated", "validating"]
        assert wire.sandbox.import_delay is delay
        wire.sandbox.import_delay = 0
        upload = await begin(wire, "slow.png")
        await complete(wire, upload)
        assert await status(wire, upload) == "validated"


async def test_keep_alive(wire: Wire) -> None:
    """A connection stays open by default; otherwise each response closes it."""
    assert wire.sandbox.keep_alive
    assert "Connection" not in (await wire.ask("GET", "/models")).headers
    wire.sandbox.keep_alive = False
    wire.sandbox.faults = Faults(Rule(HTMLPage(502, "before"), on="POST /models"))
    body = {"image": encoded(CONTENT), "name": "a"}
    for method, path, sent in (
        ("GET", "/models", None),
        ("POST", "/assets", body),
        ("GET", "/models/x", None),
        ("POST", "/models", {}),
    ):
        assert (await wire.ask(method, path, sent)).headers["Connection"] == "close"
    wire.sandbox.keep_alive = True
    assert "Connection" not in (await wire.ask("GET", "/models")).headers
