"""Workflows: chains of models and other steps."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.earlier_names import earlier_name
from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource, sends
from scenario_async.pagination import lists
from scenario_async.values import workflow as values


class Workflows(Resource[Mode]):
    """Workflows: chains of models and other steps."""

    create: Final = sends(values.WorkflowCreateParams)
    retrieve: Final = sends(values.WorkflowRetrieveParams)
    update: Final = sends(values.WorkflowUpdateParams)
    list: Final = lists(
        values.WorkflowListParams, values.WorkflowListResponse[Async], values.WorkflowListResponse[Blocking]
    )
    delete: Final = sends(values.WorkflowDeleteParams)
    run: Final = sends(values.WorkflowRunParams)
    user_approval: Final = sends(values.WorkflowUserApprovalParams)
    approve_user: Final = earlier_name(user_approval, "workflows.user_approval")
    user_selection: Final = sends(values.WorkflowUserSelectionParams)
    get_tags: Final = sends(values.WorkflowGetTagsParams)
