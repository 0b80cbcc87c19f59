"""The middleware of every request, from the outside in."""

from __future__ import annotations

import base64
import hmac
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from scenario_async.sandbox._internal.addresses import API, STORAGE, route_of
from scenario_async.sandbox._internal.context import CONTEXT, NO_CHANGE, context_of
from scenario_async.sandbox._internal.errors import (
    Refusal,
    forbidden,
    from_gateway,
    outside_of_api,
    unauthorized,
    unhandled_image_format,
    unknown_host,
)
from scenario_async.sandbox._internal.injection import Injector
from scenario_async.sandbox._internal.parameters import BODY, query_flag, read_body, received_body
from scenario_async.sandbox._internal.rate_limit import RateLimit
from scenario_async.sandbox._internal.request_log import LOGGED, RequestLog
from scenario_async.sandbox._internal.settings import Settings


def middleware_stack(requests: RequestLog, injector: Injector) -> list[Middleware]:
    """Return the middleware layers of a sandbox, the outermost first.

    The layer of faults is outside the layers that imitate the service, and inside the request log. So the log
    has both the result of the service and the response to the client. Error responses are created both
    outside and inside the layer of faults, since a fault may refuse a request too.
    """
    service: list[Middleware] = [
        _processing(requests),
        answer_refusals,
        RateLimit().middleware,
        gateway,
    ]
    return [_logging(requests), answer_refusals, check_host, injector.middleware(), *service]


def _logging(requests: RequestLog) -> Middleware:
    @web.middleware
    async def log(request: web.Request, handler: Handler) -> web.StreamResponse:
        logged = request[LOGGED] = requests.arrived(request.method, route_of(request), request.path)
        try:
            response = await handler(request)
        except ConnectionError:
            # The client has disconnected; an exception would make aiohttp log an error.
            return web.Response(status=400)
        if not context_of(request).settings.keep_alive:
            response.force_close()
        if request.transport is not None:
            requests.answered(logged, response.status)
        return response

    return log


def _processing(requests: RequestLog) -> Middleware:
    @web.middleware
    async def process(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        requests.processed(request[LOGGED], response.status, changeable=NO_CHANGE not in request)
        return response

    return process


@web.middleware
async def check_host(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request with a wrong ``Host`` header before anything else is done."""
    host = request.headers.get("Host")
    if host is not None and not request.app[CONTEXT].hosts.answers_to(host):
        # [sandbox] the service has no such check
        raise unknown_host()
    return await handler(request)


@web.middleware
async def answer_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Convert exceptions, and aiohttp's own 404 and 405, to responses."""
    try:
        return await handler(request)
    except web.RequestPayloadError:
        # A body that violates HTTP itself, such as one with invalid chunks.
        # [guess] a body that violates HTTP is refused by the gateway
        return from_gateway(400).response()
    except Refusal as given:
        refusal = given
    except web.HTTPException as error:
        # [guess] unknown paths and methods are refused by the gateway
        refusal = from_gateway(error.status)
        if error.status == HTTPStatus.NOT_FOUND and not request.path.startswith((f"{API}/", f"{STORAGE}/")):
            # [sandbox] the service's response to a path outside its API is not known
            refusal = outside_of_api()
    # The route may not have read the body, and an unread body would break the connection.
    await read_body(request, limit=0)
    return refusal.response()


@web.middleware
async def gateway(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The gateway: read the body, and check the credentials, the size and the project."""
    if not request.path.startswith(f"{API}/"):
        return await handler(request)
    settings = context_of(request).settings
    body = await received_body(request)
    if not _is_authorized(request.headers.get("Authorization", ""), settings):
        # [documented] docs: credentials are needed; the status is HTTP's
        raise unauthorized()
    if body is None:
        # [documented] docs or tooling: a body of more than 6 MB is refused in these misleading words
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
        # [guess] another project is refused; that a key is bound to its project is documented (docs)
        raise forbidden("The API key is bound to another project")
