"""Models."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .wire import Wire

REQUIRED = {
    "capabilities", "collectionIds", "createdAt", "custom", "exampleAssetIds", "id", "privacy", "source",
    "status", "tags", "trainingImagesNumber", "type", "updatedAt",
}  # fmt: skip
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


async def test_new_model(wire: Wire) -> None:
    """A new model has every required field and defaults."""
    answer = await wire.ask("POST", "/models")
    assert answer.status == 200
    model = answer.body["model"]
    assert model.keys() >= REQUIRED
    assert re.fullmatch(r"model_[A-Za-z0-9_-]{22}", model["id"])
    assert TIMESTAMP.fullmatch(model["createdAt"])
    assert TIMESTAMP.fullmatch(model["updatedAt"])
    assert (model["type"], model["status"], model["trainingImagesNumber"]) == ("flux.1-lora", "new", 0)
    assert (model["trainingImages"], model["trainingImagePairs"]) == ([], [])


async def test_model_fields(wire: Wire) -> None:
    """A model keeps its given fields, and an undocumented type is refused."""
    part = await wire.model()
    given = {
        "name": "Foxes",
        "type": "zimage-lora",
        "shortDescription": "red ones",
        "concepts": [{"modelId": part, "scale": 0.5}],
    }
    model_id = await wire.model(**given)
    model = (await wire.ask("GET", f"/models/{model_id}")).body["model"]
    assert {name: model[name] for name in given} == given
    assert (await wire.ask("POST", "/models", {"type": "a-type-of-tomorrow"})).status == 400
    assert (await wire.ask("PUT", f"/models/{model_id}", {"type": "AAA"})).status == 400


@pytest.mark.parametrize(("field", "longest"), [("name", 64), ("shortDescription", 256)])
async def test_texts_of_a_model_have_a_limit(wire: Wire, field: str, longest: int) -> None:
    """A name has at most 64 characters, and a description 256, in a new and in a changed model."""
    model_id = await wire.model(**{field: "a" * longest})
    for method, path in (("POST", "/models"), ("PUT", f"/models/{model_id}")):
        answer = await wire.ask(method, path, {field: "a" * (longest + 1)})
        assert (answer.status, answer.body["details"]["field"]) == (400, field)
    assert len(wire.sandbox.state.models) == 1


async def test_unknown_concept_or_collection(wire: Wire) -> None:
    """A concept or collection that does not exist is refused."""
    for body in ({"concepts": [{"modelId": "model_x", "scale": 1}]}, {"collectionIds": ["collection_x"]}):
        assert (await wire.ask("POST", "/models", body)).status == 404
    assert not wire.sandbox.state.models


async def test_update_model(wire: Wire) -> None:
    """Updating a model changes only the fields in the request."""
    model_id = await wire.model(name="old", shortDescription="same")
    answer = await wire.ask("PUT", f"/models/{model_id}", {"name": "new"})
    assert answer.status == 200
    again = (await wire.ask("GET", f"/models/{model_id}")).body["model"]
    for model in (answer.body["model"], again):
        assert (model["name"], model["shortDescription"], model["type"]) == ("new", "same", "flux.1-lora")


@pytest.mark.parametrize("field", ["epoch", "parameters", "thumbnail", "promptEmbedding"])
async def test_unsupported_model_field(wire: Wire, field: str) -> None:
    """An unsupported field is refused instead of being ignored."""
    model_id = await wire.model(name="old")
    answer = await wire.ask("PUT", f"/models/{model_id}", {"name": "new", field: "x"})
    assert answer.status == 501
    assert field in answer.body["reason"]
    assert wire.sandbox.state.models[model_id].name == "old"


async def test_delete_model(wire: Wire) -> None:
    """A deleted model is not found, and its assets stay."""
    model_id, asset_id = await wire.model(), await wire.asset()
    await wire.attach(model_id, asset_id)
    answer = await wire.ask("DELETE", f"/models/{model_id}")
    assert (answer.status, answer.body) == (200, {})
    assert (await wire.ask("GET", f"/models/{model_id}")).status == 404
    assert (await wire.ask("GET", f"/assets/{asset_id}")).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/models/model_x"),
        ("PUT", "/models/model_x"),
        ("DELETE", "/models/model_x"),
        ("PUT", "/models/model_x/training-images/pairs"),
        ("DELETE", "/models/model_x/training-images/asset_x"),
    ],
)
async def test_unknown_model(wire: Wire, method: str, path: str) -> None:
    """An unknown model is not found."""
    body: Any = [] if path.endswith("pairs") else {}
    answer = await wire.ask(method, path, body)
    assert answer.status == 404
    assert answer.body["details"] == {"id": "model_x"}


async def test_list_shows_three(wire: Wire) -> None:
    """A list has the first three images and pairs of a model; the model itself has all."""
    model_id = await wire.model()
    ids = [await wire.asset() for _ in range(5)]
    await wire.attach(model_id, *ids)
    pairs = [{"sourceId": ids[0], "targetId": target, "instruction": "go"} for target in ids[1:]]
    answer = await wire.ask("PUT", f"/models/{model_id}/training-images/pairs", pairs)
    assert answer.status == 200

    (listed,) = (await wire.ask("GET", "/models")).body["models"]
    assert [image["id"] for image in listed["trainingImages"]] == ids[:3]
    assert listed["trainingImagePairs"] == pairs[:3]
    assert listed["trainingImagesNumber"] == 5

    one = (await wire.ask("GET", f"/models/{model_id}")).body["model"]
    assert [image["id"] for image in one["trainingImages"]] == ids
    assert one["trainingImagePairs"] == pairs
    assert one["trainingImagesNumber"] == 5


async def test_models_in_pages(wire: Wire) -> None:
    """Models are listed in pages."""
    ids = [await wire.model() for _ in range(5)]
    first = (await wire.ask("GET", "/models?pageSize=3")).body
    second = (
        await wire.ask("GET", f"/models?pageSize=3&paginationToken={first['nextPaginationToken']}")
    ).body
    assert "nextPaginationToken" not in second
    assert [model["id"] for model in (*first["models"], *second["models"])] == ids[::-1]
