"""Uploads: ways in for files that are too large for a request, or no pictures."""

from __future__ import annotations

from typing import Final, Literal

from attrs import field

from scenario_async._internal.declare.operation import Given, Mode, Resource, sends
from scenario_async.resources.requests import PaidRequest, ProjectRequest, RepeatableRequest
from scenario_async.values.asset import AssetOptions
from scenario_async.values.enumerations import UploadKind
from scenario_async.values.upload import UploadResponse


class UploadCreateParams(PaidRequest[UploadResponse], endpoint="POST /uploads"):
    """Open a way in for a file, and get a URL for each of its parts.

    Args:
        asset_options: How to file the asset: `AssetOptions`, or a dict with the same names.
        civitai_model_url: Take a model from there instead.
        content_type: The file's MIME type.
        file_name: The file's name.
        file_size: Its size in bytes.
        hugging_face_model_name: Take a model from there instead.
        kind: What it becomes.
        parts: How many parts it comes in: 1 to 10,000, each of at least 5 MB but for the last.
        url: Take the file from there instead.
    """

    asset_options: Given[AssetOptions] | None = None
    civitai_model_url: str | None = None
    content_type: str | None = None
    file_name: str | None = None
    file_size: float | None = None
    hugging_face_model_name: str | None = None
    kind: UploadKind | None = None
    parts: float | None = None
    url: str | None = None


class UploadRetrieveParams(ProjectRequest[UploadResponse], endpoint="GET /uploads/{upload_id}"):
    """Look up an upload: how far it is, and which asset it became (`entity_id`)."""

    upload_id: str = field(kw_only=False)


class UploadTriggerActionParams(
    RepeatableRequest[UploadResponse], endpoint="POST /uploads/{upload_id}/action"
):
    """Say that all parts are there.

    Args:
        action: What to do: ``"complete"``.
    """

    upload_id: str = field(kw_only=False)
    action: Literal["complete"]


class Uploads(Resource[Mode]):
    """Ways in for large files."""

    create: Final = sends(UploadCreateParams)
    retrieve: Final = sends(UploadRetrieveParams)
    trigger_action: Final = sends(UploadTriggerActionParams)
