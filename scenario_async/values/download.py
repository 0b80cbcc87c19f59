"""Downloads of assets and models."""

from __future__ import annotations

from attrs import field

from scenario_async._internal.declare.operation import OrDict
from scenario_async._internal.declare.value import Value
from scenario_async.values._requests import PaidRequest, ProjectRequest, RepeatableRequest
from scenario_async.values.enumerations import DownloadFormat
from scenario_async.values.pricing import Priced


class DownloadOptions(Value):
    """The name of an archive and the names of its files."""

    file_name_template: str
    archive_name: str | None = None
    flat: bool | None = None
    prefer_original: bool | None = None


class DownloadQuery(Value):
    """The assets to pack: by their ids, and by the inferences or models that made them."""

    asset_ids: list[str]
    inference_ids: list[str]
    model_ids: list[str]


class AssetDownloadResponse(Value):
    """The download URL of an asset."""

    url: str
    mime_type: str | None = None


class DownloadJobResponse(Priced):
    """The id of the job that packs an archive."""

    job_id: str


class DownloadStatusResponse(Value):
    """The status of the job that packs an archive, and the download URL when it is done."""

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
