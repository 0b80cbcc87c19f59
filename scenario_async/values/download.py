"""Downloads of assets and models."""

from __future__ import annotations

from attrs import field

from scenario_async._internal.declare.operation import OrDict
from scenario_async._internal.declare.value import Value
from scenario_async.values._requests import PaidRequest, ProjectRequest, RepeatableRequest
from scenario_async.values.enumerations import DownloadFormat
from scenario_async.values.pricing import Priced


class DownloadOptions(Value):
    """How the files of an archive are named."""

    file_name_template: str
    archive_name: str | None = None
    flat: bool | None = None
    prefer_original: bool | None = None


class DownloadQuery(Value):
    """What goes into an archive: assets by their ids, and by what they were made in."""

    asset_ids: list[str]
    inference_ids: list[str]
    model_ids: list[str]


class AssetDownloadResponse(Value):
    """Where to download an asset."""

    url: str
    mime_type: str | None = None


class DownloadJobResponse(Priced):
    """The job that packs a download."""

    job_id: str


class DownloadStatusResponse(Value):
    """How far a download is, and where it is once it is packed."""

    job_id: str
    job_status: str
    download_url: str | None = None


class AssetDownloadRequestParams(
    RepeatableRequest[AssetDownloadResponse], endpoint="POST /assets/{asset_id}/download"
):
    """Get a download URL for an asset.

    Args:
        target_format: The format to convert it to; unchanged if not given.
    """

    asset_id: str = field(kw_only=False)
    target_format: DownloadFormat | None = None


class AssetDownloadRequestBatchParams(PaidRequest[DownloadJobResponse], endpoint="POST /assets/download"):
    """Start a job that packs assets into an archive. `get_status` returns its URL when it is done.

    Args:
        options: The file names: `DownloadOptions`, or a dict with the same names.
        query: The assets to pack: `DownloadQuery`, or a dict with the same names.
    """

    options: OrDict[DownloadOptions]
    query: OrDict[DownloadQuery]


class AssetDownloadGetStatusParams(
    ProjectRequest[DownloadStatusResponse], endpoint="GET /assets/download/{job_id}"
):
    """Retrieve the status and the download URL of an archive.

    Args:
        job_id: The job that packs it.
    """

    job_id: str = field(kw_only=False)
