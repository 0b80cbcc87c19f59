"""The examples of the official package's README, run with each package: only the import differs."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator
from types import ModuleType
from typing import Any

import pytest

import scenario_async
from scenario_async.sandbox import Sandbox

from .clients import calling, each_package
from .server import RecordingServer
from .test_training_flow import PICTURES, encoded

pytestmark = each_package

ASSETS = 5


@pytest.fixture
async def sandbox(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Sandbox]:
    """A sandbox with a few assets; its address is in the environment."""
    async with Sandbox() as sandbox:
        async with calling(scenario_async, sandbox, blocking=False) as call:
            for number in range(ASSETS):
                await call("assets.upload", name=f"{number}.jpg", image=encoded(PICTURES[number]))
        monkeypatch.setenv("SCENARIO_SDK_API_KEY", sandbox.api_key)
        monkeypatch.setenv("SCENARIO_SDK_API_SECRET", sandbox.api_secret)
        monkeypatch.setenv("SCENARIO_BASE_URL", sandbox.base_url)
        yield sandbox


@pytest.mark.usefixtures("sandbox")
async def test_list_assets(package: ModuleType) -> None:
    """The first example: a client with the credentials of the environment lists assets."""

    def program() -> int:
        with package.Scenario(
            api_key=os.environ.get("SCENARIO_SDK_API_KEY"),
            api_secret=os.environ.get("SCENARIO_SDK_API_SECRET"),
        ) as client:
            page = client.assets.list()
            return len(page.assets)

    assert await asyncio.to_thread(program) == ASSETS


@pytest.mark.usefixtures("sandbox")
async def test_list_assets_awaited(package: ModuleType) -> None:
    """The same on the asynchronous client, with all settings from the environment."""
    async with package.AsyncScenario() as client:
        page = await client.assets.list()
    assert len(page.assets) == ASSETS


@pytest.mark.usefixtures("sandbox")
async def test_all_pages(package: ModuleType) -> None:
    """Iterating the result of a list iterates all its pages."""

    def program() -> list[str]:
        with package.Scenario() as client:
            return [asset.id for asset in client.assets.list(page_size=2)]

    async with package.AsyncScenario() as client:
        awaited = [asset.id async for asset in client.assets.list(page_size=2)]
    blocking = await asyncio.to_thread(program)
    assert len(set(awaited)) == ASSETS
    assert blocking == awaited


@pytest.mark.usefixtures("sandbox")
async def test_page_by_page(package: ModuleType) -> None:
    """A page shows whether there is a next one, with which arguments, and fetches it."""

    def program() -> list[int]:
        with package.Scenario() as client:
            page = client.assets.list(page_size=3)
            sizes = [len(page.assets)]
            while page.has_next_page():
                page = page.get_next_page()
                sizes.append(len(page.assets))
            return sizes

    async with package.AsyncScenario() as client:
        first_page = await client.assets.list(page_size=3)
        assert first_page.has_next_page()
        assert first_page.next_pagination_token
        assert first_page.next_pagination_token in str(first_page.next_page_info())
        next_page = await first_page.get_next_page()
        assert len(next_page.assets) == ASSETS - 3
        assert not next_page.has_next_page()
        assert next_page.next_pagination_token is None
    assert await asyncio.to_thread(program) == [3, ASSETS - 3]


@pytest.mark.usefixtures("sandbox")
async def test_errors(package: ModuleType, unused_tcp_port: int) -> None:
    """Code that catches the errors of one package by name catches those of the other."""

    def program(client: Any) -> str:
        try:
            client.assets.list()
        except package.APIConnectionError as error:
            return "no connection" if error.__cause__ else "no connection, and no cause"
        except package.RateLimitError:
            return "slow down"
        except package.APIStatusError as error:
            return f"{type(error).__name__} {error.status_code} {error.response.status_code}"
        return "no error"

    with package.Scenario() as client:
        assert await asyncio.to_thread(program, client) == "no error"
    with package.Scenario(api_secret="wrong") as client:
        assert await asyncio.to_thread(program, client) == "AuthenticationError 401 401"
    with package.Scenario(base_url=f"http://127.0.0.1:{unused_tcp_port}", max_retries=0) as client:
        assert await asyncio.to_thread(program, client) == "no connection"


@pytest.mark.usefixtures("sandbox")
async def test_options(package: ModuleType) -> None:
    """Retries and timeouts are set for a client or for one call."""

    def program() -> list[int]:
        with package.Scenario(max_retries=0, timeout=20.0) as client:
            pages = [
                client.assets.list(),
                client.with_options(max_retries=5).assets.list(),
                client.with_options(timeout=5.0).assets.list(),
            ]
            return [len(page.assets) for page in pages]

    assert await asyncio.to_thread(program) == [ASSETS] * 3


def test_nested_parameters(package: ModuleType, server: RecordingServer, credentials: dict[str, Any]) -> None:
    """Nested parameters are plain dicts with Python's names."""
    server.answer({"jobId": "job_1"})
    server.taken()
    with package.Scenario(**credentials) as client:
        response = client.assets.download.request_batch(
            options={"file_name_template": "{name}"},
            query={"asset_ids": ["asset_1"], "inference_ids": [], "model_ids": []},
        )
    (request,) = server.taken()
    assert json.loads(request.body or "") == {
        "options": {"fileNameTemplate": "{name}"},
        "query": {"assetIds": ["asset_1"], "inferenceIds": [], "modelIds": []},
    }
    assert response.job_id == "job_1"
