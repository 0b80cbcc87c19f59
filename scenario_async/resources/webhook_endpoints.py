"""Webhook endpoints of projects and teams, to which the service sends events."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values import webhook as values


class ProjectWebhookEvents(Resource[Mode]):
    """Events sent to the webhook endpoints of a project."""

    list: Final = sends(values.ProjectWebhookEventListParams)
    retrieve: Final = sends(values.ProjectWebhookEventRetrieveParams)


class ProjectWebhookEndpoints(Resource[Mode]):
    """Webhook endpoints of a project."""

    create: Final = sends(values.ProjectWebhookEndpointCreateParams)
    list: Final = sends(values.ProjectWebhookEndpointListParams)
    update: Final = sends(values.ProjectWebhookEndpointUpdateParams)
    delete: Final = sends(values.ProjectWebhookEndpointDeleteParams)

    @cached_property
    def events(self) -> ProjectWebhookEvents[Mode]:
        """Events sent to the endpoints."""
        return ProjectWebhookEvents(self.sender, self.runner)


class TeamWebhookEvents(Resource[Mode]):
    """Events sent to the webhook endpoints of a team."""

    list: Final = sends(values.TeamWebhookEventListParams)
    retrieve: Final = sends(values.TeamWebhookEventRetrieveParams)


class TeamWebhookEndpoints(Resource[Mode]):
    """Webhook endpoints of a team."""

    create: Final = sends(values.TeamWebhookEndpointCreateParams)
    list: Final = sends(values.TeamWebhookEndpointListParams)
    update: Final = sends(values.TeamWebhookEndpointUpdateParams)
    delete: Final = sends(values.TeamWebhookEndpointDeleteParams)

    @cached_property
    def events(self) -> TeamWebhookEvents[Mode]:
        """Events sent to the endpoints."""
        return TeamWebhookEvents(self.sender, self.runner)
