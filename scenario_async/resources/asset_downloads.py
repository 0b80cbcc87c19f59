"""Downloads of assets."""

from __future__ import annotations

from typing import Final

from attrs import field

from scenario_async._internal.declare.operation import Given, Mode, Resource, sends
from scenario_async.resources.requests import PaidRequest, ProjectRequest, RepeatableRequest
from scenario_async.values.download import (
    AssetDownloadResponse,
    DownloadJobResponse,
    DownloadOptions,
    DownloadQuery,
    DownloadStatusResponse,
)
from scenario_async.values.enumerations import DownloadFormat


class AssetDownloadRequestParams(
    RepeatableRequest[AssetDownloadResponse], endpoint="POST /assets/{asset_id}/download"
):
    """Get a URL to download an asset from.

    Args:
        target_format: The format to have it in; its own if not given.
    """

    asset_id: str = field(kw_only=False)
    target_format: DownloadFormat | None = None


class AssetDownloadRequestBatchParams(PaidRequest[DownloadJobResponse], endpoint="POST /assets/download"):
    """Have assets packed into an archive: a job does it, and `get_status` tells where it is.

    Args:
        options: How to name the files: `DownloadOptions`, or a dict with the same names.
        query: What to pack: `DownloadQuery`, or a dict with the same names.
    """

    options: Given[DownloadOptions]
    query: Given[DownloadQuery]


class AssetDownloadGetStatusParams(
    ProjectRequest[DownloadStatusResponse], endpoint="GET /assets/download/{job_id}"
):
    """Look up how far an archive is, and where it is.

    Args:
        job_id: The job that packs it.
    """

    job_id: str = field(kw_only=False)


class AssetDownloads(Resource[Mode]):
    """Downloads of assets."""

    request: Final = sends(AssetDownloadRequestParams)
    request_batch: Final = sends(AssetDownloadRequestBatchParams)
    get_status: Final = sends(AssetDownloadGetStatusParams)
