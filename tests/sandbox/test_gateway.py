"""Checks of every API request: credentials, size and form of the body, project."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest

from scenario_async.sandbox._internal.parameters import BODY_LIMIT

from .wire import Wire, basic, encoded, picture, running

JSON = {"Content-Type": "application/json"}
UPLOAD = {"kind": "image", "fileName": "a", "contentType": "image/png", "fileSize": 1, "parts": 1}


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        basic("sandbox-key", "wrong"),
        basic("wrong", "sandbox-secret"),
        basic("sandbox-secret", "sandbox-key"),
        basic("sandbox-key", "sandbox-secret").removeprefix("Basic "),
        "Bearer sandbox-secret",
        "Bearer ",
        "Bearer None",
        "Basic caf\u00e9",
    ],
)
async def test_wrong_credentials(wire: Wire, authorization: str | None) -> None:
    """Wrong credentials are refused everywhere below /v1."""
    headers = {} if authorization is None else {"Authorization": authorization}
    for method, path in (("GET", "/models"), ("POST", "/assets"), ("GET", "/anything/else")):
        answer = await wire.fetch(method, wire.sandbox.base_url + path, headers=headers)
        assert (answer.status, answer.content_type) == (401, "application/json")
        assert answer.body == {"message": "Unauthorized"}
    assert not wire.sandbox.state.assets


async def test_scheme_in_any_case(wire: Wire) -> None:
    """The scheme may be in any case."""
    header = basic("sandbox-key", "sandbox-secret").replace("Basic", "bASIC")
    assert (await wire.ask("GET", "/models", headers={"Authorization": header})).status == 200


async def test_bearer_token() -> None:
    """A token is accepted if one is configured, and the key is still accepted."""
    async with running(jwt="the.jwt.token") as wire:
        for header, status in (("Bearer the.jwt.token", 200), ("Bearer the.jwt", 401), ("Bearer", 401)):
            assert (await wire.ask("GET", "/models", headers={"Authorization": header})).status == status
        assert (await wire.ask("GET", "/models")).status == 200


async def test_credentials_beyond_ascii() -> None:
    """A key may have letters beyond ASCII."""
    async with running(api_key="clé", api_secret="g\u00fcnther:\u2603") as wire:
        assert (await wire.ask("GET", "/models")).status == 200


async def test_unsupported_operation(wire: Wire) -> None:
    """The response to an unsupported operation says that it is unsupported."""
    for method, path in (
        ("GET", "/generate"),
        ("POST", "/generate/txt2img"),
        ("PATCH", "/models"),
        ("HEAD", "/models"),
        ("POST", "/models/model_x/train"),
    ):
        answer = await wire.ask(method, path)
        assert answer.status == 501
        if method != "HEAD":
            assert answer.body["name"] == "NotImitatedError"
            assert f"sandbox does not imitate {method} /v1{path}" in answer.body["reason"]


async def test_outside_the_api(wire: Wire) -> None:
    """The response says what the base URL lacks: a client without ``/v1`` sends all its requests there."""
    origin = wire.sandbox.base_url.removesuffix("/v1")
    for path in ("/", "/v2/models", "/models", "/v1"):
        answer = await wire.fetch("GET", origin + path)
        message = "No such path: the base URL of this sandbox ends in /v1"
        assert (answer.status, answer.body) == (404, {"message": message})
    answer = await wire.fetch("GET", origin + "/storage/other")
    assert (answer.status, answer.body) == (404, {"message": "Not Found"})


def upload_body(size: int) -> bytes:
    """An asset upload of exactly this many bytes, padded with spaces."""
    start = f'{{"name": "a.png", "image": "{encoded(picture())}"'.encode()
    return start + b" " * (size - len(start) - 1) + b"}"


async def chunks(body: bytes) -> AsyncIterator[bytes]:
    """A body of unknown length."""
    for start in range(0, len(body), 100_000):
        yield body[start : start + 100_000]


async def test_oversize_body(wire: Wire) -> None:
    """A body over 6 MB is refused with the service's misleading message, and the connection stays open."""
    assert BODY_LIMIT == 6_000_000
    for size, status in ((BODY_LIMIT, 200), (BODY_LIMIT + 1, 400), (3 * BODY_LIMIT, 400)):
        for data in (io.BytesIO(upload_body(size)), chunks(upload_body(size))):
            answer = await wire.ask("POST", "/assets", headers=JSON, data=data)
            assert answer.status == status
            if status == 400:
                assert answer.body["reason"] == "Unhandled image format"
                assert "Connection" not in answer.headers
    assert len(wire.sandbox.state.assets) == 2


@pytest.mark.parametrize(
    "body", [b"{", b"{'name': 'a'}", b'{"name": NaN}', b"\xff", b'{"name": "\xff"}', b"a=b"]
)
async def test_invalid_json(wire: Wire, body: bytes) -> None:
    """A body that is not JSON is refused."""
    answer = await wire.ask("POST", "/models", headers=JSON, data=body)
    assert answer.status == 400
    assert "not valid JSON" in answer.body["reason"]


async def test_undeclared_json(wire: Wire) -> None:
    """A body must be declared as JSON."""
    for declared in (
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ):
        answer = await wire.ask("POST", "/models", headers=declared, data=b'{"name": "a"}')
        assert answer.status == 400
        assert "Content-Type" in answer.body["reason"]
    charset = {"Content-Type": "application/json; charset=utf-8"}
    assert (await wire.ask("POST", "/models", headers=charset, data=b'{"name": "a"}')).status == 200
    assert len(wire.sandbox.state.models) == 1


