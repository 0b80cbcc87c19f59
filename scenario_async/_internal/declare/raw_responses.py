"""`with_raw_response` and `with_streaming_response`: the HTTP response, whose value is parsed on demand."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Generic, TypeVar

from scenario_async._internal.declare.call_options import taken
from scenario_async._internal.declare.copying import NotCopied
from scenario_async._internal.response import (
    Response,
    SentRequest,
    WithResponse,
    awaited_with_response,
    responses_kept,
)

R = TypeVar("R")


class BaseAPIResponse(Generic[R]):
    """A complete response, and the value that the operation returned for it.

    Attributes:
        http_response: Status, headers and body.
        is_closed: False only within ``with`` of `with_streaming_response`.
    """

    def __init__(self, kept: WithResponse[R]) -> None:
        self.http_response: Response = kept.response
        self.is_closed = True
        self._value = kept.value

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the response."""
        return self.http_response.headers

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        return self.http_response.status_code

    @property
    def http_request(self) -> SentRequest:
        """The request: method, URL and headers, without the credentials."""
        request = self.http_response.request
        if request is None:
            raise AttributeError("the request of this response was not kept")
        return request

    @property
    def method(self) -> str:
        """The HTTP method of the request."""
        return self.http_request.method

    @property
    def url(self) -> str:
        """The URL of the request."""
        return self.http_request.url

    @property
    def content(self) -> bytes:
        """The body."""
        return self.http_response.content

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status_code} of {self.method} {self.url.partition('?')[0]}>"

    def _lines(self) -> list[str]:
        return self.http_response.text.splitlines()


class APIResponse(BaseAPIResponse[R]):
    """The HTTP response of an operation; `with_raw_response` of `Scenario` returns it."""

    def parse(self) -> R:
        """Return the value that the operation returns."""
        return self._value

    def read(self) -> bytes:
        """Return the body."""
        return self.content

    def text(self) -> str:
        """Return the body as text."""
        return self.http_response.text

    def json(self) -> Any:
        """Return the parsed body."""
        return self.http_response.json()

    def iter_bytes(self) -> Iterator[bytes]:
        """Iterate over the body, which is one piece."""
        yield self.content

    def iter_text(self) -> Iterator[str]:
        """Iterate over the text of the body, which is one piece."""
        yield self.text()

    def iter_lines(self) -> Iterator[str]:
        """Iterate over the lines of the body."""
        yield from self._lines()

    def close(self) -> None:
        """Close the response; its body is kept."""
        self.is_closed = True


class AsyncAPIResponse(BaseAPIResponse[R]):
    """The HTTP response of an operation; `with_raw_response` of `AsyncScenario` returns it."""

    async def parse(self) -> R:
        """Return the value that the operation returns."""
        return self._value

    async def read(self) -> bytes:
        """Return the body."""
        return self.content

    async def text(self) -> str:
        """Return the body as text."""
        return self.http_response.text

    async def json(self) -> Any:
        """Return the parsed body."""
        return self.http_response.json()

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        """Iterate over the body, which is one piece."""
        yield self.content

    async def iter_text(self) -> AsyncIterator[str]:
        """Iterate over the text of the body, which is one piece."""
        yield self.http_response.text

    async def iter_lines(self) -> AsyncIterator[str]:
        """Iterate over the lines of the body."""
        for line in self._lines():
            yield line

    async def close(self) -> None:
        """Close the response; its body is kept."""
        self.is_closed = True


class RawResponses(NotCopied):
    """The operations of a resource, each returning its response: ``client.models.with_raw_response.list()``.

    Args:
        resource: The resource, or a client.
        awaited: Whether its operations are awaited.
        streaming: Whether each call returns a context manager instead. The whole body is read in both cases.
    """

    def __init__(self, resource: object, *, awaited: bool, streaming: bool = False) -> None:
        self._resource = resource
        self._awaited = awaited
        self._streaming = streaming

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        member: Any = getattr(self._resource, name)
        if not callable(member):
            if hasattr(member, "with_raw_response"):
                return RawResponses(member, awaited=self._awaited, streaming=self._streaming)
            raise AttributeError(f"{name!r} is neither an operation nor a resource", name=name, obj=self)
        if self._streaming:
            return _awaited_stream(member) if self._awaited else _stream(member)
        return _awaited_raw(member) if self._awaited else _raw(member)


def _raw(call: Callable[..., Any]) -> Callable[..., Any]:
    def blocking(*args: Any, **kwargs: Any) -> APIResponse[Any]:
        with responses_kept() as responses:
            return APIResponse(WithResponse(call(*args, **taken(kwargs)), responses))

    return blocking


def _awaited_raw(call: Callable[..., Any]) -> Callable[..., Any]:
    async def awaited(*args: Any, **kwargs: Any) -> AsyncAPIResponse[Any]:
        return AsyncAPIResponse(await awaited_with_response(call, *args, **taken(kwargs)))

    return awaited


def _stream(call: Callable[..., Any]) -> Callable[..., Any]:
    @contextmanager
    def opened(*args: Any, **kwargs: Any) -> Generator[APIResponse[Any]]:
        response = _raw(call)(*args, **taken(kwargs))
        response.is_closed = False
        try:
            yield response
        finally:
            response.is_closed = True

    return opened


def _awaited_stream(call: Callable[..., Any]) -> Callable[..., Any]:
    @asynccontextmanager
    async def opened(*args: Any, **kwargs: Any) -> AsyncGenerator[AsyncAPIResponse[Any]]:
        response = await _awaited_raw(call)(*args, **taken(kwargs))
        response.is_closed = False
        try:
            yield response
        finally:
            response.is_closed = True

    return opened
