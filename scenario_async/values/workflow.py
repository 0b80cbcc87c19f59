"""Workflows: models and other steps in a row."""

from __future__ import annotations

from typing import Any, Literal

from attrs import field

from scenario_async._internal.declare.converter import named
from scenario_async._internal.declare.value import Value
from scenario_async.values.asset_link import AssetLink
from scenario_async.values.enumerations import AssetKind, Privacy, WorkflowStatus
from scenario_async.values.job import Job
from scenario_async.values.model_input import ModelInput
from scenario_async.values.pricing import Priced
from scenario_async.values.ui_config import UiConfig
from scenario_async.values.workflow_node import WorkflowNode


class WorkflowProfile(Value):
    """What every answer says of a workflow. Dates are ISO strings."""

    author_id: str
    created_at: str
    description: str
    has_flow: bool
    id: str
    inputs: list[ModelInput]
    name: str
    owner_id: str
    privacy: Privacy | str
    short_description: str
    status: WorkflowStatus | str
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
    output_asset_kinds: list[AssetKind | str] | None = None
    ui_config: UiConfig | None = None


class Workflow(WorkflowProfile):
    """A workflow with its nodes."""

    editor_info: dict[str, Any]
    flow: list[WorkflowNode]
    thumbnail: AssetLink | None = None


class WorkflowSummary(WorkflowProfile):
    """A workflow as lists show it: perhaps without its nodes."""

    editor_info: dict[str, Any] | None = None
    flow: list[WorkflowNode] | None = None
    thumbnail: WorkflowThumbnail | None = None


class WorkflowThumbnail(AssetLink):
    """The asset that stands for a workflow in lists."""

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
