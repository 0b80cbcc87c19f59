"""Workflows: chains of models and other steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from attrs import field

from scenario_async._internal.declare.converter import named
from scenario_async._internal.declare.operation import Body, Mode, OrDict, Query, Request
from scenario_async._internal.declare.value import Value
from scenario_async.pagination import CursorPage
from scenario_async.values import enumerations
from scenario_async.values._requests import PageRequest, PaidRequest, ProjectDeletion, ProjectRequest
from scenario_async.values.asset_link import AssetLink
from scenario_async.values.job import Job, JobResponse
from scenario_async.values.model_input import ModelInput
from scenario_async.values.pricing import Priced
from scenario_async.values.ui_config import UiConfig
from scenario_async.values.workflow_node import WorkflowNode


class WorkflowProfile(Value):
    """The fields that every response with a workflow has. Dates are ISO strings."""

    author_id: str
    created_at: str
    description: str
    has_flow: bool
    id: str
    inputs: list[ModelInput]
    name: str
    owner_id: str
    privacy: enumerations.Privacy | str
    short_description: str
    status: enumerations.WorkflowStatus | str
    tag_set: list[str]
    updated_at: str
    after: AssetLink | None = None
    before: AssetLink | None = None
    embedding: Any = None
    is_locked: bool | None = None
    last_indexed_at: str | None = None
    last_indexing_type: Literal["CREATE", "DELETE", "UPDATE"] | str | None = None
    last_ready_flow_updated_at: str | None = None
    locked_state_changed_at: str | None = None
    locked_state_changed_by: str | None = None
    output_asset_kinds: list[enumerations.AssetKind | str] | None = None
    ui_config: UiConfig | None = None


class Workflow(WorkflowProfile):
    """A workflow with its nodes."""

    editor_info: dict[str, Any]
    flow: list[WorkflowNode]
    thumbnail: AssetLink | None = None


class WorkflowSummary(WorkflowProfile):
    """A workflow in a list, which may lack its nodes."""

    editor_info: dict[str, Any] | None = None
    flow: list[WorkflowNode] | None = None
    thumbnail: WorkflowThumbnail | None = None


class WorkflowThumbnail(AssetLink):
    """The thumbnail of a workflow."""

    brand: Literal["AssetId"] | str = field(metadata=named("__brand"))


class WorkflowResponse(Value):
    """One workflow."""

    workflow: Workflow


class WorkflowRunResponse(Priced):
    """The job that runs a workflow."""

    job: Job
    workflow: Workflow


class WorkflowTagsResponse(Value):
    """All tags of workflows."""

    tags: list[str]


class WorkflowCreateParams(ProjectRequest[WorkflowResponse], endpoint="POST /workflows"):
    """Create a workflow.

    Args:
        description: A description.
    """

    description: str
    name: str


class WorkflowRetrieveParams(ProjectRequest[WorkflowResponse], endpoint="GET /workflows/{workflow_id}"):
    """Retrieve a workflow with its nodes."""

    workflow_id: str = field(kw_only=False)


class WorkflowUpdateParams(ProjectRequest[WorkflowResponse], endpoint="PUT /workflows/{workflow_id}"):
    """Update a workflow.

    Args:
        after: An asset that shows a result.
        before: An asset that shows the input.
        bypass_lock: Update it even if it is locked.
        description: A description.
        editor_info: Data of the web application's editor.
        flow: Its nodes: `WorkflowNode` values, or dicts with the same names.
        inputs: Its inputs: `ModelInput` values, or dicts with the same names.
        is_locked: Whether it is locked.
        output_asset_kinds: The kinds of assets that it generates.
        privacy: Its visibility.
        short_description: A description in one line.
        status: Its status.
        tag_set: Its tags.
        thumbnail: The asset to use as thumbnail.
    """

    workflow_id: str = field(kw_only=False)
    after: str | None = None
    before: str | None = None
    bypass_lock: bool | None = None
    description: str | None = None
    editor_info: Mapping[str, Any] | None = None
    flow: Sequence[OrDict[WorkflowNode]] | None = None
    inputs: Sequence[OrDict[ModelInput]] | None = None
    is_locked: bool | None = None
    name: str | None = None
    output_asset_kinds: Sequence[enumerations.AssetKind] | None = None
    privacy: enumerations.Privacy | None = None
    short_description: str | None = None
    status: enumerations.SettableWorkflowStatus | None = None
    tag_set: Sequence[str] | None = None
    thumbnail: str | None = None


class WorkflowListResponse(CursorPage[WorkflowSummary, Mode]):
    """A page of workflows."""

    items_field = "workflows"

    workflows: list[WorkflowSummary]
    next_pagination_token: str | None = None


class WorkflowListParams(PageRequest[WorkflowListResponse[Any]], endpoint="GET /workflows"):
    """List workflows, a page at a time.

    Sets of tags are strings, separated by commas.

    Args:
        full: False leaves out `flow` and `editor_info`, which are large.
        privacy: Only those with this visibility.
        sort_direction: ``"asc"`` or ``"desc"``, by the last update.
        status: Only those with this status.
        tags: Only those with these tags.
    """

    full: Query[bool | None] = None
    privacy: Query[enumerations.Privacy | None] = None
    sort_direction: Query[enumerations.SortDirection | None] = None
    status: Query[enumerations.SettableWorkflowStatus | None] = None
    tags: Query[str | None] = None


class WorkflowDeleteParams(ProjectDeletion[object], endpoint="DELETE /workflows/{workflow_id}"):
    """Delete a workflow."""

    workflow_id: str = field(kw_only=False)


class WorkflowRunParams(PaidRequest[WorkflowRunResponse], endpoint="PUT /workflows/{workflow_id}/run"):
    """Run a workflow.

    Args:
        body: The inputs, by the names in the workflow's `inputs` (see `retrieve`). It is sent unchanged.
    """

    workflow_id: str = field(kw_only=False)
    body: Body[object]


class WorkflowUserApprovalParams(Request[JobResponse], endpoint="PUT /workflows/{workflow_id}/user-approval"):
    """Approve or reject the result of a workflow node. The job continues, or ends.

    Args:
        node_id: The node that waits for the answer.
        workflow_job_id: The job that runs the workflow.
        action: ``"approve"`` if not given.
        project_id: The project.
    """

    workflow_id: str = field(kw_only=False)
    project_id: Query[str]
    node_id: str
    workflow_job_id: str
    action: Literal["approve", "reject"] | None = None


class WorkflowUserSelectionParams(
    Request[JobResponse], endpoint="PUT /workflows/{workflow_id}/user-selection"
):
    """Select among the results of a workflow node, or reject them.

    Args:
        action: Select or reject.
        node_id: The node that waits for the answer.
        workflow_job_id: The job that runs the workflow.
        selected_indices: The indices of the selected results, from 0.
        project_id: The project.
    """

    workflow_id: str = field(kw_only=False)
    project_id: Query[str]
    action: Literal["select", "reject"]
    node_id: str
    workflow_job_id: str
    selected_indices: Sequence[int] | None = None


class WorkflowGetTagsParams(ProjectRequest[WorkflowTagsResponse], endpoint="GET /workflows/tags"):
    """List the tags of all workflows.

    Args:
        status: Only tags of workflows with this status.
    """

    status: Query[enumerations.WorkflowStatus | None] = None
