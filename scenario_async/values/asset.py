"""Assets: pictures and other files that the service stores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from attrs import field

from scenario_async._internal.declare.operation import Base64, Mode, Query
from scenario_async._internal.declare.value import Value
from scenario_async.errors import InvalidArgumentError
from scenario_async.pagination import CursorPage
from scenario_async.values import enumerations
from scenario_async.values._requests import (
    OriginalAssetsRequest,
    PageRequest,
    ProjectRequest,
    RepeatableRequest,
)
from scenario_async.values.asset_link import AssetLink
from scenario_async.values.asset_metadata import AssetMetadata
from scenario_async.values.job import Job
from scenario_async.values.quality_gate import QualityGate
from scenario_async.values.tag import TagsUpdateResponse


class DescriptionAsset(Value):
    """The fields of an asset that other objects show."""

    author_id: str
    id: str
    kind: enumerations.AssetKind | str
    mime_type: str
    owner_id: str
    privacy: enumerations.Privacy | str
    properties: AssetProperties
    source: enumerations.AssetSource | str
    url: str
    original_file_url: str | None = None
    original_mime_type: enumerations.AssetMimeType | str | None = None
    preview: AssetLink | None = None
    thumbnail: AssetLink | None = None


class Asset(DescriptionAsset):
    """An asset: a picture or another file in the library.

    Dates are ISO strings, as the service sends them.
    """

    collection_ids: list[str]
    created_at: str
    edit_capabilities: list[enumerations.EditCapability | str]
    metadata: AssetMetadata
    status: Literal["error", "pending", "success"] | str
    tags: list[str]
    updated_at: str
    automatic_captioning: str | None = None
    deleted_at: str | None = None
    description: str | None = None
    embedding: list[float] | None = None
    first_frame: AssetLink | None = None
    is_hidden: bool | None = None
    last_frame: AssetLink | None = None
    nsfw: list[str] | None = None
    output_index: float | None = None
    quality_gate: QualityGate | None = None


class AssetProperties(Value):
    """The measurements of an asset: `size` in bytes, lengths in pixels, `duration` in seconds."""

    size: float
    animation_frame_count: float | None = None
    bitrate: float | None = None
    bone_count: float | None = None
    camera_mode: Literal["aerial", "interior", "turntable"] | str | None = None
    camera_trajectory: list[CameraTrajectory] | None = None
    channels: float | None = None
    char_count: float | None = None
    classification: enumerations.AssetClassification | str | None = None
    codec_name: str | None = None
    description: str | None = None
    dimensions: list[float] | None = None
    duration: float | None = None
    face_count: float | None = None
    format: str | None = None
    frame_rate: float | None = None
    has_animations: bool | None = None
    has_full_preview: bool | None = None
    has_normals: bool | None = None
    has_skeleton: bool | None = None
    has_u_vs: bool | None = None
    height: float | None = None
    nb_frames: float | None = None
    preview: str | None = None
    sample_rate: float | None = None
    transcription: Transcription | None = None
    vertex_count: float | None = None
    width: float | None = None
    word_count: float | None = None


class CameraTrajectory(Value):
    """One point of a camera's path."""

    position: list[float]
    target: list[float]
    fov: float | None = None


class Transcription(Value):
    """The transcription of the speech in an asset."""

    text: str


class AssetOptions(Value):
    """The collections, parent and visibility of the asset that an upload creates."""

    collection_ids: list[str] | None = None
    hide: bool | None = None
    parent_id: str | None = None


class AssetSnapshot(Value):
    """A snapshot: an earlier version of a canvas. The unit of `taken_at` is not documented."""

    author_id: str
    hash: str
    raw_data: str
    taken_at: float


class SkippedAsset(Value):
    """An asset that was not restored, and why."""

    asset_id: str
    reason: Literal["not-found", "not-deleted", "expired"] | str


class AssetResponse(Value):
    """One asset."""

    asset: Asset


class AssetUploadResponse(Value):
    """The asset that an upload created, and the job that completes it, if there is one."""

    asset: Asset
    job: Job | None = None


