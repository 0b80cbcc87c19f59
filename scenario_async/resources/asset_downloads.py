"""Downloads of assets."""

from __future__ import annotations

from typing import Final

from attrs import field

from scenario_async._internal.declare.operation import Given, Mode, Resource, sends
from scenario_async._internal.declare.value import frozen
from scenario_async.resources.requests import PaidRequest, ProjectRequest, RepeatableRequest
from scenario_async.values.download import (
    AssetDownloadResponse,
    DownloadJobResponse,
    DownloadOptions,
    DownloadQuery,
    DownloadStatusResponse,
)
from scenario_async.values.enumerations import DownloadFormat


@frozen(kw_only=True)
class AssetDownloadRequestParams(RepeatableRequest[AssetDownloadResponse]):
    """Get a URL to download an asset from.

    Args:
        target_format: The format to have it in; its own if not given.
    """

    endpoint = "POST /assets/{asset_id}/download"
    asset_id: str = field(kw_only=False)
    target_format: DownloadFormat | None = None


@frozen(kw_only=True)
class AssetDownloadRequestBatchParams(PaidRequest[DownloadJobResponse]):
    """Have assets packed into an archive: a job does it, and `get_status` tells where it is.

    Args:
        options: How to name the files: `DownloadOptions`, or a dict with the same names.
        query: What to pack: `DownloadQuery`, or a dict with the same names.
    """

    endpoint = "POST /assets/download"
    options: Given[DownloadOptions]
    query: Given[DownloadQuery]


@frozen(kw_only=True)
class AssetDownloadGetStatusParams(ProjectRequest[DownloadStatusResponse]):
    """Look up how far an archive is, and where it is.

    Args:
        job_id: The job that packs it.
    """

    endpoint = "GET /assets/download/{job_id}"
    job_id: str = field(kw_only=False)


class AssetDownloads(Resource[Mode]):
    """Downloads of assets."""

    request: Final = sends(AssetDownloadRequestParams)
    request_batch: Final = sends(AssetDownloadRequestBatchParams)
    get_status: Final = sends(AssetDownloadGetStatusParams)
