"""Webhooks: where the service tells of events."""

from __future__ import annotations

from typing import Any

from attrs import field

from scenario_async._internal.declare.value import Value
from scenario_async.values.enumerations import OwnerType, WebhookEventStatus, WebhookEventType


class WebhookEndpoint(Value):
    """Where events are told. Dates are ISO strings."""

    created_at: str
    enabled: bool
    enabled_events: list[WebhookEventType | str]
    id: str
    nb_failed_calls: float
    nb_total_calls: float
    owner_id: str
    owner_type: OwnerType | str
    updated_at: str
    url: str
    description: str | None = None


class WebhookEndpointSecret(WebhookEndpoint):
    """A new endpoint, with the secret that its calls are signed with."""

    secret: str = field(repr=False)


class WebhookEventSummary(Value):
    """An event that was told, or is to be."""

    endpoint_id: str
    id: str
    status: WebhookEventStatus | str
    type: WebhookEventType | str
    updated_at: str


class WebhookEvent(WebhookEventSummary):
    """An event with what was sent of it, and each attempt."""

    attempts: list[WebhookEventAttempt]
    created_at: str
    payload: Any
    sent_at: str


class WebhookEventAttempt(Value):
    """An attempt to tell of an event."""

    response_status_code: float
    sent_at: str


class WebhookEndpointResponse(Value):
    """One endpoint."""

    webhook_endpoint: WebhookEndpoint


class WebhookEndpointSecretResponse(Value):
    """One new endpoint."""

    webhook_endpoint: WebhookEndpointSecret


class WebhookEndpointListResponse(Value):
    """All endpoints."""

    webhook_endpoints: list[WebhookEndpoint]


class WebhookEventResponse(Value):
    """One event."""

    webhook_event: WebhookEvent


class WebhookEventListResponse(Value):
    """Some events, and where to go on."""

    items: list[WebhookEventSummary]
    next_pagination_token: str | None = None
