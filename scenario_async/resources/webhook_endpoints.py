"""Webhook endpoints of projects and teams: where the service tells of events."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values.webhook import (
    ProjectWebhookEndpointCreateParams,
    ProjectWebhookEndpointDeleteParams,
    ProjectWebhookEndpointListParams,
    ProjectWebhookEndpointUpdateParams,
    ProjectWebhookEventListParams,
    ProjectWebhookEventRetrieveParams,
    TeamWebhookEndpointCreateParams,
    TeamWebhookEndpointDeleteParams,
    TeamWebhookEndpointListParams,
    TeamWebhookEndpointUpdateParams,
    TeamWebhookEventListParams,
    TeamWebhookEventRetrieveParams,
)


class ProjectWebhookEvents(Resource[Mode]):
    """Events sent to the webhook endpoints of a project."""

    list: Final = sends(ProjectWebhookEventListParams)
    retrieve: Final = sends(ProjectWebhookEventRetrieveParams)


class ProjectWebhookEndpoints(Resource[Mode]):
    """Webhook endpoints of a project."""

    create: Final = sends(ProjectWebhookEndpointCreateParams)
    list: Final = sends(ProjectWebhookEndpointListParams)
    update: Final = sends(ProjectWebhookEndpointUpdateParams)
    delete: Final = sends(ProjectWebhookEndpointDeleteParams)

    @cached_property
    def events(self) -> ProjectWebhookEvents[Mode]:
        """Events sent to the endpoints."""
        return ProjectWebhookEvents(self.sender, self.runner)


class TeamWebhookEvents(Resource[Mode]):
    """Events sent to the webhook endpoints of a team."""

    list: Final = sends(TeamWebhookEventListParams)
    retrieve: Final = sends(TeamWebhookEventRetrieveParams)


class TeamWebhookEndpoints(Resource[Mode]):
    """Webhook endpoints of a team."""

    create: Final = sends(TeamWebhookEndpointCreateParams)
    list: Final = sends(TeamWebhookEndpointListParams)
    update: Final = sends(TeamWebhookEndpointUpdateParams)
    delete: Final = sends(TeamWebhookEndpointDeleteParams)

    @cached_property
    def events(self) -> TeamWebhookEvents[Mode]:
        """Events sent to the endpoints."""
        return TeamWebhookEvents(self.sender, self.runner)
