"""Webhook endpoints of projects and teams: where the service tells of events."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from attrs import field

from scenario_async._internal.declare.operation import Mode, Query, Request, Resource, sends
from scenario_async.resources.requests import Deletion
from scenario_async.values.enumerations import WebhookEventType
from scenario_async.values.webhook import (
    WebhookEndpointListResponse,
    WebhookEndpointResponse,
    WebhookEndpointSecretResponse,
    WebhookEventListResponse,
    WebhookEventResponse,
)


class WebhookEndpointCreate(Request[WebhookEndpointSecretResponse]):
    """What is said of a new endpoint, whosever it is.

    Args:
        enabled_events: What to tell of; ``["*"]`` is all of it.
        url: An absolute URL, http or https.
        description: What it is for.
    """

    enabled_events: Sequence[WebhookEventType]
    url: str
    description: str | None = None


class WebhookEndpointUpdate(Request[WebhookEndpointResponse]):
    """What is changed of an endpoint, whosever it is.

    Args:
        description: What it is for.
        enabled: Whether it is in use.
        enabled_events: What to tell of; ``["*"]`` is all of it.
        url: An absolute URL, http or https.
    """

    description: str | None = None
    enabled: bool | None = None
    enabled_events: Sequence[WebhookEventType] | None = None
    url: str | None = None


class WebhookEventList(Request[WebhookEventListResponse]):
    """Which events are looked up, whosever endpoint was told of them.

    Args:
        pagination_token: Where to go on: `next_pagination_token` of the answer before.
    """

    pagination_token: Query[str | None] = None


class ProjectWebhookEventListParams(
    WebhookEventList, endpoint="GET /projects/{project_id}/webhook-endpoints/{webhook_endpoint_id}/events"
):
    """Look up the events that a webhook endpoint of a project was told of."""

    webhook_endpoint_id: str = field(kw_only=False)
    project_id: str


class ProjectWebhookEventRetrieveParams(
    Request[WebhookEventResponse],
    endpoint="GET /projects/{project_id}/webhook-endpoints/{webhook_endpoint_id}/events/{event_id}",
):
    """Look up an event that a webhook endpoint of a project was told of."""

    event_id: str = field(kw_only=False)
    project_id: str
    webhook_endpoint_id: str


class ProjectWebhookEndpointCreateParams(
    WebhookEndpointCreate, endpoint="POST /projects/{project_id}/webhook-endpoints"
):
    """Have events of a project told to a URL."""

    project_id: str = field(kw_only=False)


class ProjectWebhookEndpointListParams(
    Request[WebhookEndpointListResponse], endpoint="GET /projects/{project_id}/webhook-endpoints"
):
    """Look up the webhook endpoints of a project."""

    project_id: str = field(kw_only=False)


class ProjectWebhookEndpointUpdateParams(
    WebhookEndpointUpdate, endpoint="PUT /projects/{project_id}/webhook-endpoints/{webhook_endpoint_id}"
):
    """Change a webhook endpoint of a project."""

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
    """Look up the events that a webhook endpoint of a team was told of."""

    webhook_endpoint_id: str = field(kw_only=False)
    team_id: str


class TeamWebhookEventRetrieveParams(
    Request[WebhookEventResponse],
    endpoint="GET /teams/{team_id}/webhook-endpoints/{webhook_endpoint_id}/events/{event_id}",
):
    """Look up an event that a webhook endpoint of a team was told of."""

    event_id: str = field(kw_only=False)
    team_id: str
    webhook_endpoint_id: str


class TeamWebhookEndpointCreateParams(
    WebhookEndpointCreate, endpoint="POST /teams/{team_id}/webhook-endpoints"
):
    """Have events of a team told to a URL."""

    team_id: str = field(kw_only=False)


class TeamWebhookEndpointListParams(
    Request[WebhookEndpointListResponse], endpoint="GET /teams/{team_id}/webhook-endpoints"
):
    """Look up the webhook endpoints of a team."""

    team_id: str = field(kw_only=False)


class TeamWebhookEndpointUpdateParams(
    WebhookEndpointUpdate, endpoint="PUT /teams/{team_id}/webhook-endpoints/{webhook_endpoint_id}"
):
    """Change a webhook endpoint of a team."""

    webhook_endpoint_id: str = field(kw_only=False)
    team_id: str


class TeamWebhookEndpointDeleteParams(
    Deletion[object], endpoint="DELETE /teams/{team_id}/webhook-endpoints/{webhook_endpoint_id}"
):
    """Delete a webhook endpoint of a team."""

    webhook_endpoint_id: str = field(kw_only=False)
    team_id: str


class ProjectWebhookEvents(Resource[Mode]):
    """What the webhook endpoints of a project were told of."""

    list: Final = sends(ProjectWebhookEventListParams)
    retrieve: Final = sends(ProjectWebhookEventRetrieveParams)


class ProjectWebhookEndpoints(Resource[Mode]):
    """Where events of a project are told."""

    create: Final = sends(ProjectWebhookEndpointCreateParams)
    list: Final = sends(ProjectWebhookEndpointListParams)
    update: Final = sends(ProjectWebhookEndpointUpdateParams)
    delete: Final = sends(ProjectWebhookEndpointDeleteParams)

    @cached_property
    def events(self) -> ProjectWebhookEvents[Mode]:
        """What was told."""
        return ProjectWebhookEvents(self.sender, self.runner)


class TeamWebhookEvents(Resource[Mode]):
    """What the webhook endpoints of a team were told of."""

    list: Final = sends(TeamWebhookEventListParams)
    retrieve: Final = sends(TeamWebhookEventRetrieveParams)


class TeamWebhookEndpoints(Resource[Mode]):
    """Where events of a team are told."""

    create: Final = sends(TeamWebhookEndpointCreateParams)
    list: Final = sends(TeamWebhookEndpointListParams)
    update: Final = sends(TeamWebhookEndpointUpdateParams)
    delete: Final = sends(TeamWebhookEndpointDeleteParams)

    @cached_property
    def events(self) -> TeamWebhookEvents[Mode]:
        """What was told."""
        return TeamWebhookEvents(self.sender, self.runner)
