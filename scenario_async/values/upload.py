"""Uploads: ways in for large files."""

from __future__ import annotations

from typing import Any, Literal

from scenario_async._internal.declare.value import Value
from scenario_async.values.asset import AssetOptions
from scenario_async.values.enumerations import UploadKind, UploadStatus
from scenario_async.values.pricing import Priced


class Upload(Value):
    """A way in for a large file.

    Dates are ISO strings, as the service sends them; `file_size` is in bytes.
    """

    author_id: str
    created_at: str
    file_name: str
    id: str
    kind: UploadKind | str
    owner_id: str
    source: Literal["civitai", "huggingface", "multipart", "other", "url"] | str
    status: UploadStatus | str
    updated_at: str
    asset_options: AssetOptions | None = None
    config: Any = None
    content_type: str | None = None
    entity_id: str | None = None
    error_message: str | None = None
    file_size: float | None = None
    job_id: str | None = None
    original_file_name: str | None = None
    parts: list[UploadPart] | None = None
    parts_count: float | None = None
    provider: Literal["civitai", "huggingface", "other"] | str | None = None
    url: str | None = None


class UploadPart(Value):
    """Where one part of a file is to be put, and until when (an ISO string)."""

    expires: str
    number: float
    url: str


class UploadResponse(Priced):
    """One upload."""

    upload: Upload
