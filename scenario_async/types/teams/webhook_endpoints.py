"""Names of the official package for `client.teams.webhook_endpoints.events`; see `scenario_async.types`."""

from scenario_async.types._parameters import Parameters as EventListParams
from scenario_async.values.webhook import WebhookEventListResponse as EventListResponse
from scenario_async.values.webhook import WebhookEventResponse as EventRetrieveResponse

__all__ = ["EventListParams", "EventListResponse", "EventRetrieveResponse"]
