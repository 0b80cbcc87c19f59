"""A request that arrived, and the actions of a fault on it."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import Coroutine, Mapping
from typing import Any, Final, NoReturn, cast

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler
from attrs import define, field

from scenario_async.sandbox._internal.addresses import STORAGE, route_of
from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.parameters import read_body, received_body

_NO_LINGERING: Final = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
"""Makes the system reset a connection when it is closed, and discard unsent data."""

SUCCESS: Final = range(200, 300)
"""The statuses of a success."""


@define
class Waiting:
    """The requests that faults keep waiting, which are released when the sandbox closes."""

    _closing: asyncio.Event = field(factory=asyncio.Event, init=False)
    _tasks: set[asyncio.Task[Any]] = field(factory=set[asyncio.Task[Any]], init=False)
    _started: set[asyncio.Task[None]] = field(factory=set[asyncio.Task[None]], init=False)

    async def wait(self, seconds: float | None) -> bool:
        """Wait for some seconds or for ever; return whether the wait ended because the sandbox closes."""
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._tasks.add(task)
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return False
        finally:
            self._tasks.discard(task)
        return True

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Start work in the background, which ends with the sandbox at the latest."""
        task = asyncio.create_task(work)
        self._started.add(task)
        task.add_done_callback(self._started.discard)

    async def close(self, *, patience: float) -> None:
        """Release all waiting requests and let them end. Their clients may have disconnected long ago."""
        self._closing.set()
        if tasks := {*self._tasks, *self._started}:
            await asyncio.wait(tasks, timeout=patience)


class Arrival:
    """A request that arrived.

    Attributes:
        request: The request object of aiohttp.
        key: Its method and the template of its route, in the form of the request log.
        about: The `about` of the rule that applies to the request, if the rule has one.
    """

    def __init__(self, request: web.Request, handler: Handler, waiting: Waiting) -> None:
        self.request = request
        self.key: str = f"{request.method} {route_of(request)}"
        self.about: str | None = None
        self._handler = handler
        self._waiting = waiting
        self._answer: web.StreamResponse | None = None

    async def process(self) -> web.StreamResponse:
        """Process the request once, and return the normal response."""
        if self._answer is None:
            self._answer = await self._handler(self.request)
        return self._answer

    async def process_successfully(self) -> web.StreamResponse | None:
        """Process the request; return the normal response if it is a success, and None otherwise."""
        answer = await self.process()
        return answer if answer.status in SUCCESS else None

    async def process_to_json(self) -> tuple[web.Response, Any] | None:
        """Process the request; return the normal response and its JSON, or None if it is not a success."""
        own = await self.process_successfully()
        if not isinstance(own, web.Response) or not isinstance(own.body, bytes):
            return None
        return own, orjson.loads(own.body)

    def process_later(self, seconds: float) -> None:
        """Process the request after some seconds, without a client that reads the response.

        The body must have been received by then. If the sandbox is closed earlier, the request is never
        processed.
        """
        self._waiting.start(self._process_after(seconds))

    async def _process_after(self, seconds: float) -> None:
        if not await self._waiting.wait(seconds):
            await self.process()

    async def receive(self) -> bytes | None:
        """Read the whole body, so that the request can be processed even if the client disconnects.

        Returns:
            The body; None if it is longer than the API takes.
        """
        return await received_body(self.request)

    async def swallow(self) -> None:
        """Read the request's body to its end, without processing it."""
        await read_body(self.request, limit=0)

    async def nibble(self, size: int) -> None:
        """Read at least `size` bytes of the body, or the whole body if it is shorter."""
        async for chunk in self.request.content.iter_any():
            size -= len(chunk)
            if size <= 0:
                return

    async def wait(self, seconds: float | None = None) -> None:
        """Keep the client waiting for so many seconds, or for ever.

        Raises:
            ConnectionResetError: The sandbox closes.
        """
        if await self._waiting.wait(seconds):
            self.drop()

    def drop(self, *, reset: bool = False) -> NoReturn:
        """Drop the connection: reset it, or close it normally.

        Raises:
            ConnectionResetError: Always, because no response can be sent any more.
        """
        transport = self.request.transport
        if transport is not None:
            connection = transport.get_extra_info("socket")
            if reset and connection is not None:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
            transport.abort()
        raise ConnectionResetError("dropped on purpose")

    async def fields(self) -> Mapping[str, Any]:
        """Return the fields of the body; none if it is not a JSON object."""
        if self.request.path.startswith(STORAGE):
            return {}
        try:
            value: Any = orjson.loads(await self.receive() or b"")
        except orjson.JSONDecodeError:
            return {}
        return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}

    async def asset_ids(self) -> list[str]:
        """The ids of the assets that the body names, in order."""
        fields = await self.fields()
        named = fields["assetIds"] if isinstance(fields.get("assetIds"), list) else [fields.get("assetId")]
        return [asset_id for asset_id in named if isinstance(asset_id, str)]

    async def subjects(self) -> set[str]:
        """The objects of the request: the ids in its path and body, and the names of these objects."""
        fields = await self.fields()
        in_path = {value for name, value in self.request.match_info.items() if name.endswith("Id")}
        given = {name for name in (fields.get("name"), fields.get("fileName")) if isinstance(name, str)}
        return given.union(*map(self.names_of, in_path.union(await self.asset_ids())))

    def names_of(self, identifier: str) -> set[str]:
        """An id, and the name of the asset or of the upload's file with this id."""
        state = context_of(self.request).state
        asset, upload = state.assets.get(identifier), state.uploads.get(identifier)
        names = {None if asset is None else asset.name, None if upload is None else upload.file_name}
        return {identifier, *(name for name in names if name is not None)}
