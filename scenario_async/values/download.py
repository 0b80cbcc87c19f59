"""Downloads of assets and models."""

from __future__ import annotations

from scenario_async._internal.declare.value import frozen
from scenario_async.values.pricing import Priced


@frozen(kw_only=True)
class DownloadOptions:
    """How the files of an archive are named."""

    file_name_template: str
    archive_name: str | None = None
    flat: bool | None = None
    prefer_original: bool | None = None


@frozen(kw_only=True)
class DownloadQuery:
    """What goes into an archive: assets by their ids, and by what they were made in."""

    asset_ids: list[str]
    inference_ids: list[str]
    model_ids: list[str]


@frozen(kw_only=True)
class AssetDownloadResponse:
    """Where to download an asset."""

    url: str
    mime_type: str | None = None


@frozen(kw_only=True)
class DownloadJobResponse(Priced):
    """The job that packs a download."""

    job_id: str


@frozen(kw_only=True)
class DownloadStatusResponse:
    """How far a download is, and where it is once it is packed."""

    job_id: str
    job_status: str
    download_url: str | None = None
