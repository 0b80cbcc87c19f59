"""Workflows: models and other steps in a row."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import (
    Async,
    Blocking,
    Mode,
    Resource,
    sends,
)
from scenario_async.pagination import lists
from scenario_async.values.workflow import (
    WorkflowCreateParams,
    WorkflowDeleteParams,
    WorkflowGetTagsParams,
    WorkflowListParams,
    WorkflowListResponse,
    WorkflowRetrieveParams,
    WorkflowRunParams,
    WorkflowUpdateParams,
    WorkflowUserApprovalParams,
    WorkflowUserSelectionParams,
)


class Workflows(Resource[Mode]):
    """Workflows: chains of models and other steps."""

    create: Final = sends(WorkflowCreateParams)
    retrieve: Final = sends(WorkflowRetrieveParams)
    update: Final = sends(WorkflowUpdateParams)
    list: Final = lists(WorkflowListParams, WorkflowListResponse[Async], WorkflowListResponse[Blocking])
    delete: Final = sends(WorkflowDeleteParams)
    run: Final = sends(WorkflowRunParams)
    user_approval: Final = sends(WorkflowUserApprovalParams)
    user_selection: Final = sends(WorkflowUserSelectionParams)
    get_tags: Final = sends(WorkflowGetTagsParams)
