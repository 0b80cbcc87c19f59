"""Adding training images to a model, and removing them."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

import pytest

from scenario_async.sandbox._internal.routes.training_images import LARGEST_GROUP

from .wire import Answer, Wire, data_url, encoded, eventually, picture, running

FIELDS = {"id", "automaticCaptioning", "createdAt", "description", "downloadUrl", "name"}
ALREADY = "The provided assetId is already a training image of this model"


async def add(wire: Wire, model_id: str, **body: Any) -> Answer:
    """Add training images to a model."""
    return await wire.ask("POST", f"/models/{model_id}/training-images", body)


async def assets(wire: Wire, count: int) -> list[str]:
    """Create the given number of assets."""
    return [await wire.asset() for _ in range(count)]


async def test_add_data(wire: Wire) -> None:
    """A picture in the request becomes an asset and can be downloaded."""
    model_id, content = await wire.model(), picture("WEBP")
    answer = await add(wire, model_id, data=data_url(content, "image/webp"), name="fox.webp")
    assert answer.status == 200
    image = answer.body["trainingImage"]
    assert image.keys() == FIELDS
    assert (image["name"], image["description"]) == ("fox.webp", "")
    assert image["automaticCaptioning"]
    assert (await wire.ask("GET", f"/assets/{image['id']}")).status == 200
    assert await wire.training_set(model_id) == [image["id"]]
    assert (await wire.fetch("GET", image["downloadUrl"])).content == content


async def test_add_data_again(wire: Wire) -> None:
    """Each repetition of `data` adds another image."""
    model_id = await wire.model()
    ids = [
        (await add(wire, model_id, data=data_url(picture()))).body["trainingImage"]["id"] for _ in range(3)
    ]
    assert len(set(ids)) == 3
    assert await wire.training_set(model_id) == ids


async def test_add_asset(wire: Wire) -> None:
    """Attaching an asset keeps its ID."""
    model_id, asset_id = await wire.model(), await wire.asset(name="fox.png")
    answer = await add(wire, model_id, assetId=asset_id, preset="style")
    assert answer.status == 200
    assert answer.body["trainingImage"].keys() == FIELDS
    assert (answer.body["trainingImage"]["id"], answer.body["trainingImage"]["name"]) == (asset_id, "fox.png")
    assert len(wire.sandbox.state.assets) == 1
    assert wire.sandbox.state.models[model_id].training_images[asset_id].preset == "style"


async def test_add_asset_again(wire: Wire) -> None:
    """Attaching an asset twice is refused for one model and accepted for another."""
    model_id, asset_id = await wire.model(), await wire.asset()
    await wire.attach(model_id, asset_id)
    answer = await add(wire, model_id, assetId=asset_id)
    assert (answer.status, answer.body["reason"]) == (400, ALREADY)
    assert await wire.training_set(model_id) == [asset_id]
    assert (await add(wire, await wire.model(), assetId=asset_id)).status == 200


async def test_asset_id_takes_precedence(wire: Wire) -> None:
    """With `assetId`, data and name are ignored."""
    model_id, asset_id = await wire.model(), await wire.asset(name="own.png")
    answer = await add(wire, model_id, assetId=asset_id, data="no picture at all", name="other.png")
    assert answer.status == 200
    assert answer.body["trainingImage"]["name"] == "own.png"
    assert len(wire.sandbox.state.assets) == 1


async def test_caption(wire: Wire) -> None:
    """A caption is ignored."""
    answer = await add(wire, await wire.model(), data=data_url(picture()), name="a.png", caption="a red fox")
    assert answer.status == 200
    assert "a red fox" not in answer.content.decode()


async def test_declared_type(wire: Wire) -> None:
    """The declared type may differ from the real one."""
    answer = await add(wire, await wire.model(), data=data_url(picture("JPEG"), "image/png"))
    assert answer.status == 200
    asset_id = answer.body["trainingImage"]["id"]
    assert wire.sandbox.state.assets[asset_id].picture.mime_type == "image/jpeg"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "a.png"},
        {"data": ""},
        {"data": encoded(picture())},
        {"data": data_url(picture(), "text/plain")},
        {"data": data_url(picture()).replace(";base64", "")},
        {"data": data_url(picture()).replace("data:", "")},
        {"data": data_url(picture()) + "%"},
        {"data": data_url(picture()[:100])},
        {"data": data_url(b"no picture")},
    ],
)
async def test_request_without_a_picture(wire: Wire, body: dict[str, Any]) -> None:
    """A request without a picture is refused."""
    model_id = await wire.model()
    assert (await add(wire, model_id, **body)).status == 400
    assert await wire.training_set(model_id) == []
    assert not wire.sandbox.state.assets


async def test_unknown_asset_or_model(wire: Wire) -> None:
    """An unknown asset or model is not found."""
    model_id, asset_id = await wire.model(), await wire.asset()
    assert (await add(wire, model_id, assetId="asset_x")).status == 404
    assert (await add(wire, "model_x", assetId=asset_id)).status == 404
    assert (await add(wire, "model_x", data=data_url(picture()))).status == 404
    assert len(wire.sandbox.state.assets) == 1


@pytest.mark.parametrize(
    ("group_answer", "names"),
    [("first", {"trainingImage"}), ("all", {"trainingImages"}), ("none", set[str]())],
)
async def test_responses_to_groups(group_answer: Literal["first", "all", "none"], names: set[str]) -> None:
    """A group is attached in order, and the response is as the sandbox is configured."""
    async with running(group_answer=group_answer) as wire:
        model_id, ids = await wire.model(), await assets(wire, LARGEST_GROUP)
        answer = await add(wire, model_id, assetIds=ids, preset="subject")
        assert answer.status == 200
        assert answer.body.keys() == names
        if group_answer == "first":
            assert answer.body["trainingImage"]["id"] == ids[0]
        elif group_answer == "all":
            assert [image["id"] for image in answer.body["trainingImages"]] == ids
        assert await wire.training_set(model_id) == ids
        # For a single asset the response is the same with every setting.
        answer = await add(wire, model_id, assetId=await wire.asset())
        assert answer.body.keys() == {"trainingImage"}
        # A group may have a single asset.
        answer = await add(wire, model_id, assetIds=[await wire.asset()])
        assert answer.body.keys() == names


@pytest.mark.parametrize("other", [{"assetId": "asset_x"}, {"data": data_url(picture())}, {"name": "a"}])
async def test_group_with_other_fields(wire: Wire, other: dict[str, str]) -> None:
    """A group with any other field is refused."""
    model_id, ids = await wire.model(), await assets(wire, 2)
    answer = await add(wire, model_id, assetIds=ids, **other)
    assert answer.status == 400
    assert f"assetIds cannot be used with {next(iter(other))}" in answer.body["reason"]
    assert await wire.training_set(model_id) == []


async def test_group_too_large(wire: Wire) -> None:
    """A group of one more than the limit is refused."""
    model_id, ids = await wire.model(), await assets(wire, LARGEST_GROUP + 1)
    answer = await add(wire, model_id, assetIds=ids)
    assert (answer.status, answer.body["reason"]) == (
        400,
        "Too many assetIds provided in a single request",
    )
    assert await wire.training_set(model_id) == []


async def test_group_refused_whole(wire: Wire) -> None:
    """A group with an invalid asset is refused as a whole."""
    model_id, (old, *new) = await wire.model(), await assets(wire, 4)
    await wire.attach(model_id, old)
    for group, status in (([*new, old], 400), ([*new, "asset_x"], 404), ([*new, new[0]], 400)):
        answer = await add(wire, model_id, assetIds=group)
        assert answer.status == status
        assert (answer.body["reason"] == ALREADY) == (old in group)
        assert await wire.training_set(model_id) == [old]


async def test_plan_limit() -> None:
    """The response to the plan limit is the service's own 429, and nothing is attached."""
    async with running(training_image_limit=3) as wire:
        model_id, ids = await wire.model(), await assets(wire, 4)
        await wire.attach(model_id, *ids[:2])
        for body, value in (
            ({"assetIds": ids[2:]}, 2),
            ({"assetId": ids[2]}, None),
            ({"assetId": ids[3]}, 3),
            ({"data": data_url(picture())}, 3),
        ):
            answer = await add(wire, model_id, **body)
            if value is None:
                assert answer.status == 200
                continue
            assert answer.status == 429
            assert answer.body == {
                "name": "PlanLimitReachedError",
                "reason": answer.body["reason"],
                "details": {
                    "actionName": "add-training-image",
                    "actionLimit": 3,
                    "actionValue": value,
                    "limitScope": "team",
                },
            }
        assert await wire.training_set(model_id) == ids[:3]
        assert len(wire.sandbox.state.assets) == 4
        # Each model has its own limit, and deleting an image allows one more.
        await wire.attach(await wire.model(), *ids[:3])
        assert (await wire.ask("DELETE", f"/models/{model_id}/training-images/{ids[0]}")).status == 200
        await wire.attach(model_id, ids[3])


