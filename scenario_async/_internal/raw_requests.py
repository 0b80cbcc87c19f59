"""Send requests by method and path to operations that this package does not declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenario_async._internal.declare.operation import Async, Mode, Resource, Sender, operation
from scenario_async._internal.declare.value import Value
from scenario_async._internal.response import responses_kept


async def _call(
    sender: Sender, method: str, path: str, query: Mapping[str, Any] | None, body: Any, *, cast_to: Any
) -> Any:
    answer_type = cast_to if isinstance(cast_to, type) and issubclass(cast_to, Value) else None
    with responses_kept() as responses:
        value = await sender.call(method, path, query, body, answer_type)
    # This package's class, or that of httpx with the same attributes.
    if isinstance(cast_to, type) and cast_to.__name__ == "Response":
        return responses[-1]
    return value


class RawRequests(Resource[Mode]):
    """Requests by method and path, with the retries, errors and options of declared operations."""

    @operation
    async def get(
        self: RawRequests[Async], path: str, *, query: Mapping[str, Any] | None = None, cast_to: Any = None
    ) -> Any:
        """Send a GET; see `post`."""
        return await _call(self.sender, "GET", path, query, None, cast_to=cast_to)

    @operation
    async def post(
        self: RawRequests[Async],
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        cast_to: Any = None,
    ) -> Any:
        """Send a POST by its path: ``client.post("/new-thing", body={…})``.

        Args:
            path: The path below the base URL, e.g. ``"/models"``.
            body: The JSON body, with the API's camelCase names.
            query: Parameters of the query string; those that are None are left out.
            cast_to: The type to return: a response class of this package, or `Response` (`httpx.Response`
                means the same). For None and anything else, the parsed JSON is returned.

        Returns:
            The parsed JSON of the response, or what `cast_to` says.

        Raises:
            InvalidArgumentError: The path does not begin with a slash, or leads out of the API.
            APIError: The request failed.
        """
        return await _call(self.sender, "POST", path, query, body, cast_to=cast_to)

    @operation
    async def put(
        self: RawRequests[Async],
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        cast_to: Any = None,
    ) -> Any:
        """Send a PUT; see `post`."""
        return await _call(self.sender, "PUT", path, query, body, cast_to=cast_to)

    @operation
    async def patch(
        self: RawRequests[Async],
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        cast_to: Any = None,
    ) -> Any:
        """Send a PATCH; see `post`."""
        return await _call(self.sender, "PATCH", path, query, body, cast_to=cast_to)

    @operation
    async def delete(
        self: RawRequests[Async],
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        cast_to: Any = None,
    ) -> Any:
        """Send a DELETE; see `post`."""
        return await _call(self.sender, "DELETE", path, query, body, cast_to=cast_to)
