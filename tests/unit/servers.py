"""A server on bare sockets that handles each request as configured: respond, disconnect, or hang."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any, Final, Literal, Self

import orjson
from attrs import field, frozen
from multidict import CIMultiDict

from scenario_async._internal.http.core import Core


@frozen
class Received:
    """A request as it was received; the body has only the bytes that were read."""

    method: str
    target: str
    headers: CIMultiDict[str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return orjson.loads(self.body)


@frozen
class Act:
    """What to do with one request.

    Attributes:
        answer: The bytes to send.
        read: The number of bytes of the body to read before; None: all of it.
        then: What to do with the connection. A client that is sending notices a reset immediately.
        pause: Seconds to wait before the body is read.
    """

    answer: bytes = b""
    read: int | None = None
    then: Literal["keep", "close", "reset", "hold"] = "keep"
    pause: float = 0.0


def answered(
    status: int = 200,
    json: Any = None,
    headers: Mapping[str, str] | None = None,
    *,
    content: bytes | None = None,
    then: Literal["keep", "close"] = "keep",
) -> Act:
    """Send a valid HTTP response, with JSON or with any `content`."""
    body = orjson.dumps({} if json is None else json) if content is None else content
    lines = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    head = f"HTTP/1.1 {status} Said\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return Act(head.encode() + b"\r\n" + body, then=then)


DROPPED: Final = Act(then="close")
"""The request is read completely and may have been processed; then the connection ends."""

SILENT: Final = Act(then="hold")
"""The request is read completely, and there is no response."""


@frozen
class ScriptedServer:
    """Handles the requests with one act after the other, and further requests with the last act."""

    acts: tuple[Act, ...]
    requests: list[Received] = field(factory=list[Received], init=False)
    connections: list[asyncio.Task[Any] | None] = field(factory=list[asyncio.Task[Any] | None], init=False)
    ended: threading.Event = field(factory=threading.Event, init=False)
    """Set when the server has ended a connection and the client's system has received the end."""
    _listening: list[asyncio.Server] = field(factory=list[asyncio.Server], init=False)

    @property
    def port(self) -> int:
        """The port of the server."""
        return int(self._listening[0].sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        """The base URL of the server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def targets(self) -> list[str]:
        """The method and path of each request: ``"DELETE /models/m"`` and so on."""
        return [f"{request.method} {request.target}" for request in self.requests]

    async def __aenter__(self) -> Self:
        self._listening.append(await asyncio.start_server(self._serve, "127.0.0.1", 0))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening[0].close()
        for connection in filter(None, self.connections):
            connection.cancel()
        await asyncio.gather(*filter(None, self.connections), return_exceptions=True)
        await self._listening[0].wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.append(asyncio.current_task())
        # A test may end before the connection does; asyncio would report the cancellation as an error.
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._act(reader, writer):
                pass
            writer.close()
        if not writer.is_closing():
            writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()
        self.ended.set()

    async def _act(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Do an act for one request; return whether the connection stays open."""
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
        headers = CIMultiDict[str]()
        for line in lines:
            name, _, value = line.partition(": ")
            headers.add(name, value)
        act = self.acts[min(len(self.requests), len(self.acts) - 1)]
        method, target, _ = first.split(" ")
        length = int(headers.get("Content-Length", "0"))
        await asyncio.sleep(act.pause)
        body = await reader.readexactly(length if act.read is None else act.read)
        self.requests.append(Received(method, target, headers, body))
        writer.write(act.answer)
        await writer.drain()
        if act.then == "hold":
            await asyncio.Event().wait()
        if act.then == "reset":
            _reset(writer)
        return act.then == "keep"


def _reset(writer: asyncio.StreamWriter) -> None:
    """Reset a connection without waiting for data that is still being sent."""
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def serving(*acts: Act) -> ScriptedServer:
    """Start a server for ``async with``."""
    return ScriptedServer(acts)


async def downloaded(core: Core, url: str) -> bytes:
    """The content of a file that is downloaded in chunks."""
    content: list[bytes] = []

    async def write(chunks: AsyncIterator[bytes]) -> None:
        content[:] = [chunk async for chunk in chunks]

    await core.download_to(url, write)
    return b"".join(content)
