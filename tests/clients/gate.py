"""A gate in front of a sandbox: it forwards requests, except those that it holds for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress

from attrs import define, field
from yarl import URL

_CHUNK = 64 * 1024
_PATIENCE = 30.0
"""Seconds after which a waiting test fails."""


@define
class Gate:
    """Forwards bytes to a sandbox and counts open connections. All threads may use it.

    Attributes:
        behind: The base URL of the sandbox.
        base_url: The base URL of the gate.
        holds: The beginning of the requests that get no response, such as ``"POST /v1/assets"``; None
            lets all pass.
        connections: How many connections are open.
        held: How many requests are held, their connections still open.
    """

    behind: URL
    base_url: str = field(default="", init=False)
    holds: str | None = None
    connections: int = field(default=0, init=False)
    held: int = field(default=0, init=False)
    _changed: threading.Condition = field(factory=threading.Condition, init=False)

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[Gate]:
        """Listen on the running event loop."""
        at_work = set[asyncio.Task[None]]()

        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._serve(reader, writer))
            at_work.add(task)
            task.add_done_callback(at_work.discard)

        async with await asyncio.start_server(begin, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            self.base_url = str(self.behind.with_port(port))
            yield self
            for task in at_work:
                task.cancel()
            await asyncio.gather(*at_work, return_exceptions=True)

    def until(self, *, held: int | None = None, connections: int | None = None) -> None:
        """Wait until the given numbers of requests are held and of connections are open."""

        def reached() -> bool:
            return held in {None, self.held} and connections in {None, self.connections}

        with self._changed:
            assert self._changed.wait_for(reached, _PATIENCE), f"still {self.held=} and {self.connections=}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with self._counting("connections"), suppress(ConnectionError):
            async with AsyncExitStack() as stack:
                stack.callback(writer.close)
                answers, onward = await asyncio.open_connection(self.behind.host, self.behind.port)
                stack.callback(onward.close)
                back = asyncio.create_task(_pass_on(answers, writer))
                stack.callback(back.cancel)
                await self._pass_on_or_hold(reader, onward)

    async def _pass_on_or_hold(self, reader: asyncio.StreamReader, onward: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            if self.holds is not None and data.startswith(self.holds.encode()):
                with self._counting("held"):
                    while await reader.read(_CHUNK):
                        pass
                return
            onward.write(data)
            await onward.drain()

    @contextmanager
    def _counting(self, name: str) -> Generator[None]:
        self._count(name, 1)
        try:
            yield
        finally:
            self._count(name, -1)

    def _count(self, name: str, change: int) -> None:
        with self._changed:
            setattr(self, name, getattr(self, name) + change)
            self._changed.notify_all()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()
