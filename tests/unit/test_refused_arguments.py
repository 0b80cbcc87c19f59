"""Invalid arguments are refused by name on both clients, before any request is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from scenario_async import AsyncScenario, InvalidArgumentError, Scenario
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
        *(({"asset_id": wrong}, "asset_id") for wrong in (5, b"a", ["a"], {"id": "a"}, Path("a"), object())),
        ({"asset_ids": {"a": 1}}, "asset_ids"),
        ({"asset_ids": [b"a"]}, "asset_ids"),
    ],
)
async def test_invalid_asset_ids_are_refused(
    service: Service, call: Call, kwargs: dict[str, Any], argument: str
) -> None:
    """No ids, too many ids, an empty id, and values of another type are refused by name."""
    for operation, of in ((ADD, {"model_id": "m"}), (REPLACE, {"model_id": "m", "training_image_id": "i"})):
        with pytest.raises(InvalidArgumentError) as caught:
            await call(operation, **of, **kwargs)
        assert caught.value.argument == argument
    assert service.sent == []


@pytest.mark.parametrize(
    ("operation", "kwargs", "argument"),
    [
        (ADD, {"model_id": "m", "asset_id": "a", "name": b"x"}, "name"),
        (ADD, {"model_id": "m", "asset_id": "a", "preset": object()}, "preset"),
        ("models.create", {"name": b"x", "type": "flux.1-lora"}, "name"),
        ("models.create", {"name": "\ud800", "type": "flux.1-lora"}, "name"),
        ("models.create", {"name": "x", "extra_body": {"a": b"x"}}, "extra_body"),
    ],
)
async def test_fields_that_json_cannot_represent_are_named(
    service: Service, call: Call, operation: str, kwargs: dict[str, Any], argument: str
) -> None:
    with pytest.raises(InvalidArgumentError, match="only values that JSON can represent") as caught:
        await call(operation, **kwargs)
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


@pytest.mark.parametrize("method", ["get", "post", "delete"])
@pytest.mark.parametrize("path", [None, 5, b"/x", ["/x"], "/\ud800"])
async def test_paths_of_another_type_are_refused(
    service: Service, call: Call, method: str, path: Any
) -> None:
    with pytest.raises(InvalidArgumentError, match="a path below the base URL is needed") as caught:
        await call(method, path)
    assert (caught.value.argument, caught.value.value) == ("path", path)
    assert service.sent == []


@pytest.mark.parametrize("wrong", ["s3cret=1", ["s3cret"], [("s3cret", 1)], 53])
@pytest.mark.parametrize(
    ("operation", "argument"),
    [
        ("get", "query"),
        ("models.list", "extra_query"),
        ("models.list", "extra_headers"),
        ("with_options", "extra_query"),
        ("with_options", "extra_headers"),
        ("with_options", "default_query"),
        ("with_options", "default_headers"),
        ("with_options", "set_default_headers"),
        ("with_options", "set_default_query"),
    ],
)
async def test_headers_and_queries_that_are_no_mapping_are_refused(
    service: Service, call: Call, operation: str, argument: str, wrong: Any
) -> None:
    """The error does not show the value, which may be a secret."""
    args = ["/models"] if operation == "get" else []
    with pytest.raises(InvalidArgumentError, match="a mapping of names to values is needed") as caught:
        await call(operation, *args, **{argument: wrong})
    assert caught.value.argument == argument
    assert "s3" not in str(caught.value)
    assert service.sent == []


@pytest.mark.parametrize(
    ("operation", "args", "argument"),
    [
        ("get", ["/models"], "query"),
        ("models.list", [], "extra_query"),
        ("with_options", [], "default_query"),
    ],
)
async def test_names_of_parameters_with_a_lone_surrogate_are_refused(
    service: Service, call: Call, operation: str, args: list[Any], argument: str
) -> None:
    with pytest.raises(InvalidArgumentError, match="surrogates") as caught:
        await call(operation, *args, **{argument: {"a\ud800": 1}})
    assert (caught.value.argument, caught.value.value) == (argument, "a\ud800")
    assert service.sent == []


@pytest.mark.parametrize("client", [AsyncScenario, Scenario])
@pytest.mark.parametrize(
    ("argument", "wrong"),
    [
        ("allow_http", 5),
        ("allow_http", [5]),
        ("allow_http", None),
        ("allow_http", b"host"),
        ("trace_configs", 5),
        ("trace_configs", None),
        ("trace_configs", "trace"),
        ("trace_configs", [aiohttp.TraceConfig]),
        ("project_id", "\ud800"),
        ("project_id", 5),
        ("default_headers", 5),
        ("default_query", "a=1"),
        ("strict", "no"),
        ("strict", 1),
        ("strict", None),
    ],
)
def test_options_of_a_client_of_another_type_are_refused(
    client: type[Any], argument: str, wrong: Any
) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        client(api_key="k", api_secret="s", **{argument: wrong})
    assert caught.value.argument == argument


@pytest.mark.parametrize("wrong", ["\ud800", 5])
async def test_a_derived_client_refuses_the_same_projects(call: Call, wrong: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        await call("with_options", project_id=wrong)
    assert (caught.value.argument, caught.value.value) == ("project_id", wrong)


async def test_a_derived_client_refuses_the_same_strictness(call: Call) -> None:
    with pytest.raises(InvalidArgumentError, match="True or False is needed"):
        await call("with_options", strict="no")


async def test_a_data_url_with_a_lone_surrogate_is_refused(service: Service, call: Call) -> None:
    for content in (",\ud800<svg/>", ";base64,\ud800", ";\ud800;base64,\ud800"):
        with pytest.raises(InvalidArgumentError) as caught:
            await call(ADD, "m", data=f"data:image/svg+xml{content}")
        assert caught.value.argument == "data"
    assert service.sent == []