async def test_attached_at_plan_limit() -> None:
    """An attached asset is refused as already attached even at the limit."""
    async with running(training_image_limit=1) as wire:
        model_id, asset_id = await wire.model(), await wire.asset()
        await wire.attach(model_id, asset_id)
        answer = await add(wire, model_id, assetId=asset_id)
        assert (answer.status, answer.body["reason"]) == (400, ALREADY)


async def test_plan_limit_under_concurrency() -> None:
    """Concurrent requests cannot exceed the limit."""
    async with running(training_image_limit=5) as wire:
        model_id = await wire.model()
        body = {"data": data_url(picture(size=(200, 200)))}
        answers = await asyncio.gather(*(add(wire, model_id, **body) for _ in range(12)))
        assert sorted(answer.status for answer in answers) == [200] * 5 + [429] * 7
        assert len(await wire.training_set(model_id)) == 5
        assert len(wire.sandbox.state.assets) == 5


async def test_model_deleted_meanwhile(wire: Wire) -> None:
    """A model that is deleted while its picture is read gets no image."""
    model_id = await wire.model()
    adding = asyncio.create_task(add(wire, model_id, data=data_url(picture(size=(1200, 1200)))))
    await eventually(lambda: wire.sandbox.requests["POST /models/{modelId}/training-images"] == 1)
    del wire.sandbox.state.models[model_id]
    assert (await adding).status == 404
    assert not wire.sandbox.state.assets


async def test_delete_training_image(wire: Wire) -> None:
    """A deleted training image is not found, and its asset stays."""
    model_id, ids = await wire.model(), await assets(wire, 2)
    await wire.attach(model_id, *ids)
    path = f"/models/{model_id}/training-images/{ids[0]}"
    answer = await wire.ask("DELETE", path)
    assert (answer.status, answer.body) == (200, {})
    assert (await wire.ask("DELETE", path)).status == 404
    assert await wire.training_set(model_id) == ids[1:]
    assert (await wire.ask("GET", f"/assets/{ids[0]}")).status == 200
    await wire.attach(model_id, ids[0])


async def test_list_training_images(wire: Wire) -> None:
    """API keys may not list training images."""
    model_id = await wire.model()
    answer = await wire.ask("GET", f"/models/{model_id}/training-images")
    assert (answer.status, answer.body["name"]) == (403, "ForbiddenError")
