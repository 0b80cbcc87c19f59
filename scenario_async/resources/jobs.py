"""Jobs: work that the service does meanwhile."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource, sends
from scenario_async.pagination import lists
from scenario_async.values.job import (
    JobListParams,
    JobListResponse,
    JobRetrieveParams,
    JobTriggerActionParams,
)


class Jobs(Resource[Mode]):
    """Work that the service does meanwhile."""

    retrieve: Final = sends(JobRetrieveParams)
    list: Final = lists(JobListParams, JobListResponse[Async], JobListResponse[Blocking])
    trigger_action: Final = sends(JobTriggerActionParams)
