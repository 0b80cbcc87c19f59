"""What every request passes before it reaches its route, from the outside in."""

from __future__ import annotations

import base64
import hmac
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from scenario_async.sandbox.context import context_of
from scenario_async.sandbox.errors import (
    Refusal,
    forbidden,
    from_gateway,
    unauthorized,
    unhandled_image_format,
)
from scenario_async.sandbox.parameters import BODY, BODY_LIMIT, query_flag, read_body
from scenario_async.sandbox.request_log import RequestLog
from scenario_async.sandbox.settings import Settings

API: Final = "/v1"


def middleware_stack(requests: RequestLog) -> list[Middleware]:
    """The layers of a sandbox, the outermost first. What is to spoil answers belongs between them."""
    return [_logging(requests), answer_refusals, gateway]


def _logging(requests: RequestLog) -> Middleware:
    @web.middleware
    async def log(request: web.Request, handler: Handler) -> web.StreamResponse:
        logged = requests.arrived(request.method, _route(request), request.path)
        try:
            response = await handler(request)
        except ConnectionError:
            # The client is gone, so nobody reads this; to raise would make aiohttp log it as a fault here.
            return web.Response(status=400)
        requests.answered(logged, response.status)
        return response

    return log


def _route(request: web.Request) -> str:
    """A route's template without the API's prefix; the path itself where the API has no such route."""
    resource = request.match_info.route.resource
    template = request.path if resource is None or "{tail}" in resource.canonical else resource.canonical
    return template.removeprefix(API)


@web.middleware
async def answer_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn refusals, and aiohttp's own 404 and 405, into answers."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return refusal.response()
    except web.RequestPayloadError:
        # A body that breaks the rules of HTTP itself, such as one of garbled chunks.
        return from_gateway(400).response()
    except web.HTTPException as error:
        return from_gateway(error.status).response()


@web.middleware
async def gateway(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Stand before the API: read the body, check who asks, how much comes, and for which project."""
    if not request.path.startswith(f"{API}/"):
        return await handler(request)
    settings = context_of(request).settings
    body = await read_body(request, limit=BODY_LIMIT)
    if not _is_authorized(request.headers.get("Authorization", ""), settings):
        raise unauthorized()
    if body is None:
        raise unhandled_image_format()
    _check_query(request, settings)
    request[BODY] = body
    return await handler(request)


def _is_authorized(header: str, settings: Settings) -> bool:
    scheme, _, given = header.partition(" ")
    match scheme.lower():
        case "basic":
            expected = base64.b64encode(f"{settings.api_key}:{settings.api_secret}".encode()).decode()
        case "bearer" if settings.jwt is not None:
            expected = settings.jwt
        case _:
            return False
    return hmac.compare_digest(expected.encode(), given.encode(errors="surrogateescape"))


def _check_query(request: web.Request, settings: Settings) -> None:
    query_flag(request, "originalAssets")
    project_id = request.query.get("projectId", settings.project_id)
    if settings.project_id is not None and project_id != settings.project_id:
        raise forbidden("The API key is bound to another project")
