"""The compared clients, with the same few methods.

Each is imported when it is opened, so that a process imports only one of them.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
)
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, cast
from uuid import uuid4

if TYPE_CHECKING:
    import aiohttp
    import scenario_sdk

    import scenario_async

MODEL: Final = "model_GTrL3mq4SXWyMxkOHRxlpw"
ASSET_IDS: Final = ["asset_GTrL3mq4SXWyMxkOHRxlpw", "asset_bW8tKq2mZ0pXc5VdRjY1Lg"]
KEY: Final = "api_key"
SECRET: Final = "secret"


class Awaited(Protocol):
    """A client whose calls are awaited."""

    async def add(self, asset_ids: list[str]) -> str:
        """Add assets as training images, and return the id of the first one."""
        ...

    async def upload(self, path: Path) -> str:
        """Create an asset from a picture, and return its id."""
        ...


class Blocking(Protocol):
    """A client whose calls block."""

    def add(self, asset_ids: list[str]) -> str:
        """Add assets as training images, and return the id of the first one."""
        ...

    def upload(self, path: Path) -> str:
        """Create an asset from a picture, and return its id."""
        ...


# --- scenario_async ---------------------------------------------------------------------


class Library:
    """`AsyncScenario`."""

    def __init__(self, client: scenario_async.AsyncScenario) -> None:
        self._client = client

    async def add(self, asset_ids: list[str]) -> str:
        """See `Awaited`."""
        answer = await self._client.models.training_images.add(MODEL, asset_ids=asset_ids)
        return answer.training_image.id

    async def upload(self, path: Path) -> str:
        """See `Awaited`."""
        return (await self._client.assets.upload(image=path)).asset.id

    async def upload_batch(self, pictures: Sequence[Path], concurrency: int, ledger: Path) -> int:
        """Upload and attach pictures; return how many were attached."""
        model = f"model_{uuid4().hex}"  # a new model, since pictures of a known one would be attached already
        images = self._client.models.training_images
        report = await images.upload(model, pictures, concurrency=concurrency, ledger=ledger)
        return len(report.attached)


class BlockingLibrary:
    """`Scenario`."""

    def __init__(self, client: scenario_async.Scenario) -> None:
        self._client = client

    def add(self, asset_ids: list[str]) -> str:
        """See `Blocking`."""
        return self._client.models.training_images.add(MODEL, asset_ids=asset_ids).training_image.id

    def upload(self, path: Path) -> str:
        """See `Blocking`."""
        return self._client.assets.upload(image=path).asset.id


@asynccontextmanager
async def library(url: str) -> AsyncGenerator[Library]:
    """Open `AsyncScenario`."""
    from scenario_async import AsyncScenario

    async with AsyncScenario(api_key=KEY, api_secret=SECRET, base_url=url) as client:
        yield Library(client)


@contextmanager
def blocking_library(url: str) -> Generator[BlockingLibrary]:
    """Open `Scenario`."""
    from scenario_async import Scenario

    with Scenario(api_key=KEY, api_secret=SECRET, base_url=url) as client:
        yield BlockingLibrary(client)


# --- scenario-sdk -----------------------------------------------------------------------


class Sdk:
    """The asynchronous client of scenario-sdk, used as its documentation shows."""

    def __init__(self, client: scenario_sdk.AsyncScenario) -> None:
        self._client = client

    async def add(self, asset_ids: list[str]) -> str:
        """See `Awaited`."""
        answer = await self._client.models.training_images.add(MODEL, asset_ids=asset_ids)
        return answer.training_image.id

    async def upload(self, path: Path) -> str:
        """See `Awaited`."""
        image = base64.b64encode(path.read_bytes()).decode()  # noqa: ASYNC240 - as those who use it do
        return (await self._client.assets.upload(name=path.name, image=image)).asset.id


class BlockingSdk:
    """The blocking client of scenario-sdk, used as its documentation shows."""

    def __init__(self, client: scenario_sdk.Scenario) -> None:
        self._client = client

    def add(self, asset_ids: list[str]) -> str:
        """See `Blocking`."""
        return self._client.models.training_images.add(MODEL, asset_ids=asset_ids).training_image.id

    def upload(self, path: Path) -> str:
        """See `Blocking`."""
        image = base64.b64encode(path.read_bytes()).decode()
        return self._client.assets.upload(name=path.name, image=image).asset.id


@asynccontextmanager
async def sdk_httpx(url: str) -> AsyncGenerator[Sdk]:
    """Open scenario-sdk's asynchronous client as it is by default."""
    from scenario_sdk import AsyncScenario

    async with AsyncScenario(api_key=KEY, api_secret=SECRET, base_url=url) as client:
        yield Sdk(client)


