"""Operations that are not declared here (yet), and what came back beside an operation's value."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, ParamSpec, TypeVar

from attrs import field, frozen

from scenario_async._internal.declare.operation import Async, Mode, Resource, operation
from scenario_async._internal.http.core import responses_wanted
from scenario_async.errors import Response

P = ParamSpec("P")
R = TypeVar("R")


@frozen
class WithResponse(Generic[R]):
    """What an operation brought back, and the answers that it was made of.

    Attributes:
        value: What the operation returned.
        responses: The answer of each request, in the order in which they came; more than one for an
            operation that is made of others.
    """

    value: R
    responses: list[Response] = field(repr=lambda responses: f"<{len(responses)}>")

    @property
    def response(self) -> Response:
        """The last answer: status, headers and the body as it came."""
        return self.responses[-1]


@contextmanager
def responses_kept() -> Generator[list[Response]]:
    """Keep the answers of all that is sent in this context."""
    responses: list[Response] = []
    token = responses_wanted.set(responses)
    try:
        yield responses
    finally:
        responses_wanted.reset(token)


async def awaited_with_response(
    call: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs
) -> WithResponse[R]:
    """Await an operation, and keep its answers."""
    with responses_kept() as responses:
        return WithResponse(await call(*args, **kwargs), responses)


class Undeclared(Resource[Mode]):
    """Requests by method and path, with all that a declared operation has: retries, errors, options."""

    @operation
    async def get(self: Undeclared[Async], path: str, *, query: Mapping[str, Any] | None = None) -> Any:
        """Send a GET; see `post`."""
        return await self.sender.call("GET", path, query, None)

    @operation
    async def post(
        self: Undeclared[Async], path: str, *, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> Any:
        """Send a POST to an operation that is not declared here: ``client.post("/new-thing", body={…})``.

        Args:
            path: The path below the base URL, beginning with a slash.
            body: What to send as JSON; in the API's own spelling, since nothing is known of it here.
            query: Parameters of the query string; None among them is left out.

        Returns:
            The parsed JSON of the answer.

        Raises:
            InvalidArgumentError: The path does not begin with a slash, or leads elsewhere.
            APIError: It was sent, or tried, and failed.
        """
        return await self.sender.call("POST", path, query, body)

    @operation
    async def put(
        self: Undeclared[Async], path: str, *, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> Any:
        """Send a PUT; see `post`."""
        return await self.sender.call("PUT", path, query, body)

    @operation
    async def patch(
        self: Undeclared[Async], path: str, *, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> Any:
        """Send a PATCH; see `post`."""
        return await self.sender.call("PATCH", path, query, body)

    @operation
    async def delete(
        self: Undeclared[Async], path: str, *, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> Any:
        """Send a DELETE; see `post`."""
        return await self.sender.call("DELETE", path, query, body)