class AssetBulkResponse(Value):
    """Several assets."""

    assets: list[Asset]


class AssetLockResponse(Value):
    """A locked canvas, and the id of its lock, which every change needs."""

    asset: Asset
    lock_id: str | None = None


class AssetRestoreResponse(Value):
    """The assets that were restored, and those that were not."""

    restored_asset_ids: list[str]
    skipped_assets: list[SkippedAsset]


class AssetUploadParams(OriginalAssetsRequest[AssetUploadResponse], endpoint="POST /assets"):
    """Upload a picture, or a canvas.

    A request takes up to 6 MB, so a picture above about 4.5 MB is sent in parts, in three or more requests.
    Such a picture can only have a `name`: `collection_ids`, `hide`, `parent_id` and `thumbnail` are refused.

    Args:
        name: The file's name; the name of `image` if not given.
        canvas: A canvas, as JSON in a string. The service ignores it if there is an `image`.
        collection_ids: The collections to put the asset into.
        hide: Hide it in the web application.
        image: A picture: a path, bytes, a binary file open for reading; or a string of base64,
            which is sent unchanged.
        parent_id: The asset from which this one is derived.
        thumbnail: A small picture of the canvas; accepts what `image` accepts.

    Raises:
        InvalidArgumentError: There is no name, `image` is not a picture, or the request is too large and
            cannot be sent in parts.
    """

    name: str | None = None
    canvas: str | None = None
    collection_ids: Sequence[str] | None = None
    hide: bool | None = None
    image: Base64 = None
    parent_id: str | None = None
    thumbnail: Base64 = None

    def check(self) -> None:
        """Refuse an asset without a name: the service requires one."""
        if not self.name:
            raise InvalidArgumentError("name", self.name, "the service needs a file name for every asset")


class AssetRetrieveParams(OriginalAssetsRequest[AssetResponse], endpoint="GET /assets/{asset_id}"):
    """Retrieve an asset.

    Args:
        with_embedding: Also return its embedding.
        with_quality_gate_details: Also return the result of each quality check.
    """

    asset_id: str = field(kw_only=False)
    with_embedding: Query[bool | None] = None
    with_quality_gate_details: Query[bool | None] = None


class AssetUpdateParams(OriginalAssetsRequest[AssetResponse], endpoint="PUT /assets/{asset_id}"):
    """Update an asset. The caption of a training image is the `description` of its asset.

    Args:
        canvas: A canvas, as JSON in a string.
        description: What the picture shows: the caption that a model learns from.
        disable_snapshot: Do not keep a snapshot of the previous version.
        lock_expires_at: When the lock is to expire, as an ISO 8601 string.
        lock_id: The id of the lock.
        name: The file's name.
        thumbnail: A small picture of the canvas: a path, bytes, an open binary file, or base64.
    """

    asset_id: str = field(kw_only=False)
    canvas: str | None = None
    description: str | None = None
    disable_snapshot: bool | None = None
    lock_expires_at: str | None = None
    lock_id: str | None = None
    name: str | None = None
    thumbnail: Base64 = None


class AssetListResponse(CursorPage[Asset, Mode]):
    """A page of assets."""

    items_field = "assets"

    assets: list[Asset]
    next_pagination_token: str | None = None


