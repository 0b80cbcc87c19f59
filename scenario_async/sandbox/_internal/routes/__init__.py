"""The routes of the sandbox, one file for each kind of object."""

from __future__ import annotations

from typing import Final, NoReturn

from aiohttp import web

from scenario_async.sandbox._internal.addresses import API
from scenario_async.sandbox._internal.errors import not_imitated
from scenario_async.sandbox._internal.routes import (
    accounts,
    asset_groups,
    asset_locks,
    assets,
    collections,
    custom_generations,
    downloads,
    generated_texts,
    generations,
    jobs,
    model_groups,
    model_texts,
    models,
    projects,
    scores,
    search,
    storage,
    tags,
    teams,
    training,
    training_images,
    uploads,
    usages,
    watermarks,
    webhook_endpoints,
    workflows,
)
from scenario_async.sandbox._internal.routes.running import settle_jobs

_MODULES: Final = (
    models,
    training_images,
    assets,
    uploads,
    jobs,
    collections,
    tags,
    asset_groups,
    asset_locks,
    downloads,
    training,
    generations,
    custom_generations,
    generated_texts,
    search,
    model_groups,
    model_texts,
    scores,
    workflows,
    usages,
    projects,
    teams,
    accounts,
    watermarks,
    webhook_endpoints,
)

API_ROUTES: Final = frozenset(
    f"{route.method} {route.path}" for module in _MODULES for route in module.ROUTES
)
"""The method and template of every route of the API, in the form of the request log."""

STORAGE_ROUTES: Final = frozenset(f"{route.method} {route.path}" for route in storage.ROUTES)
"""The same for the object storage."""


async def _not_imitated(request: web.Request) -> NoReturn:
    # [sandbox] the operation is documented; the sandbox does not imitate it
    raise not_imitated(f"{request.method} {request.path}")


def add_routes(app: web.Application) -> None:
    """Add to an application the imitated routes, and a 501 for the rest of the API."""
    routes = [(API + route.path, route) for module in _MODULES for route in module.ROUTES]
    routes += [(route.path, route) for route in storage.ROUTES]
    for path, route in routes:
        # Not `add_routes`, which would answer HEAD requests with the route of each GET.
        app.router.add_route(route.method, path, route.handler)
    app.router.add_route("*", API + "/{tail:.*}", _not_imitated)
    # Innermost: if a fault prevents the processing of a request, no jobs are settled.
    app.middlewares.append(settle_jobs)
