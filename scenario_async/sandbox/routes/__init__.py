"""The routes of the sandbox, one file for each noun."""

from __future__ import annotations

from typing import NoReturn

from aiohttp import web

from scenario_async.sandbox.errors import not_imitated
from scenario_async.sandbox.middleware import API
from scenario_async.sandbox.routes import assets, models, storage, training_images, uploads


async def _anything_else(request: web.Request) -> NoReturn:
    raise not_imitated(f"{request.method} {request.path}")


def add_routes(app: web.Application) -> None:
    """Give an application all that the sandbox imitates, and a clear refusal of the rest of the API."""
    for noun in (models, training_images, assets, uploads):
        for route in noun.ROUTES:
            app.router.add_route(route.method, API + route.path, route.handler)
    app.add_routes(storage.ROUTES)
    app.router.add_route("*", API + "/{tail:.*}", _anything_else)