class AssetListParams(PageRequest[AssetListResponse[Any]], endpoint="GET /assets"):
    """List assets, a page at a time.

    Dates are ISO strings. Sets of tags are strings, separated by commas.

    Args:
        author_id: Only those of this author.
        collection_id: Only those of this collection.
        created_after: Only those created after this date; use it with `sort_by="createdAt"`.
        created_before: Only those created before this date; use it with `sort_by="createdAt"`.
        deleted: Only those that were deleted in the last 30 days. Few other filters work with it.
        inference_id: Only those of this inference.
        model_id: Only those that this model generated.
        parent_asset_id: Only those derived directly from this asset.
        privacy: Only those with this visibility.
        root_asset_id: Only those derived from this asset, directly or not.
        sort_by: ``"createdAt"`` or ``"updatedAt"``.
        sort_direction: ``"asc"`` or ``"desc"``.
        tags: Only those with these tags.
        type: Only those of this origin, e.g. ``"inference-txt2img"``.
        types: Only those of these origins.
        updated_after: Only those updated after this date; use it with `sort_by="updatedAt"`.
        updated_before: Only those updated before this date; use it with `sort_by="updatedAt"`.
    """

    author_id: Query[str | None] = None
    collection_id: Query[str | None] = None
    created_after: Query[str | None] = None
    created_before: Query[str | None] = None
    deleted: Query[bool | None] = None
    inference_id: Query[str | None] = None
    model_id: Query[str | None] = None
    original_assets: Query[bool | None] = None
    parent_asset_id: Query[str | None] = None
    privacy: Query[str | None] = None
    root_asset_id: Query[str | None] = None
    sort_by: Query[str | None] = None
    sort_direction: Query[str | None] = None
    tags: Query[str | None] = None
    type: Query[enumerations.AssetMetadataType | None] = None
    types: Query[Sequence[enumerations.AssetMetadataType] | None] = None
    updated_after: Query[str | None] = None
    updated_before: Query[str | None] = None


class AssetGetBulkParams(RepeatableRequest[AssetBulkResponse], endpoint="POST /assets/get-bulk"):
    """Retrieve several assets by their ids."""

    original_assets: Query[bool | None] = None
    asset_ids: Sequence[str] | None = None


class AssetDuplicateParams(OriginalAssetsRequest[AssetResponse], endpoint="POST /assets/{asset_id}/copy"):
    """Copy an asset.

    Args:
        target_project_id: The project to copy it to.
    """

    asset_id: str = field(kw_only=False)
    target_project_id: str | None = None


class AssetUpdateTagsParams(ProjectRequest[TagsUpdateResponse], endpoint="PUT /assets/{asset_id}/tags"):
    """Add tags to an asset and remove tags from it.

    Args:
        add: Tags to add.
        delete: Tags to remove.
        strict: Fail if a tag to add exists or a tag to remove does not.
    """

    asset_id: str = field(kw_only=False)
    add: Sequence[str] | None = None
    delete: Sequence[str] | None = None
    strict: bool | None = None


class AssetLockParams(OriginalAssetsRequest[AssetLockResponse], endpoint="PUT /assets/{asset_id}/lock"):
    """Lock a canvas: only a caller with the lock can change it.

    Args:
        lock_expires_at: When the lock expires, as an ISO 8601 string.
    """

    asset_id: str = field(kw_only=False)
    lock_expires_at: str


class AssetUnlockParams(OriginalAssetsRequest[AssetResponse], endpoint="PUT /assets/{asset_id}/unlock"):
    """Unlock a canvas.

    Args:
        force_unlock: Unlock it even without the id of the lock.
        lock_id: The id of the lock.
    """

    asset_id: str = field(kw_only=False)
    force_unlock: bool | None = None
    lock_id: str | None = None


class AssetListSnapshotsResponse(CursorPage[AssetSnapshot, Mode]):
    """A page of the snapshots of a canvas."""

    items_field = "snapshots"

    snapshots: list[AssetSnapshot]
    next_pagination_token: str | None = None


class AssetListSnapshotsParams(
    PageRequest[AssetListSnapshotsResponse[Any]], endpoint="GET /assets/{asset_id}/snapshots"
):
    """List the snapshots (earlier versions) of a canvas, a page at a time."""

    asset_id: str = field(kw_only=False)


class AssetDeleteMultipleParams(ProjectRequest[object], endpoint="DELETE /assets"):
    """Delete up to 100 assets."""

    asset_ids: Sequence[str]


class AssetRestoreMultipleParams(RepeatableRequest[AssetRestoreResponse], endpoint="POST /assets/restore"):
    """Restore up to 100 deleted assets."""

    asset_ids: Sequence[str]
