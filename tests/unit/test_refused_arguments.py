"""Invalid arguments are refused by name on both clients, before any request is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scenario_async import InvalidArgumentError
from scenario_async.values.training_image import GROUP_LIMIT

from .cases import ADD, DELETE, PAIRS, PNG, REPLACE
from .conftest import Call
from .mocked import Service


@pytest.mark.parametrize(
    ("operation", "kwargs", "argument"),
    [
        (ADD, {"asset_id": "a"}, "model_id"),
        (REPLACE, {"training_image_id": "img"}, "model_id"),
        (REPLACE, {"model_id": "m"}, "training_image_id"),
        (PAIRS, {"body": []}, "model_id"),
        (DELETE, {"training_image_id": "img"}, "model_id"),
        (DELETE, {"model_id": "m"}, "training_image_id"),
        ("models.retrieve", {}, "model_id"),
        ("models.delete", {}, "model_id"),
        ("assets.retrieve", {}, "asset_id"),
        ("assets.update", {}, "asset_id"),
        ("uploads.retrieve", {}, "upload_id"),
        ("uploads.trigger_action", {"action": "complete"}, "upload_id"),
    ],
)
async def test_invalid_ids_are_refused(
    service: Service, call: Call, operation: str, kwargs: dict[str, Any], argument: str
) -> None:
    """An id that would change the path is refused by name, and nothing is sent."""
    for wrong in ("", "  ", ".", ".."):
        with pytest.raises(InvalidArgumentError) as caught:
            await call(operation, **kwargs, **{argument: wrong})
        assert (caught.value.argument, caught.value.value) == (argument, wrong)
    assert service.sent == []


@pytest.mark.parametrize(
    ("kwargs", "argument"),
    [
        ({"asset_ids": []}, "asset_ids"),
        ({"asset_ids": [f"asset_{number}" for number in range(GROUP_LIMIT + 1)]}, "asset_ids"),
        ({"asset_ids": ["a", ""]}, "asset_ids"),
        ({"asset_ids": "asset_1"}, "asset_ids"),
        ({"asset_id": ""}, "asset_id"),
        ({"asset_id": " "}, "asset_id"),
    ],
)
async def test_invalid_asset_ids_are_refused(
    service: Service, call: Call, kwargs: dict[str, Any], argument: str
) -> None:
    """No ids, too many ids, an empty id, or a string instead of a list are refused by name."""
    for operation, of in ((ADD, {"model_id": "m"}), (REPLACE, {"model_id": "m", "training_image_id": "i"})):
        with pytest.raises(InvalidArgumentError) as caught:
            await call(operation, **of, **kwargs)
        assert caught.value.argument == argument
    assert service.sent == []


async def test_an_asset_without_a_name_is_refused(service: Service, call: Call, tmp_path: Path) -> None:
    """The service needs a name for every asset.

    Bytes have no name, and the name of a thumbnail is not used.
    """
    path = tmp_path / "thumb.png"
    path.write_bytes(PNG)
    for kwargs in ({"image": PNG}, {"image": PNG, "name": ""}, {"canvas": "{}", "thumbnail": path}):
        with pytest.raises(InvalidArgumentError) as caught:
            await call("assets.upload", **kwargs)
        assert caught.value.argument == "name"
    assert service.sent == []


def _nested(kind: str, depth: int) -> Any:
    value: Any = "innermost"
    for _ in range(depth):
        value = {"tuple": (value,), "list": [value], "dict": {"a": value}}[kind]
    return value


@pytest.mark.parametrize("kind", ["tuple", "list", "dict"])
@pytest.mark.parametrize(
    ("operation", "argument"),
    [("generate.run_model", "body"), ("models.create", "extra_body"), ("post", "body")],
)
async def test_values_that_are_nested_too_deeply_are_refused(
    service: Service, call: Call, operation: str, argument: str, kind: str
) -> None:
    """The JSON library would end the process for nested tuples."""
    arguments: dict[str, Any] = {argument: {"a": _nested(kind, 20_000)}}
    arguments |= {"generate.run_model": {"model_id": "m"}, "post": {"path": "/models"}}.get(operation, {})
    with pytest.raises(InvalidArgumentError, match=f"^{argument}: there are too many lists and dicts within"):
        await call(operation, **arguments)
    assert service.sent == []
