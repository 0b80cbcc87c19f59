"""Look up models, jobs and assets, and check that they have the fields that the next step needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from scenario_async._internal.declare.operation import Sender
from scenario_async.errors import IncompleteResponseError
from scenario_async.values.asset import Asset, AssetGetBulkParams
from scenario_async.values.job import Job, JobListParams, JobRetrieveParams
from scenario_async.values.model import Model, ModelRetrieveParams


def _missing(path: str, what: str) -> IncompleteResponseError:
    return IncompleteResponseError(f"{path}: the response has no {what}", path=path)


async def model_of(sender: Sender, model_id: str) -> Model:
    """Look up a model.

    Raises:
        IncompleteResponseError: The response has no model, or one without a status.
    """
    model = cast("Model | None", (await sender.send(ModelRetrieveParams(model_id))).model)
    if model is None or not cast("Any", model.status):
        raise _missing(f"/models/{model_id}", "model with a status")
    return model


async def job_of(sender: Sender, job_id: str) -> Job:
    """Look up a job.

    Raises:
        IncompleteResponseError: The response has no job, or one without a status.
    """
    job = cast("Job | None", (await sender.send(JobRetrieveParams(job_id))).job)
    if job is None or not _is_usable(job):
        raise _missing(f"/jobs/{job_id}", "job with a status")
    return job


async def jobs_page(
    sender: Sender, *, page_size: int, created_after: str | None = None, token: str | None = None
) -> tuple[Sequence[Job], str | None]:
    """Return a page of jobs, without those that lack an id or a status, and the token of the next page."""
    request = JobListParams(page_size=page_size, created_after=created_after, pagination_token=token)
    page = await sender.send(request)
    jobs = cast("Sequence[Job] | None", page.jobs)
    if jobs is None:
        raise _missing("/jobs", "jobs")
    return [job for job in jobs if _is_usable(job)], page.next_pagination_token


def _is_usable(job: Job) -> bool:
    return bool(cast("Any", job.job_id) and cast("Any", job.status))


async def assets_of(sender: Sender, asset_ids: Sequence[str]) -> Sequence[Asset]:
    """Look up assets, without those that lack an id or a URL."""
    response = await sender.send(AssetGetBulkParams(asset_ids=asset_ids, original_assets=True))
    assets = cast("Sequence[Asset] | None", response.assets)
    if assets is None:
        raise _missing("/assets/get-bulk", "assets")
    return [asset for asset in assets if cast("Any", asset.id) and cast("Any", asset.url)]
