"""The webhook endpoints of teams and projects. Events are recorded for them, but never sent."""

from __future__ import annotations

import secrets
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web

from scenario_async.sandbox._internal.accounts import Account, WebhookEndpoint, WebhookEvent
from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.parameters import Fields, fields_of, required
from scenario_async.sandbox._internal.routes.accounts import PROJECT, TEAM, account_of
from scenario_async.sandbox._internal.routes.answers import json_answer, present
from scenario_async.sandbox._internal.routes.lookup import find
from scenario_async.sandbox._internal.state import new_id

_EVENTS: Final = (
    *("*", "team.credit.threshold.crossed"),
    *(
        f"{kind}.download.{step}"
        for kind in ("asset", "model")
        for step in ("completed", "created", "failed")
    ),
    *("generation.completed", "generation.created", "generation.failed"),
    *("inference.cancelled", "inference.completed", "inference.created", "inference.failed"),
    *(f"model.training.{step}" for step in ("cancelled", "completed", "failed", "started")),
)


async def create(request: web.Request) -> web.Response:
    """Create an endpoint. Only this response has its secret, which the sandbox does not use."""
    account, fields = account_of(request), fields_of(request)
    url, events = required(_url(fields), "url"), required(_events(fields), "enabledEvents")
    now = context_of(request).state.now()
    endpoint = WebhookEndpoint(
        id=new_id("webhook"),
        url=url,
        enabled_events=events,
        created_at=now,
        updated_at=now,
        description=fields.text("description"),
    )
    account.webhook_endpoints[endpoint.id] = endpoint
    secret = {"secret": f"whsec_{secrets.token_urlsafe(24)}"}
    return json_answer({"webhookEndpoint": {**_endpoint(account, endpoint), **secret}})


async def list_all(request: web.Request) -> web.Response:
    """List endpoints."""
    account = account_of(request)
    endpoints = [_endpoint(account, endpoint) for endpoint in account.webhook_endpoints.values()]
    return json_answer({"webhookEndpoints": endpoints})


async def update(request: web.Request) -> web.Response:
    """Change an endpoint."""
    endpoint, fields = _endpoint_of(request), fields_of(request)
    url, events, enabled = _url(fields), _events(fields), fields.flag("enabled")
    description = fields.text("description")
    endpoint.url = endpoint.url if url is None else url
    endpoint.enabled_events = endpoint.enabled_events if events is None else events
    endpoint.enabled = endpoint.enabled if enabled is None else enabled
    endpoint.description = endpoint.description if description is None else description
    endpoint.updated_at = context_of(request).state.now()
    return json_answer({"webhookEndpoint": _endpoint(account_of(request), endpoint)})


async def delete(request: web.Request) -> web.Response:
    """Delete an endpoint with its events."""
    del account_of(request).webhook_endpoints[_endpoint_of(request).id]
    return json_answer({})


async def list_events(request: web.Request) -> web.Response:
    """List the events of an endpoint, the newest first, on one page."""
    endpoint = _endpoint_of(request)
    if "paginationToken" in request.query:
        # [guess] a wrong token is refused
        raise bad_request("paginationToken is not a token of this list", field="paginationToken")
    items = [_summary(endpoint, event) for event in reversed(endpoint.events.values())]
    return json_answer({"items": items})


async def retrieve_event(request: web.Request) -> web.Response:
    """Return an event with its payload. Its status is always ``created``, because it is never sent."""
    endpoint = _endpoint_of(request)
    event = find(endpoint.events, "Event", request.match_info["eventId"])
    more: dict[str, Any] = {
        "attempts": [],
        "createdAt": event.created_at,
        "sentAt": event.created_at,
        "payload": event.payload,
    }
    return json_answer({"webhookEvent": {**_summary(endpoint, event), **more}})


def _url(fields: Fields) -> str | None:
    url = fields.text("url")
    if url is not None and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc):
        # [documented] official package, projects/webhook_endpoint_create_params: an absolute URL of http or
        # https
        raise bad_request("url must be an address on the web", field="url")
    return url


def _events(fields: Fields) -> list[str] | None:
    events = fields.texts("enabledEvents")
    if events is not None and (not events or not set(events).issubset(_EVENTS)):
        # [guess] others are refused; the events are documented (official package)
        raise bad_request(f"enabledEvents must name some of {', '.join(_EVENTS)}", field="enabledEvents")
    return events


def _endpoint_of(request: web.Request) -> WebhookEndpoint:
    endpoints = account_of(request).webhook_endpoints
    return find(endpoints, "Webhook endpoint", request.match_info["webhookEndpointId"])


def _endpoint(account: Account, endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "ownerId": account.id,
        "ownerType": account.level,
        "url": endpoint.url,
        "enabled": endpoint.enabled,
        "enabledEvents": endpoint.enabled_events,
        "nbFailedCalls": 0,
        "nbTotalCalls": 0,
        "createdAt": endpoint.created_at,
        "updatedAt": endpoint.updated_at,
        **present(description=endpoint.description),
    }


def _summary(endpoint: WebhookEndpoint, event: WebhookEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "endpointId": endpoint.id,
        "type": event.type,
        "status": "created",
        "updatedAt": event.created_at,
    }


_BELOW: Final = "webhook-endpoints/{webhookEndpointId}"

ROUTES: Final = tuple(
    route
    for prefix in (PROJECT, TEAM)
    for route in (
        web.post(f"{prefix}/webhook-endpoints", create),
        web.get(f"{prefix}/webhook-endpoints", list_all),
        web.put(f"{prefix}/{_BELOW}", update),
        web.delete(f"{prefix}/{_BELOW}", delete),
        web.get(f"{prefix}/{_BELOW}/events", list_events),
        web.get(f"{prefix}/{_BELOW}/events/{{eventId}}", retrieve_event),
    )
)
