"""Options of a call and of a client, with the names of the official package."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Generator
from types import ModuleType
from typing import Any, Final

import aiohttp
import pytest
import scenario_sdk

import scenario_async
from scenario_async import APITimeoutError, InvalidArgumentError
from scenario_async._internal.declare.omitted import NOT_GIVEN, omit
from tests.contract.server import RecordingServer, recording_server

EXTRA_QUERY: Final[dict[str, Any]] = {
    "deleted": True,
    "tags": ["a", "b"],
    "limit": 3,
    "gone": None,
    "pageSize": 7,
}


@pytest.fixture(scope="module")
def server() -> Generator[RecordingServer]:
    """One server for this file."""
    with recording_server() as server:
        yield server


@pytest.fixture
def arguments(server: RecordingServer) -> dict[str, Any]:
    """The arguments of the clients."""
    server.answer({"models": [], "model": {"id": "model_1"}})
    server.taken()
    return {"api_key": "key", "api_secret": "secret", "base_url": server.base_url, "max_retries": 0}


def query_of(server: RecordingServer) -> dict[str, str]:
    """The query of the only request; a repeated name fails."""
    (request,) = server.taken()
    assert len(dict(request.query)) == len(request.query)
    return dict(request.query)


def test_extra_query_is_written_as_in_the_official_package(
    server: RecordingServer, arguments: dict[str, Any]
) -> None:
    """Booleans, lists and None in `extra_query` are written alike, and replace arguments of the same name."""
    extra = {name: value for name, value in EXTRA_QUERY.items() if value is not None}
    with scenario_sdk.Scenario(**arguments) as official:
        official.models.list(page_size=3, extra_query=extra)
    expected = query_of(server)
    with scenario_async.Scenario(**arguments) as client:
        client.models.list(page_size=3, extra_query=EXTRA_QUERY)
        assert query_of(server) == expected
        client.with_options(extra_query=EXTRA_QUERY).models.list(page_size=3)
        assert query_of(server) == expected
        client.with_options(extra_query={"limit": 1}).models.list(page_size=3, extra_query=EXTRA_QUERY)
        assert query_of(server) == expected


def test_extra_body_adds_members(server: RecordingServer, arguments: dict[str, Any]) -> None:
    """`extra_body` adds members to the JSON body, also where an operation has none, but not to a GET."""
    with scenario_sdk.Scenario(**arguments) as official:
        official.models.list(extra_body={"a": 1})
    assert [request.body for request in server.taken()] == [None]
    with scenario_async.Scenario(**arguments) as client:
        client.models.create(name="n", extra_body={"type": "custom", "isNew": None})
        client.models.delete("m", extra_body={"a": 1})
        client.models.list(extra_body={"a": 1})
        bodies = [json.loads(request.body or "null") for request in server.taken()]
        with pytest.raises(InvalidArgumentError, match="extra_body"):
            client.models.create(name="n", extra_body=["a"])
        with pytest.raises(InvalidArgumentError, match="extra_body"):
            client.models.training_images.replace_pairs("m", body=[], extra_body={"a": 1})
    assert bodies == [{"name": "n", "type": "custom", "isNew": None}, {"a": 1}, None]
    assert server.taken() == []


async def test_extra_headers_of_one_call(headers: list[dict[str, str]], echo: str) -> None:
    """`extra_headers` are sent with this call only, beside the client's; `omit` removes one of those."""
    async with scenario_async.AsyncScenario(api_key="key", api_secret="secret", base_url=echo) as client:
        labelled = client.with_options(extra_headers={"X-One": "1", "X-Two": "2"})
        await labelled.models.list(extra_headers={"x-one": omit, "X-Three": "3"})
        await labelled.models.list()
        with pytest.raises(InvalidArgumentError, match="credentials"):
            await client.models.list(extra_headers={"Authorization": "Bearer x"})
        with pytest.raises(InvalidArgumentError, match="line breaks"):
            await client.models.list(extra_headers={"X-Four": "a\r\nb"})
    sent = [{name: each[name] for name in ("X-One", "X-Two", "X-Three") if name in each} for each in headers]
    assert sent == [{"X-Two": "2", "X-Three": "3"}, {"X-One": "1", "X-Two": "2"}]


@pytest.fixture
def headers() -> list[dict[str, str]]:
    """The headers of each request to `echo`."""
    return []


@pytest.fixture
async def echo(headers: list[dict[str, str]]) -> Any:
    """A server that records the headers of requests."""
    from aiohttp import web
    from aiohttp.test_utils import TestServer

    async def keep(request: web.Request) -> web.Response:
        headers.append(dict(request.headers))
        return web.json_response({"models": []})

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", keep)
    async with TestServer(application) as server:
        yield str(server.make_url("/v1"))


