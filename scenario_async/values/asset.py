"""Assets: pictures and other files that the service keeps."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

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


@frozen(kw_only=True)
class Asset:
    """A picture, or another file, that the service keeps.

    Dates are ISO strings, as the service sends them.
    """

    author_id: str
    collection_ids: list[str]
    created_at: str
    edit_capabilities: list[EditCapability | str]
    id: str
    kind: AssetKind | str
    metadata: AssetMetadata
    mime_type: str
    owner_id: str
    privacy: Privacy | str
    properties: AssetProperties
    source: AssetSource | str
    status: Literal["error", "pending", "success"] | str
    tags: list[str]
    updated_at: str
    url: str
    automatic_captioning: str | None = None
    deleted_at: str | None = None
    description: str | None = None
    embedding: list[float] | None = None
    first_frame: AssetLink | None = None
    is_hidden: bool | None = None
    last_frame: AssetLink | None = None
    nsfw: list[str] | None = None
    original_file_url: str | None = None
    original_mime_type: AssetMimeType | str | None = None
    output_index: float | None = None
    preview: AssetLink | None = None
    quality_gate: QualityGate | None = None
    thumbnail: AssetLink | None = None


@frozen(kw_only=True)
class AssetProperties:
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


@frozen(kw_only=True)
class CameraTrajectory:
    """One point of the path that a camera takes."""

    position: list[float]
    target: list[float]
    fov: float | None = None


@frozen(kw_only=True)
class Transcription:
    """What is said in an asset."""

    text: str


@frozen(kw_only=True)
class AssetOptions:
    """How to file the asset that an upload becomes."""

    collection_ids: list[str] | None = None
    hide: bool | None = None
    parent_id: str | None = None


@frozen(kw_only=True)
class AssetResponse:
    """One asset."""

    asset: Asset


@frozen(kw_only=True)
class AssetUploadResponse:
    """The asset that an upload became, and the job that finishes it where there is one."""

    asset: Asset
    job: Job | None = None
