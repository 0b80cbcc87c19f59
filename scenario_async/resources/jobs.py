"""Jobs: work that the service does meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from attrs import field

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Query, Resource, sends
from scenario_async.pagination import CursorPage, lists
from scenario_async.resources.requests import PageRequest, ProjectRequest, RepeatableRequest
from scenario_async.values.enumerations import JobStatus, ListedJobType
from scenario_async.values.job import Job, JobResponse


class JobRetrieveParams(ProjectRequest[JobResponse], endpoint="GET /jobs/{job_id}"):
    """Look up a job: how far it is, and what it made."""

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
        created_after: Only those made after this date.
        hide_results: ``False`` leaves out jobs whose results are hidden.
        status: How far they are.
        type: What they do.
        types: What they do, if several.
        updated_after: Only those changed after this date.
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
        action: What to do: ``"cancel"``.
    """

    job_id: str = field(kw_only=False)
    action: Literal["cancel"] | None = None


class Jobs(Resource[Mode]):
    """Work that the service does meanwhile."""

    retrieve: Final = sends(JobRetrieveParams)
    list: Final = lists(JobListParams, JobListResponse[Async], JobListResponse[Blocking])
    trigger_action: Final = sends(JobTriggerActionParams)
