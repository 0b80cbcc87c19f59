"""Jobs: work that the service does meanwhile."""

from __future__ import annotations

from typing import Any, Literal

from attrs import field, frozen

from scenario_async.converter import named
from scenario_async.values.asset_link import AssetLink
from scenario_async.values.enumerations import JobStatus, JobType, NodeType
from scenario_async.values.model_input import NodeInput


@frozen(kw_only=True)
class Job:
    """Work that the service does meanwhile.

    Dates are ISO strings, as the service sends them; `progress` goes from 0 to 1.
    """

    created_at: str
    job_id: str
    job_type: JobType | str
    metadata: JobMetadata
    progress: float
    status: JobStatus | str
    status_history: list[JobStatusChange]
    updated_at: str
    author_id: str | None = None
    billing: JobBilling | None = None
    owner_id: str | None = None


@frozen(kw_only=True)
class JobBilling:
    """What a job costs, in creative units."""

    cu_cost: float
    cu_discount: float
    cu_cost_details: JobCostDetails | None = None
    disable_refund: bool | None = None


@frozen(kw_only=True)
class JobCostDetails:
    """What the checks beside a job cost, in creative units."""

    ip_detection: float | None = field(default=None, metadata=named("ip-detection"))
    quality_gate: float | None = field(default=None, metadata=named("quality-gate"))


@frozen(kw_only=True)
class JobMetadata:
    """What a job works on and what it made."""

    asset_ids: list[str] | None = None
    error: str | None = None
    flow: list[JobWorkflowNode] | None = None
    hint: str | None = None
    input: dict[str, Any] | None = None
    output: dict[str, Any] | None = None
    output_model_id: str | None = None
    workflow_id: str | None = None
    workflow_job_id: str | None = None


@frozen(kw_only=True)
class JobStatusChange:
    """When a job came into which state."""

    date: str
    status: JobStatus | str


@frozen(kw_only=True)
class JobWorkflowNode:
    """A node of a workflow while it runs."""

    id: str
    status: Literal["failure", "pending", "processing", "rejected", "skipped", "success"] | str
    type: NodeType | str
    assets: list[AssetLink] | None = None
    count: float | None = None
    depends_on: list[str] | None = None
    include_outputs_in_workflow_job: Literal[True] | bool | None = None
    inputs: list[NodeInput] | None = None
    items: list[str] | None = None
    iteration_index: float | None = None
    job_id: str | None = None
    logic: NodeLogic | None = None
    logic_type: Literal["if-else"] | str | None = None
    loop_body_node_ids: list[str] | None = None
    loop_node_id: str | None = None
    model_id: str | None = None
    output: Any = None
    workflow_id: str | None = None


@frozen(kw_only=True)
class NodeLogic:
    """What a node of a workflow decides."""

    cases: list[NodeLogicCase] | None = None
    default: str | None = None
    transform: str | None = None


@frozen(kw_only=True)
class NodeLogicCase:
    """One case of a decision."""

    condition: str
    value: str