def test_timeout_of_one_call(server: RecordingServer, arguments: dict[str, Any]) -> None:
    """`timeout` limits one call; `NOT_GIVEN` keeps the client's limit; a negative timeout is refused."""
    server.keep_silent()
    with scenario_async.Scenario(**arguments) as client:
        started = time.monotonic()
        for call in (
            lambda: client.models.list(timeout=0.2),
            lambda: client.models.list(timeout=aiohttp.ClientTimeout(total=0.2)),
            lambda: client.with_options(timeout=0.2).models.list(timeout=NOT_GIVEN),
            lambda: client.with_options(timeout=0.2).models.retrieve("model_1"),
        ):
            with pytest.raises(APITimeoutError):
                call()
        assert time.monotonic() - started < 20
        wrong: list[Any] = [-1, 0, True, "5", float("nan"), float("inf"), 10**400]
        for timeout in [*wrong, *(aiohttp.ClientTimeout(total=one) for one in wrong[3:])]:
            with pytest.raises(InvalidArgumentError, match=r"^timeout: "):
                client.models.list(timeout=timeout)


async def test_no_timeout(server: RecordingServer, arguments: dict[str, Any]) -> None:
    """`timeout=None` means no limit, for a client, its copy and one call."""
    server.keep_silent()
    async with scenario_async.AsyncScenario(**arguments, timeout=0.2) as client:
        without = asyncio.gather(
            client.with_options(timeout=None).models.retrieve("m"), client.models.retrieve("m", timeout=None)
        )
        done, _ = await asyncio.wait([without], timeout=0.6)
        assert not done
        without.cancel()
        with pytest.raises(asyncio.CancelledError):
            await without


def test_not_given_is_not_sent(server: RecordingServer, arguments: dict[str, Any]) -> None:
    """`NOT_GIVEN` and `omit` mean arguments that were not passed, at the top and in nested dicts."""
    with scenario_async.Scenario(**arguments) as client:
        client.models.list(page_size=NOT_GIVEN, tags=omit)
        client.models.create(name=omit, concepts=[{"model_id": "m", "scale": NOT_GIVEN}])
    listed, created = server.taken()
    assert listed.query == ()
    assert json.loads(created.body or "") == {"concepts": [{"modelId": "m"}]}
    assert (repr(NOT_GIVEN), repr(omit)) == ("NOT_GIVEN", "omit")


def test_null_in_a_free_body_is_sent(server: RecordingServer, arguments: dict[str, Any]) -> None:
    """A null in the body of `run_model` is sent: it disables a default of the model."""
    bodies: list[str | None] = []
    for package in (scenario_sdk, scenario_async):
        with package.Scenario(**arguments) as client:
            client.generate.run_model("m", body={"seed": None, "prompt": "p"})
        (request,) = server.taken()
        bodies.append(request.body)
    assert bodies[0] == bodies[1] == '{"prompt": "p", "seed": null}'


def test_a_float_is_a_float(server: RecordingServer, arguments: dict[str, Any]) -> None:
    """A number that is documented as a float is a float, also if the JSON has no decimal point."""
    server.answer({"tags": [], "count": 3, "model": {"id": "m", "trainingImagesNumber": 25}})
    kinds: list[Any] = []
    for package in (scenario_sdk, scenario_async):
        with package.Scenario(**arguments) as client:
            kinds.append(type(client.models.retrieve("m").model.training_images_number))
    assert kinds == [float, float]


@pytest.mark.parametrize("package", [scenario_sdk, scenario_async])
def test_arguments_replace_the_default_query(
    server: RecordingServer, arguments: dict[str, Any], package: ModuleType
) -> None:
    """`default_query` is for parameters that the call does not name, in declared and in raw requests."""
    arguments["default_query"] = {"pageSize": 9, "projectId": "p"}
    with package.Scenario(**arguments) as client:
        client.models.list(page_size=3)
        assert query_of(server) == {"pageSize": "3", "projectId": "p"}
        client.models.list(extra_query={"pageSize": 4})
        assert query_of(server) == {"pageSize": "4", "projectId": "p"}
        client.copy(default_query={"pageSize": 8}).models.list(page_size=5)
        assert query_of(server) == {"pageSize": "5", "projectId": "p"}
        client.copy(set_default_query={"pageSize": 8}).models.list()
        assert query_of(server) == {"pageSize": "8"}


def test_the_default_query_of_a_raw_request(server: RecordingServer, arguments: dict[str, Any]) -> None:
    """`query` replaces parameters of `default_query`."""
    with scenario_async.Scenario(**arguments, default_query={"a": 1, "b": True}) as client:
        client.get("/things", query={"a": 2})
    assert query_of(server) == {"a": "2", "b": "true"}


@pytest.mark.parametrize("package", [scenario_sdk, scenario_async])
async def test_the_content_type_of_a_body(
    headers: list[dict[str, str]], echo: str, package: ModuleType
) -> None:
    """It is JSON, also without a body; `extra_headers` replaces it."""
    async with package.AsyncScenario(api_key="k", api_secret="s", base_url=echo) as client:
        await client.models.create(name="n")
        await client.models.create(name="n", extra_headers={"Content-Type": "application/x+json"})
        await client.post("/things", cast_to=object)
    types = [sent["Content-Type"] for sent in headers]
    assert types == ["application/json", "application/x+json", "application/json"]
