"""Webhooks: URLs that the service calls for events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import field

from scenario_async._internal.declare.operation import Query, Request
from scenario_async._internal.declare.value import Value
from scenario_async.values._requests import Deletion
from scenario_async.values.enumerations import OwnerType, WebhookEventStatus, WebhookEventType


class WebhookEndpoint(Value):
    """A webhook endpoint: a URL that receives events. Dates are ISO 8601 strings."""

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
    """A new webhook endpoint, with the secret that signs its events."""

    secret: str = field(repr=False)


class WebhookEventSummary(Value):
    """An event that was sent, or will be sent, to a webhook endpoint."""

    endpoint_id: str
    id: str
    status: WebhookEventStatus | str
    type: WebhookEventType | str
    updated_at: str


class WebhookEvent(WebhookEventSummary):
    """A webhook event with its payload and all attempts to send it."""

    attempts: list[WebhookEventAttempt]
    created_at: str
    payload: Any
    sent_at: str


class WebhookEventAttempt(Value):
    """An attempt to send a webhook event."""

    response_status_code: float
    sent_at: str


class WebhookEndpointResponse(Value):
    """One webhook endpoint."""

    webhook_endpoint: WebhookEndpoint


class WebhookEndpointSecretResponse(Value):
    """One new webhook endpoint."""

    webhook_endpoint: WebhookEndpointSecret


class WebhookEndpointListResponse(Value):
    """All webhook endpoints."""

    webhook_endpoints: list[WebhookEndpoint]


class WebhookEventResponse(Value):
    """One webhook event."""

    webhook_event: WebhookEvent


class WebhookEventListResponse(Value):
    """A page of webhook events."""

    items: list[WebhookEventSummary]
    next_pagination_token: str | None = None


class WebhookEndpointCreate(Request[WebhookEndpointSecretResponse]):
    """The settings of a new webhook endpoint of a project or a team.

    Args:
        enabled_events: The types of events to send; ``["*"]`` sends all.
        url: An absolute URL, http or https.
        description: Its purpose.
    """

    enabled_events: Sequence[WebhookEventType]
    url: str
    description: str | None = None


class WebhookEndpointUpdate(Request[WebhookEndpointResponse]):
    """The changes to a webhook endpoint of a project or a team.

    Args:
        description: Its purpose.
        enabled: Whether it is active.
        enabled_events: The types of events to send; ``["*"]`` sends all.
        url: An absolute URL, http or https.
    """

    description: str | None = None
    enabled: bool | None = None
    enabled_events: Sequence[WebhookEventType] | None = None
    url: str | None = None


class WebhookEventList(Request[WebhookEventListResponse]):
    """The arguments that list the webhook events of a project or a team.

    Args:
        pagination_token: `next_pagination_token` of the previous response.
    """

    pagination_token: Query[str | None] = None


class ProjectWebhookEventListParams(
    WebhookEventList, endpoint="GET /projects/{project_id}/webhook-endpoints/{webhook_endpoint_id}/events"
):
    """List the events sent to a webhook endpoint of a project."""

    webhook_endpoint_id: str = field(kw_only=False)
    project_id: str


class ProjectWebhookEventRetrieveParams(
    Request[WebhookEventResponse],
    endpoint="GET /projects/{project_id}/webhook-endpoints/{webhook_endpoint_id}/events/{event_id}",
):
    """Retrieve an event sent to a webhook endpoint of a project."""

    event_id: str = field(kw_only=False)
    project_id: str
    webhook_endpoint_id: str


class ProjectWebhookEndpointCreateParams(
    WebhookEndpointCreate, endpoint="POST /projects/{project_id}/webhook-endpoints"
):
    """Create a webhook endpoint for a project."""

    project_id: str = field(kw_only=False)


class ProjectWebhookEndpointListParams(
    Request[WebhookEndpointListResponse], endpoint="GET /projects/{project_id}/webhook-endpoints"
):
    """List the webhook endpoints of a project."""

    project_id: str = field(kw_only=False)


class ProjectWebhookEndpointUpdateParams(
    WebhookEndpointUpdate, endpoint="PUT /projects/{project_id}/webhook-endpoints/{webhook_endpoint_id}"
):
    """Update a webhook endpoint of a project."""

    webhook_endpoint_id: str = field(kw_only=False)
    project_id: str


class ProjectWebhookEndpointDeleteParams(
    Deletion[object], endpoint="DELETE /projects/{project_id}/webhook-endpoints/{webhook_endpoint_id}"
):
    """Delete a webhook endpoint of a project."""

    webhook_endpoint_id: str = field(kw_only=False)
    project_id: str


class TeamWebhookEventListParams(
    WebhookEventList, endpoint="GET /teams/{team_id}/webhook-endpoints/{webhook_endpoint_id}/events"
):
    """List the events sent to a webhook endpoint of a team."""

    webhook_endpoint_id: str = field(kw_only=False)
    team_id: str


class TeamWebhookEventRetrieveParams(
    Request[WebhookEventResponse],
    endpoint="GET /teams/{team_id}/webhook-endpoints/{webhook_endpoint_id}/events/{event_id}",
):
    """Retrieve an event sent to a webhook endpoint of a team."""

    event_id: str = field(kw_only=False)
    team_id: str
    webhook_endpoint_id: str


class TeamWebhookEndpointCreateParams(
    WebhookEndpointCreate, endpoint="POST /teams/{team_id}/webhook-endpoints"
):
    """Create a webhook endpoint for a team."""

    team_id: str = field(kw_only=False)


class TeamWebhookEndpointListParams(
    Request[WebhookEndpointListResponse], endpoint="GET /teams/{team_id}/webhook-endpoints"
):
    """List the webhook endpoints of a team."""

    team_id: str = field(kw_only=False)


class TeamWebhookEndpointUpdateParams(
    WebhookEndpointUpdate, endpoint="PUT /teams/{team_id}/webhook-endpoints/{webhook_endpoint_id}"
):
    """Update a webhook endpoint of a team."""

    webhook_endpoint_id: str = field(kw_only=False)
    team_id: str


class TeamWebhookEndpointDeleteParams(
    Deletion[object], endpoint="DELETE /teams/{team_id}/webhook-endpoints/{webhook_endpoint_id}"
):
    """Delete a webhook endpoint of a team."""

    webhook_endpoint_id: str = field(kw_only=False)
    team_id: str
