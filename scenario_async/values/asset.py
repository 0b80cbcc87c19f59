"""Assets: pictures and other files that the service keeps."""

from __future__ import annotations

from typing import Literal

from scenario_async._internal.declare.value import Value
from scenario_async.values.asset_link import AssetLink
from scenario_async.values.asset_metadata import AssetMetadata
from scenario_async.values.enumerations import (
    AssetClassification,
    AssetKind,
    AssetMimeType,
    AssetSource,
    EditCapability,
    Privacy,
)
from scenario_async.values.job import Job
from scenario_async.values.quality_gate import QualityGate


class DescriptionAsset(Value):
    """An asset as other things show it."""

    author_id: str
    id: str
    kind: AssetKind | str
    mime_type: str
    owner_id: str
    privacy: Privacy | str
    properties: AssetProperties
    source: AssetSource | str
    url: str
    original_file_url: str | None = None
    original_mime_type: AssetMimeType | str | None = None
    preview: AssetLink | None = None
    thumbnail: AssetLink | None = None


class Asset(DescriptionAsset):
    """A picture, or another file, that the service keeps.

    Dates are ISO strings, as the service sends them.
    """

    collection_ids: list[str]
    created_at: str
    edit_capabilities: list[EditCapability | str]
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
    """What an asset measures: `size` in bytes, lengths in pixels, `duration` in seconds."""

    size: float
    animation_frame_count: float | None = None
    bitrate: float | None = None
    bone_count: float | None = None
    camera_mode: Literal["aerial", "interior", "turntable"] | str | None = None
    camera_trajectory: list[CameraTrajectory] | None = None
    channels: float | None = None
    char_count: float | None = None
    classification: AssetClassification | str | None = None
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
    """One point of the path that a camera takes."""

    position: list[float]
    target: list[float]
    fov: float | None = None


class Transcription(Value):
    """What is said in an asset."""

    text: str


class AssetOptions(Value):
    """How to file the asset that an upload becomes."""

    collection_ids: list[str] | None = None
    hide: bool | None = None
    parent_id: str | None = None


class AssetSnapshot(Value):
    """An earlier state of a canvas. What `taken_at` counts is not documented."""

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
    """The asset that an upload became, and the job that finishes it where there is one."""

    asset: Asset
    job: Job | None = None


class AssetBulkResponse(Value):
    """Several assets."""

    assets: list[Asset]


class AssetLockResponse(Value):
    """A locked asset, and the lock under which to change it."""

    asset: Asset
    lock_id: str | None = None


class AssetRestoreResponse(Value):
    """Which assets are back, and which are not."""

    restored_asset_ids: list[str]
    skipped_assets: list[SkippedAsset]
