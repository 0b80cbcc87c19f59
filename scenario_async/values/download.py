"""Downloads of assets and models."""

from __future__ import annotations

from scenario_async._internal.declare.value import Value
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
