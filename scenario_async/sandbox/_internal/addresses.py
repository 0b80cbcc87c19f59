"""The paths of a sandbox, and the templates of its routes."""

from __future__ import annotations

from typing import Final

from aiohttp import web

API: Final = "/v1"
"""The path of the API."""

STORAGE: Final = "/storage"
"""The path of the object storage, which is not below the API's path."""


def route_of(request: web.Request) -> str:
    """Return a route's template without the API's prefix; the path itself if there is no such route."""
    resource = request.match_info.route.resource
    template = request.path if resource is None or "{tail}" in resource.canonical else resource.canonical
    return template.removeprefix(API)
