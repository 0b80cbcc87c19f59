"""A server on the loopback interface that records requests and returns given responses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Literal, cast
from urllib.parse import parse_qsl, unquote

from aiohttp import web
from anyio.from_thread import start_blocking_portal
from attrs import field, frozen


@frozen
class Recorded:
    """A received request.

    Attributes:
        method: The HTTP method.
        path: The path's segments, each percent-decoded, so that a slash in a segment is visible.
        query: The parameters, percent-decoded and sorted.
        body: The normalised JSON: members sorted by name, and 5.0 as 5. None without a body.
        content_type: The content type of the body; None without a body.
    """

    method: str
    path: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    body: str | None
    content_type: str | None


@frozen
class Answer:
    """A response, or what the server does instead."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(factory=dict[str, str])
    instead: Literal["hang up", "keep silent"] | None = None


class RecordingServer:
    """Records the requests in order."""

    def __init__(self) -> None:
        self.base_url = ""
        self._requests: list[Recorded] = []
        self._answers = [Answer(b"{}")]

    def answer(self, *bodies: Any) -> None:
        """Send these JSON values from now on, one after another, and then repeat the last one."""
        self._answers = [Answer(json.dumps(body).encode()) for body in bodies]

    def refuse(self, status: int, body: Any, **headers: str) -> None:
        """Send this refusal from now on; a body of bytes is sent unchanged."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answers = [Answer(content, status, named)]

    def hang_up(self) -> None:
        """Read requests and close the connection without a response from now on."""
        self._answers = [Answer(instead="hang up")]

    def keep_silent(self) -> None:
        """Read requests and never respond from now on."""
        self._answers = [Answer(instead="keep silent")]

    def taken(self) -> list[Recorded]:
        """The requests since the last call of this method."""
        requests, self._requests = self._requests, []
        return requests

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[None]:
        """Listen on a free port of the running event loop."""
        runner = web.ServerRunner(web.Server(self._record, access_log=None), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}/v1"
        try:
            yield
        finally:
            await runner.cleanup()

    async def _record(self, request: web.BaseRequest) -> web.Response:
        path, _, query = request.raw_path.partition("?")
        content = await request.read()
        self._requests.append(
            Recorded(
                method=request.method,
                path=tuple(unquote(segment) for segment in path.split("/")),
                query=tuple(sorted(parse_qsl(query, keep_blank_values=True))),
                body=_spelled_in_one_way(content) if content else None,
                content_type=request.content_type if content else None,
            )
        )
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if answer.instead == "keep silent":
            await asyncio.Event().wait()
        if answer.instead == "hang up":
            cast("asyncio.Transport", request.transport).abort()
            raise asyncio.CancelledError
        return web.Response(
            body=answer.body,
            status=answer.status,
            headers={"Content-Type": "application/json", **answer.headers},
        )


def _spelled_in_one_way(content: bytes) -> str:
    # Compared as text, because true and 1 are equal in Python.
    return json.dumps(json.loads(content, parse_float=_number), sort_keys=True, ensure_ascii=False)


def _number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() else number


@contextmanager
def recording_server() -> Generator[RecordingServer]:
    """A server in another thread, for blocking and asynchronous clients."""
    server = RecordingServer()
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(server.listening()):
        yield server
