"""Jobs that run in the background."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, sends
from scenario_async.pagination import lists
from scenario_async.values import job as values
from scenario_async.work._internal.operations import jobs as composed


class Jobs(composed.Jobs[Mode]):
    """Jobs that run in the background."""

    retrieve: Final = sends(values.JobRetrieveParams)
    list: Final = lists(values.JobListParams, values.JobListResponse[Async], values.JobListResponse[Blocking])
    trigger_action: Final = sends(values.JobTriggerActionParams)