@pytest.mark.parametrize("body", [[], "text", 1, True])
async def test_body_that_is_not_an_object(wire: Wire, body: Any) -> None:
    """A body that is not an object is refused."""
    assert (await wire.ask("POST", "/models", body)).status == 400


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/models", {"name": None}),
        ("POST", "/models", {"unknown": None}),
        ("PUT", "/models/{modelId}", {"shortDescription": None}),
        ("POST", "/models", {"concepts": [{"modelId": None, "scale": 1}]}),
        ("POST", "/assets", {"name": "a", "image": None}),
        ("PUT", "/assets/{assetId}", {"description": None}),
        ("POST", "/models/{modelId}/training-images", {"assetId": None}),
        ("POST", "/models/{modelId}/training-images", {"assetId": "asset_x", "preset": None}),
        ("PUT", "/models/{modelId}/training-images/pairs", [{"instruction": None}]),
        ("POST", "/uploads", {"kind": None}),
        ("POST", "/uploads", {"kind": "image", "assetOptions": {"hide": None}}),
    ],
)
async def test_null(wire: Wire, method: str, path: str, body: Any) -> None:
    """Null is refused for any parameter."""
    ids = {"modelId": await wire.model(), "assetId": await wire.asset()}
    answer = await wire.ask(method, path.format_map(ids), body)
    assert answer.status == 400
    assert "must not be null" in answer.body["reason"]
    assert answer.body["details"]["field"] in answer.body["reason"]


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/models", {"name": 1}, "name"),
        ("POST", "/models", {"type": ["flux.1-lora"]}, "type"),
        ("POST", "/models", {"collectionIds": "c"}, "collectionIds"),
        ("POST", "/models", {"collectionIds": [1]}, "collectionIds"),
        ("POST", "/models", {"concepts": {}}, "concepts"),
        ("POST", "/models", {"concepts": [{"scale": 1}]}, "modelId"),
        ("POST", "/models", {"concepts": [{"modelId": "model_x", "scale": True}]}, "scale"),
        ("POST", "/assets", {"name": "a", "image": 1}, "image"),
        ("POST", "/assets", {"image": "a"}, "name"),
        ("POST", "/assets", {"name": "a"}, "image"),
        ("POST", "/assets", {"name": "a", "image": "a", "hide": "true"}, "hide"),
        ("PUT", "/assets/{assetId}", {"description": 1}, "description"),
        ("DELETE", "/assets", {}, "assetIds"),
        ("DELETE", "/assets", {"assetIds": []}, "assetIds"),
        ("POST", "/models/{modelId}/training-images", {"assetId": 1}, "assetId"),
        ("POST", "/models/{modelId}/training-images", {"assetIds": "a"}, "assetIds"),
        ("POST", "/models/{modelId}/training-images", {"assetIds": [None]}, "assetIds"),
        ("POST", "/models/{modelId}/training-images", {"assetIds": []}, "assetIds"),
        ("POST", "/models/{modelId}/training-images", {"assetId": "a", "preset": "other"}, "preset"),
        ("POST", "/models/{modelId}/training-images", {"assetId": "a", "data": 1}, "data"),
        ("POST", "/uploads", {"kind": "picture"}, "kind"),
        ("POST", "/uploads", {**UPLOAD, "assetOptions": {"hide": 1}}, "hide"),
        ("POST", "/uploads", {**UPLOAD, "assetOptions": {"collectionIds": {}}}, "collectionIds"),
        ("POST", "/uploads/{uploadId}/action", {}, "action"),
        ("POST", "/uploads/{uploadId}/action", {"action": "cancel"}, "action"),
    ],
)
async def test_wrong_type_or_value(
    wire: Wire, method: str, path: str, body: dict[str, Any], field: str
) -> None:
    """A wrong type or value is refused by name."""
    upload_id = (await wire.ask("POST", "/uploads", UPLOAD)).body["upload"]["id"]
    ids = {"modelId": await wire.model(), "assetId": await wire.asset(), "uploadId": upload_id}
    answer = await wire.ask(method, path.format_map(ids), body)
    assert answer.status == 400, answer
    assert answer.body["details"] == {"field": field}
    assert field in answer.body["reason"]


async def test_unknown_fields(wire: Wire) -> None:
    """Unknown fields are ignored."""
    answer = await wire.ask("POST", "/models", {"name": "a", "unknown": {"deep": [1]}})
    assert answer.status == 200
    assert "unknown" not in answer.body["model"]


async def test_project_bound_key() -> None:
    """A key of a project is refused for any other project."""
    async with running(project_id="proj_mine") as wire:
        for query, status in (("", 200), ("?projectId=proj_mine", 200), ("?projectId=proj_other", 403)):
            assert (await wire.ask("GET", "/models" + query)).status == status
            assert (await wire.ask("POST", "/models" + query, {})).status == status
        assert len(wire.sandbox.state.models) == 2
        assert (await wire.ask("GET", "/models?projectId=")).status == 403


async def test_any_project(wire: Wire) -> None:
    """Without a configured project, any project is accepted."""
    assert (await wire.ask("GET", "/models?projectId=proj_any")).status == 200


async def test_query_boolean(wire: Wire) -> None:
    """A boolean in the query is ``true`` or ``false``."""
    asset_id = await wire.asset()
    for value, status in (("true", 200), ("false", 200), ("True", 400), ("1", 400), ("", 400)):
        assert (await wire.ask("GET", f"/assets/{asset_id}?originalAssets={value}")).status == status
