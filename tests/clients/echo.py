"""A server that records requests and returns given responses."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from attrs import define, field, frozen
from multidict import CIMultiDictProxy


@frozen
class Received:
    """A request: its method and path, its query string as sent, its headers and its body."""

    method: str
    path: str
    query: str
    headers: CIMultiDictProxy[str]
    body: bytes


@define
class Echo:
    """Responds with the status in the query string's ``status=``, by default 200.

    Attributes:
        base_url: Its base URL.
        answer: The JSON of its responses.
        requests: The received requests, in order.
    """

    base_url: str = field(default="", init=False)
    answer: Any = field(factory=dict[str, Any])
    requests: list[Received] = field(factory=list[Received], init=False)

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the latest request."""
        return self.requests[-1].headers

    @property
    def query(self) -> str:
        """The query string of the latest request."""
        return self.requests[-1].query

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[Echo]:
        """Listen on the running event loop."""
        runner = web.ServerRunner(web.Server(self._answer))
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0]
            self.base_url = f"http://{host}:{port}"
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        query = request.rel_url.raw_query_string
        self.requests.append(Received(request.method, request.path, query, request.headers, body))
        status = int(request.query.get("status", "200"))
        # With this header a client retries without a wait.
        return web.json_response(self.answer, status=status, headers={"Retry-After": "0"})
