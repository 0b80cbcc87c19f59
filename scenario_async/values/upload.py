"""Multipart uploads of large files."""

from __future__ import annotations

from typing import Any, Literal

from attrs import field

from scenario_async._internal.declare.operation import OrDict
from scenario_async._internal.declare.value import Value
from scenario_async.values._requests import PaidRequest, ProjectRequest, RepeatableRequest
from scenario_async.values.asset import AssetOptions
from scenario_async.values.enumerations import UploadKind, UploadStatus
from scenario_async.values.pricing import Priced


class Upload(Value):
    """A multipart upload of a large file.

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
    """The presigned URL for one part of a file, and its expiry date (an ISO string)."""

    expires: str
    number: float
    url: str


class UploadResponse(Priced):
    """One upload."""

    upload: Upload


class UploadCreateParams(PaidRequest[UploadResponse], endpoint="POST /uploads"):
    """Create a multipart upload and get a presigned URL for each part.

    Args:
        asset_options: The properties of the new asset: `AssetOptions`, or a dict with the same names.
        civitai_model_url: Import a model from this address instead.
        content_type: The file's MIME type.
        file_name: The file's name.
        file_size: Its size in bytes.
        hugging_face_model_name: Import this model from Hugging Face instead.
        kind: The kind of asset that it becomes.
        parts: The number of parts, 1 to 10,000. All but the last have at least 5 MB.
        url: Import the file from this URL instead.
    """

    asset_options: OrDict[AssetOptions] | None = None
    civitai_model_url: str | None = None
    content_type: str | None = None
    file_name: str | None = None
    file_size: float | None = None
    hugging_face_model_name: str | None = None
    kind: UploadKind | None = None
    parts: float | None = None
    url: str | None = None


class UploadRetrieveParams(ProjectRequest[UploadResponse], endpoint="GET /uploads/{upload_id}"):
    """Retrieve an upload: its status, and the id of the asset it became (`entity_id`)."""

    upload_id: str = field(kw_only=False)


class UploadTriggerActionParams(
    RepeatableRequest[UploadResponse], endpoint="POST /uploads/{upload_id}/action"
):
    """Complete an upload after all parts have been sent.

    Args:
        action: ``"complete"``.
    """

    upload_id: str = field(kw_only=False)
    action: Literal["complete"]
