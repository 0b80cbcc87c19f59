"""Jobs that run in the background."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from attrs import field

from scenario_async._internal.declare.converter import named
from scenario_async._internal.declare.operation import Mode, Query
from scenario_async._internal.declare.value import Value
from scenario_async.pagination import CursorPage
from scenario_async.values._requests import PageRequest, ProjectRequest, RepeatableRequest
from scenario_async.values.asset_link import AssetLink
from scenario_async.values.enumerations import JobStatus, JobType, ListedJobType
from scenario_async.values.workflow_node import WorkflowNode


class Job(Value):
    """A job: work that the service does in the background.

    Dates are ISO strings, as the service sends them; `progress` is from 0 to 1.
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


class JobBilling(Value):
    """The cost of a job, in creative units."""

    cu_cost: float
    cu_discount: float
    cu_cost_details: JobCostDetails | None = None
    disable_refund: bool | None = None


class JobCostDetails(Value):
    """The cost of the checks of a job, in creative units."""

    ip_detection: float | None = field(default=None, metadata=named("ip-detection"))
    quality_gate: float | None = field(default=None, metadata=named("quality-gate"))


class JobMetadata(Value):
    """The inputs, results and error of a job."""

    asset_ids: list[str] | None = None
    error: str | None = None
    flow: list[JobWorkflowNode] | None = None
    hint: str | None = None
    input: dict[str, Any] | None = None
    output: dict[str, Any] | None = None
    output_model_id: str | None = None
    workflow_id: str | None = None
    workflow_job_id: str | None = None


class JobStatusChange(Value):
    """A status that a job had, and the date of its start."""

    date: str
    status: JobStatus | str


class JobWorkflowNode(WorkflowNode):
    """A node of a running workflow, with its status and results."""

    status: Literal["failure", "pending", "processing", "rejected", "skipped", "success"] | str
    assets: list[AssetLink] | None = None
    job_id: str | None = None
    output: Any = None


class JobResponse(Value):
    """One job."""

    job: Job


class JobRetrieveParams(ProjectRequest[JobResponse], endpoint="GET /jobs/{job_id}"):
    """Retrieve a job with its status, progress and results."""

    job_id: str = field(kw_only=False)


class JobListResponse(CursorPage[Job, Mode]):
    """A page of jobs. It may be empty although there are more."""

    items_field = "jobs"

    jobs: list[Job]
    next_pagination_token: str | None = None


class JobListParams(PageRequest[JobListResponse[Any]], endpoint="GET /jobs"):
    """List jobs, a page at a time.

    Dates are ISO strings.

    Args:
        author_id: Only those of this author.
        created_after: Only those created after this date.
        hide_results: ``False`` leaves out jobs whose results are hidden.
        status: Only those with this status.
        type: Only jobs of this type.
        types: Only jobs of these types.
        updated_after: Only those updated after this date.
        workflow_id: Only those of this workflow.
    """

    author_id: Query[str | None] = None
    created_after: Query[str | None] = None
    hide_results: Query[bool | None] = None
    status: Query[JobStatus | None] = None
    type: Query[ListedJobType | None] = None
    types: Query[Sequence[ListedJobType] | None] = None
    updated_after: Query[str | None] = None
    workflow_id: Query[str | None] = None


class JobTriggerActionParams(RepeatableRequest[JobResponse], endpoint="POST /jobs/{job_id}/action"):
    """Cancel a job.

    Args:
        action: ``"cancel"``.
    """

    job_id: str = field(kw_only=False)
    action: Literal["cancel"] | None = None
