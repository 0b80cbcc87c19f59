"""Assets that are uploaded as base64."""

from __future__ import annotations

import hashlib
import re

import pytest

from tests.unit.samples import RASTER_FORMATS

from .wire import Wire, data_url, encoded, picture, running

REQUIRED = {
    "authorId", "collectionIds", "createdAt", "editCapabilities", "id", "kind", "metadata", "mimeType",
    "ownerId", "privacy", "properties", "source", "status", "tags", "updatedAt", "url",
}  # fmt: skip


async def test_upload(wire: Wire) -> None:
    """The response to an upload has every required field and the facts of the picture."""
    content = picture("JPEG", size=(41, 23))
    answer = await wire.ask("POST", "/assets", {"image": encoded(content), "name": "fox.jpg"})
    assert answer.status == 200
    asset = answer.body["asset"]
    assert asset.keys() >= REQUIRED
    assert re.fullmatch(r"asset_[A-Za-z0-9_-]{22}", asset["id"])
    assert (asset["kind"], asset["status"], asset["source"]) == ("image", "success", "uploaded")
    assert asset["mimeType"] == "image/jpeg"
    assert asset["properties"] == {"size": len(content), "width": 41, "height": 23}
    assert asset["metadata"]["name"] == "fox.jpg"
    assert asset["metadata"].keys() >= {"kind", "type"}
    assert asset["automaticCaptioning"]
    assert "description" not in asset
    assert (await wire.ask("GET", f"/assets/{asset['id']}")).body["asset"]["id"] == asset["id"]


@pytest.mark.parametrize("image_format", RASTER_FORMATS)
async def test_download(wire: Wire, image_format: str) -> None:
    """The downloaded bytes are identical, and the download needs no credentials."""
    content = picture(image_format)
    asset_id = await wire.asset(content)
    url = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]["url"]
    answer = await wire.fetch("GET", url)
    assert (answer.status, answer.content_type) == (200, f"image/{image_format.lower()}")
    assert answer.content == content
    stored = wire.sandbox.state.assets[asset_id].picture.stored
    assert (stored.size, stored.content) == (len(content), content)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()


async def test_same_picture_twice(wire: Wire) -> None:
    """Uploading a picture twice creates two assets."""
    assert await wire.asset() != await wire.asset()
    assert len(wire.sandbox.state.assets) == 2


@pytest.mark.parametrize(
    "image",
    [
        data_url(picture()),
        encoded(picture()) + "=",
        encoded(picture())[:-1],
        encoded(picture())[:40] + "\n" + encoded(picture())[40:],
        encoded(b"\xfb\xff\xfe" * 10).replace("+", "-").replace("/", "_"),
        "not base64",
        "caf\u00e9",
    ],
    ids=["data URL", "padded too much", "cut", "line breaks", "of the URL alphabet", "words", "not ASCII"],
)
async def test_not_base64(wire: Wire, image: str) -> None:
    """Invalid base64 is refused."""
    answer = await wire.ask("POST", "/assets", {"image": image, "name": "a"})
    assert answer.status == 400
    assert answer.body["details"] == {"field": "image"}
    assert not wire.sandbox.state.assets


async def test_hidden_with_parent(wire: Wire) -> None:
    """An asset can be hidden and have a parent."""
    parent_id = await wire.asset()
    body = {"image": encoded(picture()), "name": "a", "hide": True, "parentId": parent_id}
    asset = (await wire.ask("POST", "/assets", body)).body["asset"]
    assert asset["isHidden"] is True
    assert asset["metadata"]["parentId"] == parent_id


async def test_unknown_parent_or_collection(wire: Wire) -> None:
    """A parent or collection that does not exist is refused."""
    body = {"image": encoded(picture()), "name": "a"}
    assert (await wire.ask("POST", "/assets", {**body, "parentId": "asset_x"})).status == 404
    assert (await wire.ask("POST", "/assets", {**body, "collectionIds": ["collection_x"]})).status == 404
    assert (await wire.ask("POST", "/assets", {**body, "collectionIds": []})).status == 200
    assert (await wire.ask("POST", "/assets", {**body, "canvas": "c"})).status == 501
    assert len(wire.sandbox.state.assets) == 1


async def test_description(wire: Wire) -> None:
    """A description is set on the asset and is visible on the training image."""
    model_id, asset_id = await wire.model(), await wire.asset()
    await wire.attach(model_id, asset_id)
    answer = await wire.ask("PUT", f"/assets/{asset_id}", {"description": "a red fox", "name": "new.png"})
    assert answer.status == 200
    assert answer.body["asset"]["description"] == "a red fox"
    assert answer.body["asset"]["metadata"]["name"] == "new.png"
    (image,) = (await wire.ask("GET", f"/models/{model_id}")).body["model"]["trainingImages"]
    assert (image["description"], image["name"]) == ("a red fox", "new.png")
    untouched = await wire.ask("PUT", f"/assets/{asset_id}", {})
    assert untouched.body["asset"]["description"] == "a red fox"


async def test_unknown_asset(wire: Wire) -> None:
    """An unknown asset is not found."""
    for method in ("GET", "PUT"):
        answer = await wire.ask(method, "/assets/asset_x", {})
        assert (answer.status, answer.body["name"]) == (404, "NotFoundError")


async def test_delete_multiple(wire: Wire) -> None:
    """Either all or none of the assets are deleted, and no asset of a model's training set."""
    model_id = await wire.model()
    used, free, other = [await wire.asset() for _ in range(3)]
    await wire.attach(model_id, used)
    for asset_ids, status in (([free, "asset_x"], 404), ([free, used], 400)):
        assert (await wire.ask("DELETE", "/assets", {"assetIds": asset_ids})).status == status
        assert wire.sandbox.state.assets.keys() == {used, free, other}
    answer = await wire.ask("DELETE", "/assets", {"assetIds": [free, free]})
    assert (answer.status, answer.body) == (200, {})
    assert wire.sandbox.state.assets.keys() == {used, other}


async def test_bytes_not_kept() -> None:
    """If bytes are not kept, only size and hash are."""
    async with running(keep_bytes=False) as wire:
        content = picture()
        asset_id = await wire.asset(content)
        stored = wire.sandbox.state.assets[asset_id].picture.stored
        assert stored.content is None
        assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        url = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]["url"]
        assert (await wire.fetch("GET", url)).status == 404
