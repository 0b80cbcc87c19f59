"""Send requests by method and path to operations that are not declared here (yet)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scenario_async._internal.declare.operation import Async, Mode, Resource, operation


class RawRequests(Resource[Mode]):
    """Requests by method and path, with the retries, errors and options of declared operations."""

    @operation
    async def get(self: RawRequests[Async], path: str, *, query: Mapping[str, Any] | None = None) -> Any:
        """Send a GET; see `post`."""
        return await self.sender.call("GET", path, query, None)

    @operation
    async def post(
        self: RawRequests[Async], path: str, *, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> Any:
        """Send a POST by its path: ``client.post("/new-thing", body={…})``.

        Args:
            path: The path below the base URL, e.g. ``"/models"``.
            body: What to send as JSON, spelled as the API spells it (camelCase names).
            query: Parameters of the query string; those that are None are left out.

        Returns:
            The parsed JSON of the response.

        Raises:
            InvalidArgumentError: The path does not begin with a slash, or leads out of the API.
            APIError: The request failed.
        """
        return await self.sender.call("POST", path, query, body)

    @operation
    async def put(
        self: RawRequests[Async], path: str, *, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> Any:
        """Send a PUT; see `post`."""
        return await self.sender.call("PUT", path, query, body)

    @operation
    async def patch(
        self: RawRequests[Async], path: str, *, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> Any:
        """Send a PATCH; see `post`."""
        return await self.sender.call("PATCH", path, query, body)

    @operation
    async def delete(
        self: RawRequests[Async], path: str, *, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> Any:
        """Send a DELETE; see `post`."""
        return await self.sender.call("DELETE", path, query, body)
