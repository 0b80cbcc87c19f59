"""Memory does not grow with the size of the picture that is sent."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped] # psutil has no types
from attrs import define

from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import whole

from .cases import PNG
from .conftest import Connector
from .mocked import Service
from .samples import sparse_png, watched

SIZE = 100 * 2**20
ALLOWED = 8 * 2**20
"""A few chunks in different stages, and the buffers of two sockets."""


@define
class Sink:
    """Reads and discards all bytes."""

    port: int = 0
    received: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one request."""
        await reader.readuntil(b"\r\n\r\n")
        while self.received < SIZE:
            self.received += len(await reader.read(2**16))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def sink() -> AsyncGenerator[Sink, None]:
    """A server that reads and discards all bytes."""
    made = Sink()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made


async def test_large_picture(connect: Connector, tmp_path: Path) -> None:
    """Sending 100 MB needs the memory of a few chunks, as measured by Python and by the system."""
    process = psutil.Process()
    resident: list[int] = []
    picture = open_picture(sparse_png(tmp_path / "large.png", SIZE), "file")
    picture = watched(picture, lambda _, __: resident.append(process.memory_info().rss))
    segment = whole(picture, base64=False)
    tracemalloc.start()
    try:
        async with sink() as storage:
            url = f"http://127.0.0.1:{storage.port}/bucket/large.png"
            await connect.core("http://127.0.0.1").store(url, segment, "image/png")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert storage.received == SIZE
    assert peak < ALLOWED
    assert max(resident) - resident[0] < 4 * ALLOWED


async def test_a_call_leaves_nothing_to_the_garbage_collector(service: Service, connect: Connector) -> None:
    """All memory of a call is freed when it returns.

    Otherwise pictures would accumulate between two collections.
    """
    service.answers({"trainingImage": {"id": "asset_1"}})
    add = connect.models("https://example.org/v1").training_images.add
    await add("model_1", data=PNG)  # the first call creates classes, which have reference cycles
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        await add("model_1", data=PNG)
        gc.collect()
        left = {type(one).__module__ for one in gc.garbage}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert not [module for module in left if module.startswith("scenario_async")]
