"""The service as simulated by aioresponses, and the requests that the client sent."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson
from aiohttp.abc import AbstractStreamWriter
from aioresponses import CallbackResult, aioresponses
from attrs import field, frozen
from multidict import CIMultiDict
from yarl import URL

from scenario_async._internal.http.payload import StreamedPayload


class AnswerOfThisAiohttp(aiohttp.ClientResponse):
    """Lets aioresponses create responses with aiohttp 3.14.

    Since that version a response needs the writer of its request, from which it takes only the number of
    bytes sent. aioresponses has no such writer and does not pass one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if "stream_writer" in inspect.signature(aiohttp.ClientResponse).parameters:
            kwargs["stream_writer"] = Collector()
        super().__init__(*args, **kwargs)


@frozen
class Sent:
    """A request that the client sent."""

    method: str
    url: URL
    headers: Mapping[str, str]
    body: bytes | None

    @property
    def query(self) -> dict[str, str]:
        """The query string, decoded."""
        return dict(self.url.query)

    @property
    def json(self) -> Any:
        """The parsed body; None if there is none."""
        return None if self.body is None else orjson.loads(self.body)


@frozen
class Service:
    """Sends the same response to every request and records the requests."""

    _mocked: aioresponses
    sent: list[Sent] = field(factory=list[Sent], init=False)

    def answers(self, json: Any, status: int = 200) -> None:
        """Send this response to all requests from now on."""
        for method in ("GET", "POST", "PUT", "DELETE"):

            async def keep(url: URL, *, method: str = method, **options: Any) -> CallbackResult:
                headers = dict(options["headers"])
                self.sent.append(Sent(method, url, headers, await _content(options.get("data"))))
                return CallbackResult(
                    status=status, body=orjson.dumps(json), response_class=AnswerOfThisAiohttp
                )

            self._mocked.add(  # pyright: ignore[reportUnknownMemberType] - partly untyped there
                re.compile(".*"), method, callback=keep, repeat=True
            )


async def _content(data: Any) -> bytes | None:
    """The bytes of a body as they would be sent."""
    if not isinstance(data, StreamedPayload):
        assert data is None or isinstance(data, bytes)
        return data
    collected = Collector()
    await data.write(collected)
    assert len(collected.content) == data.size
    return bytes(collected.content)


class Collector(AbstractStreamWriter):
    """Collects the bytes that would be written to a connection."""

    def __init__(self) -> None:
        self.content = bytearray()

    async def write(self, chunk: bytes | bytearray | memoryview) -> None:
        """Record a chunk."""
        self.content += chunk

    async def write_eof(self, chunk: bytes = b"") -> None:
        """Record the last chunk."""
        self.content += chunk

    async def drain(self) -> None:
        """Do nothing, because nothing is buffered."""

    def enable_compression(self, *args: Any, **options: Any) -> None:
        """Do nothing, because no compression is used."""

    def enable_chunking(self) -> None:
        """Do nothing, because no chunked encoding is used."""

    async def write_headers(self, status_line: str, headers: CIMultiDict[str]) -> None:
        """Do nothing, because headers are not recorded."""
