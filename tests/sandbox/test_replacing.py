"""Replacing one training image, and replacing all pairs."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from scenario_async.sandbox._internal.routes.training_images import LARGEST_GROUP

from .wire import Answer, Wire, data_url, picture, running


async def trained(wire: Wire, count: int = 3) -> tuple[str, list[str]]:
    """A model with the given number of training images."""
    model_id, ids = await wire.model(), [await wire.asset() for _ in range(count)]
    await wire.attach(model_id, *ids)
    return model_id, ids


async def replace(wire: Wire, model_id: str, training_image_id: str, **body: Any) -> Answer:
    """Replace one training image."""
    return await wire.ask("PUT", f"/models/{model_id}/training-images/{training_image_id}", body)


async def set_pairs(wire: Wire, model_id: str, body: Any) -> Answer:
    """Replace all pairs."""
    return await wire.ask("PUT", f"/models/{model_id}/training-images/pairs", body)


async def pairs_of(wire: Wire, model_id: str) -> list[dict[str, str]]:
    """The pairs of a model."""
    model = (await wire.ask("GET", f"/models/{model_id}")).body["model"]
    pairs: list[dict[str, str]] = model["trainingImagePairs"]
    return pairs


async def test_replace_keeps_place(wire: Wire) -> None:
    """A replaced image keeps its position and gets the new asset ID."""
    model_id, (first, second, third) = await trained(wire)
    new = await wire.asset(name="new.png")
    answer = await replace(wire, model_id, second, assetId=new)
    assert answer.status == 200
    assert (answer.body["trainingImage"]["id"], answer.body["trainingImage"]["name"]) == (new, "new.png")
    assert await wire.training_set(model_id) == [first, new, third]

    content = picture("JPEG")
    answer = await replace(wire, model_id, first, data=data_url(content, "image/jpeg"), name="newer.jpg")
    newer = answer.body["trainingImage"]
    assert newer["name"] == "newer.jpg"
    assert await wire.training_set(model_id) == [newer["id"], new, third]
    assert (await wire.fetch("GET", newer["downloadUrl"])).content == content
    assert (await replace(wire, model_id, second, assetId=first)).status == 404


@pytest.mark.parametrize(
    ("group_answer", "names"),
    [("first", {"trainingImage"}), ("all", {"trainingImages"}), ("none", set[str]())],
)
async def test_replace_by_group(group_answer: Literal["first", "all", "none"], names: set[str]) -> None:
    """A group of one replaces an image, and a larger group is refused."""
    async with running(group_answer=group_answer) as wire:
        model_id, (first, second) = await trained(wire, 2)
        new = [await wire.asset() for _ in range(LARGEST_GROUP + 1)]
        answer = await replace(wire, model_id, first, assetIds=new[:1])
        assert (answer.status, answer.body.keys()) == (200, names)
        assert await wire.training_set(model_id) == [new[0], second]
        assert (await replace(wire, model_id, second, assetIds=new[1:3])).status == 400
        answer = await replace(wire, model_id, second, assetIds=new)
        assert answer.body["reason"] == "Too many assetIds provided in a single request"
        assert await wire.training_set(model_id) == [new[0], second]


async def test_replace_has_rules_of_add(wire: Wire) -> None:
    """Replacing follows the rules of adding."""
    model_id, (first, second) = await trained(wire, 2)
    for body, status in (
        ({}, 400),
        ({"assetId": first}, 400),
        ({"assetId": second}, 400),
        ({"assetId": "asset_x"}, 404),
        ({"assetIds": ["asset_x"]}, 404),
        ({"assetIds": [second], "name": "a"}, 400),
        ({"data": data_url(picture()[:100])}, 400),
        ({"data": data_url(picture()), "preset": "other"}, 400),
    ):
        assert (await replace(wire, model_id, first, **body)).status == status, body
    assert (await replace(wire, model_id, "asset_x", data=data_url(picture()))).status == 404
    assert (await replace(wire, "model_x", first, data=data_url(picture()))).status == 404
    assert await wire.training_set(model_id) == [first, second]
    assert len(wire.sandbox.state.assets) == 2


async def test_replace_at_plan_limit() -> None:
    """Replacing does not depend on the plan limit."""
    async with running(training_image_limit=2) as wire:
        model_id, (first, second) = await trained(wire, 2)
        answer = await replace(wire, model_id, first, data=data_url(picture()))
        assert answer.status == 200
        assert await wire.training_set(model_id) == [answer.body["trainingImage"]["id"], second]


async def test_replace_pairs(wire: Wire) -> None:
    """New pairs replace all earlier pairs."""
    model_id, (first, second, third) = await trained(wire)
    many = [
        {"sourceId": first, "targetId": second, "instruction": "make it red"},
        {"sourceId": first, "targetId": third},
        {"sourceId": second, "targetId": first, "instruction": ""},
    ]
    answer = await set_pairs(wire, model_id, many)
    assert (answer.status, answer.body) == (200, {"count": 3, "pairs": many})
    assert await pairs_of(wire, model_id) == many
    for fewer in (many[1:2], list[dict[str, str]]()):
        answer = await set_pairs(wire, model_id, fewer)
        assert answer.body == {"count": len(fewer), "pairs": fewer}
        assert await pairs_of(wire, model_id) == fewer


async def test_refused_pairs(wire: Wire) -> None:
    """Invalid pairs are refused, and the old pairs stay."""
    model_id, (first, second) = await trained(wire, 2)
    elsewhere = await wire.asset()
    pair = {"sourceId": first, "targetId": second}
    assert (await set_pairs(wire, model_id, [pair])).status == 200
    for body in (
        {},
        {"pairs": [pair]},
        pair,
        "pairs",
        [pair, "pair"],
        [[first, second]],
        [pair, None],
        [{"sourceId": first}],
        [{"targetId": second}],
        [{"sourceId": first, "targetId": 2}],
        [{"sourceId": first, "targetId": elsewhere}],
        [{"sourceId": "asset_x", "targetId": second}],
        [{"sourceId": first, "targetId": first}],
        [{**pair, "instruction": 1}],
        [pair, {**pair, "instruction": "again"}],
    ):
        assert (await set_pairs(wire, model_id, body)).status == 400, body
    assert (await wire.ask("PUT", f"/models/{model_id}/training-images/pairs")).status == 400
    assert await pairs_of(wire, model_id) == [pair]


async def test_unknown_pair_field(wire: Wire) -> None:
    """An unknown field of a pair is ignored."""
    model_id, (first, second) = await trained(wire, 2)
    pair = {"sourceId": first, "targetId": second}
    answer = await set_pairs(wire, model_id, [{**pair, "weight": 2}])
    assert answer.body == {"count": 1, "pairs": [pair]}


async def test_pairs_go_with_images(wire: Wire) -> None:
    """Pairs are removed with their images."""
    model_id, (first, second, third, fourth) = await trained(wire, 4)
    pairs = [
        {"sourceId": first, "targetId": second},
        {"sourceId": second, "targetId": third},
        {"sourceId": third, "targetId": fourth},
        {"sourceId": first, "targetId": third},
    ]
    assert (await set_pairs(wire, model_id, pairs)).status == 200
    assert (await wire.ask("DELETE", f"/models/{model_id}/training-images/{second}")).status == 200
    assert await pairs_of(wire, model_id) == pairs[2:]
    assert (await replace(wire, model_id, fourth, data=data_url(picture()))).status == 200
    assert await pairs_of(wire, model_id) == pairs[3:]
