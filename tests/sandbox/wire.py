"""A plain HTTP client for the sandbox, with aiohttp and the API's own names, and no code of the package."""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import orjson
from attrs import frozen
from PIL import Image

from scenario_async.sandbox import Sandbox


@frozen
class Answer:
    """The response to a request."""

    status: int
    content_type: str
    content: bytes
    headers: Mapping[str, str]

    @property
    def body(self) -> Any:
        """The JSON of the response."""
        return orjson.loads(self.content)


class Wire:
    """Sends requests to one sandbox, with its credentials."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session

    async def ask(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> Answer:
        """Send a request to the API with its credentials; `json` is omitted if it is None."""
        headers = {"Authorization": basic(self.sandbox.api_key, self.sandbox.api_secret), **(headers or {})}
        if json is not None:
            headers["Content-Type"] = "application/json"
            options["data"] = io.BytesIO(orjson.dumps(json))
        return await self.fetch(method, self.sandbox.base_url + path, headers=headers, **options)

    async def fetch(self, method: str, url: str, **options: Any) -> Answer:
        """Send a request to any URL, without any additions."""
        async with self.session.request(method, url, **options) as response:
            content = await response.read()
            return Answer(response.status, response.content_type, content, response.headers)

    async def model(self, **fields: Any) -> str:
        """Create a model and return its id."""
        answer = await self.ask("POST", "/models", fields)
        assert answer.status == 200, answer
        model_id: str = answer.body["model"]["id"]
        return model_id

    async def asset(self, content: bytes | None = None, name: str = "picture.png") -> str:
        """Upload a picture and return its id."""
        answer = await self.ask("POST", "/assets", {"image": encoded(content or picture()), "name": name})
        assert answer.status == 200, answer
        asset_id: str = answer.body["asset"]["id"]
        return asset_id

    async def attach(self, model_id: str, *asset_ids: str) -> None:
        """Attach assets to a model, one by one."""
        for asset_id in asset_ids:
            answer = await self.ask("POST", f"/models/{model_id}/training-images", {"assetId": asset_id})
            assert answer.status == 200, answer

    async def training_set(self, model_id: str) -> list[str]:
        """The ids of a model's training images, in order."""
        answer = await self.ask("GET", f"/models/{model_id}")
        assert answer.status == 200, answer
        assert answer.body["model"]["trainingImagesNumber"] == len(answer.body["model"]["trainingImages"])
        return [image["id"] for image in answer.body["model"]["trainingImages"]]


@asynccontextmanager
async def running(**settings: Any) -> AsyncGenerator[Wire, None]:
    """A sandbox and a client for it."""
    async with Sandbox(**settings) as sandbox, aiohttp.ClientSession() as session:
        yield Wire(sandbox, session)


async def eventually(condition: Callable[[], bool]) -> None:
    """Let other tasks run until a condition holds."""
    async with asyncio.timeout(30):
        for _ in itertools.takewhile(lambda _: not condition(), itertools.count()):
            await asyncio.sleep(0)


def basic(user: str, password: str) -> str:
    """The value of an ``Authorization`` header."""
    return "Basic " + encoded(f"{user}:{password}".encode())


def encoded(content: bytes) -> str:
    """Plain base64."""
    return base64.b64encode(content).decode()


def data_url(content: bytes, mime_type: str = "image/png") -> str:
    """A data URL."""
    return f"data:{mime_type};base64,{encoded(content)}"


def picture(image_format: str = "PNG", *, size: tuple[int, int] = (40, 30), shade: int = 0) -> bytes:
    """A picture with enough content to be truncated."""
    width, height = size
    pixels = bytes((x * y + shade) % 256 for y in range(height) for x in range(width))
    file = io.BytesIO()
    Image.frombytes("L", size, pixels).convert("RGB").save(file, image_format)
    return file.getvalue()


@asynccontextmanager
async def raw(
    wire: Wire, method: str, path: str, *, length: int | None = 0
) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter], None]:
    """A bare connection on which the head of a request was sent.

    The body has `length` bytes, or is sent in chunks if that is None.
    """
    host, _, port = wire.sandbox.base_url.removeprefix("http://").removesuffix("/v1").rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    body = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    authorization = basic(wire.sandbox.api_key, wire.sandbox.api_secret)
    writer.write(
        f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {authorization}\r\n"
        f"Content-Type: application/json\r\n{body}\r\n\r\n".encode()
    )
    try:
        await writer.drain()
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
