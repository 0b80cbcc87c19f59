"""Where things live on a sandbox, and what its routes are called."""

from __future__ import annotations

from typing import Final

from aiohttp import web

API: Final = "/v1"
"""Where the API begins."""

STORAGE: Final = "/storage"
"""Where the object storage lives: beside the API, not below it."""


def route_of(request: web.Request) -> str:
    """A route's template without the API's prefix; the path itself where the API has no such route."""
    resource = request.match_info.route.resource
    template = request.path if resource is None or "{tail}" in resource.canonical else resource.canonical
    return template.removeprefix(API)
