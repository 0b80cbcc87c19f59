"""Successful JSON responses that are not as documented."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from scenario_async.sandbox import Faults, Rule
from scenario_async.sandbox.faults import Altered

from .wire import Wire

Alteration = Literal[
    "missing fields", "null fields", "unknown fields", "unknown values", "numbers as strings"
]
KEPT = {
    *("id", "authorId", "ownerId", "collectionIds", "exampleAssetIds"),
    *("status", "trainingImages", "trainingImagePairs"),
}


async def both(wire: Wire, fault: Altered) -> tuple[dict[str, Any], dict[str, Any]]:
    """A model of two images, in a normal response and in one with a fault."""
    model_id = await wire.model(name="foxes")
    await wire.attach(model_id, await wire.asset(), await wire.asset())
    plain = (await wire.ask("GET", f"/models/{model_id}")).body
    wire.sandbox.faults = Faults(Rule(fault))
    altered = await wire.ask("GET", f"/models/{model_id}")
    assert (altered.status, altered.content_type) == (200, "application/json")
    assert wire.sandbox.faults.count(fault) == 1
    wire.sandbox.faults.stop()
    assert await wire.training_set(model_id) == [image["id"] for image in plain["model"]["trainingImages"]]
    return plain["model"], altered.body["model"]


async def test_missing_fields(wire: Wire) -> None:
    """Fields are missing, but none that a client needs to continue."""
    plain, altered = await both(wire, Altered("missing fields"))
    assert altered.keys() == KEPT
    assert altered["id"] == plain["id"]
    assert altered["trainingImages"] == [{"id": image["id"]} for image in plain["trainingImages"]]


async def test_null_fields(wire: Wire) -> None:
    """Fields are null, but none that a client needs to continue."""
    plain, altered = await both(wire, Altered("null fields"))
    assert altered.keys() == plain.keys()
    kept = {name for name, value in altered.items() if value is not None}
    assert kept == KEPT
    assert altered["trainingImages"][0].keys() == plain["trainingImages"][0].keys()
    assert altered["trainingImages"][0]["downloadUrl"] is None


async def test_unknown_fields(wire: Wire) -> None:
    """Every object has an undocumented field, and all other fields are unchanged."""
    plain, altered = await both(wire, Altered("unknown fields"))
    for before, after in ((plain, altered), (plain["trainingImages"][1], altered["trainingImages"][1])):
        (unknown,) = after.keys() - before.keys()
        assert after[unknown]
        same = after.keys() - {unknown, "trainingImages"} - {"downloadUrl"}
        assert {name: after[name] for name in same} == {name: before[name] for name in same}


async def test_unknown_values(wire: Wire) -> None:
    """Enumerations have an undocumented value."""
    plain, altered = await both(wire, Altered("unknown values"))
    changed = {name for name in plain if plain[name] != altered[name]} - {"trainingImages"}
    assert changed == {"privacy", "source", "type"}


async def test_numbers_as_strings(wire: Wire) -> None:
    """Numbers are strings of digits; booleans are unchanged."""
    plain, altered = await both(wire, Altered("numbers as strings"))
    assert (plain["trainingImagesNumber"], altered["trainingImagesNumber"]) == (2, "2")
    assert altered["custom"] is True


@pytest.mark.parametrize(
    ("alteration", "expected"),
    [("missing fields", "absent"), ("null fields", None), ("unknown values", "unheard-of")],
)
async def test_named_fields(wire: Wire, alteration: Alteration, expected: str | None) -> None:
    """Fields that are named are altered at every depth, ids too; other fields are unchanged."""
    plain, altered = await both(wire, Altered(alteration, ("id",)))
    assert altered.get("id", "absent") == expected
    assert [image.get("id", "absent") for image in altered["trainingImages"]] == [expected] * 2
    assert {**altered, "id": "", "trainingImages": []} == {**plain, "id": "", "trainingImages": []}


async def test_refusals_are_not_altered(wire: Wire) -> None:
    """A refusal is not altered, and the fault is not counted."""
    wire.sandbox.faults = Faults(Rule(Altered("missing fields")))
    answer = await wire.ask("GET", "/models/model_x")
    assert (answer.status, answer.body["name"]) == (404, "NotFoundError")
    assert wire.sandbox.faults.count() == 0


async def test_the_top_level_is_not_altered(wire: Wire) -> None:
    """The members at the top of a response are unchanged, and so is the token of a list's next page."""
    for _ in range(2):
        await wire.asset()
    wire.sandbox.faults = Faults(Rule(Altered("missing fields")))
    answer = await wire.ask("GET", "/assets?pageSize=1")
    assert answer.body.keys() == {"assets", "nextPaginationToken"}
    (asset,) = answer.body["assets"]
    assert {"id", "status", "url", "metadata"} <= asset.keys()
    assert not {"mimeType", "tags", "createdAt"} & asset.keys()
    assert "name" not in asset["metadata"]


async def test_change_was_made(wire: Wire) -> None:
    """A request with an altered response was processed."""
    wire.sandbox.faults = Faults(Rule(Altered("missing fields", ("model",))))
    answer = await wire.ask("POST", "/models", {"name": "a"})
    assert (answer.status, answer.body) == (200, {})
    assert len(wire.sandbox.state.models) == 1


def test_unknown_alteration() -> None:
    """An unknown kind of alteration is refused."""
    with pytest.raises(ValueError, match="alteration"):
        Altered("fewer fields")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - that's the point