@asynccontextmanager
async def sdk_aiohttp(url: str) -> AsyncGenerator[Sdk]:
    """Open scenario-sdk's asynchronous client with its aiohttp extra."""
    from scenario_sdk import AsyncScenario, DefaultAioHttpClient

    async with (
        DefaultAioHttpClient() as http_client,
        AsyncScenario(api_key=KEY, api_secret=SECRET, base_url=url, http_client=http_client) as client,
    ):
        yield Sdk(client)


@contextmanager
def blocking_sdk(url: str) -> Generator[BlockingSdk]:
    """Open scenario-sdk's blocking client."""
    from scenario_sdk import Scenario

    with Scenario(api_key=KEY, api_secret=SECRET, base_url=url) as client:
        yield BlockingSdk(client)


# --- aiohttp ----------------------------------------------------------------------------


class Bare:
    """An `aiohttp.ClientSession` with hand-written JSON, without checks, retries or types."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        dumps: Callable[[object], bytes],
        loads: Callable[[bytes], Any],
    ) -> None:
        self._session = session
        self._url = url
        self._dumps = dumps
        self._loads = loads

    async def add(self, asset_ids: list[str]) -> str:
        """See `Awaited`."""
        url = f"{self._url}/models/{MODEL}/training-images"
        async with self._session.post(url, data=self._dumps({"assetIds": asset_ids})) as response:
            response.raise_for_status()
            return cast("str", self._loads(await response.read())["trainingImage"]["id"])

    async def upload(self, path: Path) -> str:
        """See `Awaited`. The body is made in a thread, so that the event loop is not blocked."""
        body = await asyncio.to_thread(self._upload_body, path)
        async with self._session.post(f"{self._url}/assets", data=body) as response:
            response.raise_for_status()
            return cast("str", self._loads(await response.read())["asset"]["id"])

    def _upload_body(self, path: Path) -> bytes:
        image = base64.b64encode(path.read_bytes()).decode()
        return self._dumps({"name": path.name, "image": image})


@asynccontextmanager
async def bare_session() -> AsyncGenerator[aiohttp.ClientSession]:
    import aiohttp

    headers = {
        "Authorization": aiohttp.BasicAuth(KEY, SECRET).encode(),
        "Accept": "application/json",
        "Content-Type": "application/json",
    }
    connector = aiohttp.TCPConnector(limit=100)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar, headers=headers) as session:
        yield session


@asynccontextmanager
async def bare(url: str) -> AsyncGenerator[Bare]:
    """Open a session, with orjson for the bodies."""
    import orjson

    async with bare_session() as session:
        yield Bare(session, url, orjson.dumps, orjson.loads)


@asynccontextmanager
async def bare_stdlib(url: str) -> AsyncGenerator[Bare]:
    """Open a session, with the standard library's json for the bodies: what ``json=`` and ``.json()`` use."""

    def dumps(value: object) -> bytes:
        return json.dumps(value).encode()

    async with bare_session() as session:
        yield Bare(session, url, dumps, json.loads)


AWAITED: Final[Mapping[str, Callable[[str], AbstractAsyncContextManager[Awaited]]]] = {
    "scenario_async": library,
    "sdk, httpx": sdk_httpx,
    "sdk, aiohttp": sdk_aiohttp,
    "aiohttp": bare,
    "aiohttp, json": bare_stdlib,
}
BLOCKING: Final[Mapping[str, Callable[[str], AbstractContextManager[Blocking]]]] = {
    "scenario_async, blocking": blocking_library,
    "sdk, blocking": blocking_sdk,
}
