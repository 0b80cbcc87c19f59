"""Look up models, jobs and assets, and check that they have the fields that the next step needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from scenario_async._internal.declare.operation import Sender
from scenario_async.errors import IncompleteResponseError, NotFoundError
from scenario_async.values.asset import Asset, AssetGetBulkParams, AssetRetrieveParams
from scenario_async.values.job import Job, JobListParams, JobRetrieveParams
from scenario_async.values.model import Model, ModelRetrieveParams
from scenario_async.work._internal.documented import as_documented, documented_list

LARGEST_JOBS_PAGE: Final = 100
"""The largest page of jobs (documented)."""


def _missing(path: str, what: str) -> IncompleteResponseError:
    return IncompleteResponseError(f"{path}: the response has no {what}", path=path)


async def model_of(sender: Sender, model_id: str) -> Model:
    """Look up a model.

    Raises:
        IncompleteResponseError: The response has no model, or one without an id or a status.
    """
    model = as_documented((await sender.send(ModelRetrieveParams(model_id))).model, Model)
    if model is None or not (cast("Any", model.id) and cast("Any", model.status)):
        raise _missing(f"/models/{model_id}", "model with an id and a status")
    return model


def unlisted_images(model: Model) -> int:
    """Return how many of its training images a model counts but does not list."""
    number: Any = model.training_images_number
    return max(0, int(number or 0) - len(model.training_images or ()))


async def job_of(sender: Sender, job_id: str) -> Job:
    """Look up a job.

    Raises:
        IncompleteResponseError: The response has no job, or one without a status.
    """
    job = as_documented((await sender.send(JobRetrieveParams(job_id))).job, Job)
    if job is None or not _is_usable(job):
        raise _missing(f"/jobs/{job_id}", "job with a status")
    return job


async def jobs_page(
    sender: Sender, *, created_after: str | None = None, token: str | None = None
) -> tuple[Sequence[Job], str | None]:
    """Return a page of jobs, without those that lack an id or a status, and the token of the next page."""
    request = JobListParams(page_size=LARGEST_JOBS_PAGE, created_after=created_after, pagination_token=token)
    page = await sender.send(request)
    if cast("Any", page.jobs) is None:
        raise _missing("/jobs", "jobs")
    jobs = [job for job in documented_list(page.jobs, Job) if _is_usable(job)]
    return jobs, as_documented(page.next_pagination_token, str)


def _is_usable(job: Job) -> bool:
    return bool(cast("Any", job.job_id) and cast("Any", job.status))


async def text_of(sender: Sender, asset_id: str) -> str | None:
    """Return the text of a text asset; None if the asset does not have all of it."""
    try:
        asset = as_documented((await sender.send(AssetRetrieveParams(asset_id))).asset, Asset)
    except NotFoundError:
        return None
    properties: Any = asset and asset.properties
    return properties.preview if properties and properties.has_full_preview else None


async def assets_of(sender: Sender, asset_ids: Sequence[str]) -> Sequence[Asset]:
    """Look up assets, without those that lack an id or a URL."""
    response = await sender.send(AssetGetBulkParams(asset_ids=asset_ids, original_assets=True))
    if cast("Any", response.assets) is None:
        raise _missing("/assets/get-bulk", "assets")
    assets = documented_list(response.assets, Asset)
    return [asset for asset in assets if cast("Any", asset.id) and cast("Any", asset.url)]
