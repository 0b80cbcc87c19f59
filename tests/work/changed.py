"""A fault that changes a response of the sandbox by a function."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar

from aiohttp import web
from attrs import define

from scenario_async.sandbox._internal.routes import API_ROUTES
from scenario_async.sandbox.faults import Arrival, Fault

ODD: list[Any] = [True, -1, 3.5, 2**70, "", "?", [], {}, [None], [[1]], float("nan"), None]
"""Values that may be in place of a documented one."""


@define(eq=False)
class Changed(Fault):
    """Changes the document of a successful response, after processing.

    Attributes:
        change: Changes the parsed document in place.
    """

    routes: ClassVar[frozenset[str]] = API_ROUTES

    change: Callable[[Any], object]

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Change the response."""
        if (processed := await arrival.process_to_json()) is None:
            return None
        own, document = processed
        self.change(document)
        # The standard library writes large numbers and NaN.
        body = json.dumps(document).encode()
        return web.Response(status=own.status, body=body, content_type="application/json")


def set_at(*path: str, value: Any) -> Callable[[Any], None]:
    """A change that sets the member at a path."""

    def change(document: Any) -> None:
        for name in path[:-1]:
            document = document[name]
        document[path[-1]] = value

    return change
