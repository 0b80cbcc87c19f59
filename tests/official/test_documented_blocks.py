"""The documented uses of the official package that tests/contract/test_readme_examples.py does not show.

Each program runs with both packages; only the import differs.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from types import ModuleType
from typing import Any

import httpx
import pytest

import scenario_async
from scenario_async import InvalidArgumentError
from tests.contract.clients import each_package
from tests.contract.server import RecordingServer, recording_server


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Generator[RecordingServer]:
    """A service whose address and key are in the environment."""
    monkeypatch.setenv("SCENARIO_SDK_API_KEY", "key")
    monkeypatch.setenv("SCENARIO_SDK_API_SECRET", "secret")
    with recording_server() as server:
        monkeypatch.setenv("SCENARIO_BASE_URL", server.base_url)
        server.answer({"assets": [{"id": "asset_1"}], "trainingImage": {"id": "asset_2"}, "new": 1})
        yield server


@each_package
@pytest.mark.usefixtures("server")
async def test_aiohttp_as_http_client(package: ModuleType) -> None:
    """An asynchronous client that is configured to use aiohttp."""
    http_client = package.DefaultAioHttpClient()
    async with package.AsyncScenario(
        api_key=os.environ.get("SCENARIO_SDK_API_KEY"), http_client=http_client
    ) as client:
        page = await client.assets.list()
    assert page.assets[0].id == "asset_1"


@each_package
@pytest.mark.usefixtures("server")
def test_timeouts(package: ModuleType) -> None:
    """Timeouts in seconds and by kind, for a client and for a call."""
    with package.Scenario(timeout=httpx.Timeout(60.0, read=5.0, write=10.0, connect=2.0)) as client:
        assert client.with_options(timeout=5.0).assets.list().assets[0].id == "asset_1"


@each_package
@pytest.mark.usefixtures("server")
def test_headers_of_a_response(package: ModuleType) -> None:
    """The raw response has headers, and the value."""
    with package.Scenario() as client:
        response = client.assets.with_raw_response.list()
        assert response.headers.get("content-type") == "application/json"
        assert response.parse().assets[0].id == "asset_1"


@each_package
@pytest.mark.usefixtures("server")
def test_lines_of_a_streamed_response(package: ModuleType) -> None:
    """A streamed response has headers, and lines."""
    with package.Scenario() as client, client.assets.with_streaming_response.list() as response:
        assert response.headers.get("content-type") == "application/json"
        assert "asset_1" in "".join(response.iter_lines())


@each_package
@pytest.mark.usefixtures("server")
def test_an_undocumented_operation(package: ModuleType) -> None:
    """A request by its path returns a response with headers."""
    with package.Scenario() as client:
        response = client.post("/foo", cast_to=httpx.Response, body={"my_param": True})
        assert response.headers.get("content-type") == "application/json"
        assert response.json()["new"] == 1


@each_package
@pytest.mark.usefixtures("server")
def test_members_and_nulls(package: ModuleType) -> None:
    """Undocumented members are attributes and in `model_extra`; `model_fields_set` has the received names."""
    with package.Scenario() as client:
        asset: Any = client.assets.list().assets[0]
    assert "id" in asset.model_fields_set
    assert "url" not in asset.model_fields_set
    assert asset.model_extra == {}


@each_package
@pytest.mark.usefixtures("server")
def test_replacing_a_training_image(package: ModuleType) -> None:
    """The example on the operation's page works."""
    with package.Scenario(
        api_key=os.environ.get("SCENARIO_SDK_API_KEY"), api_secret=os.environ.get("SCENARIO_SDK_API_SECRET")
    ) as client:
        response = client.models.training_images.replace(
            training_image_id="trainingImageId", model_id="modelId", asset_id="asset_2"
        )
    assert response.training_image.id == "asset_2"


@each_package
def test_the_version(package: ModuleType) -> None:
    """The version can be read at run time."""
    assert package.__version__[0].isdigit()


@pytest.mark.usefixtures("server")
def test_an_http_client_of_httpx() -> None:
    """A configured client of httpx cannot work here: the error says what to use instead."""
    with pytest.raises(InvalidArgumentError, match="session="):
        scenario_async.Scenario(
            http_client=scenario_async.DefaultHttpxClient(proxy="http://proxy.example")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
        )
