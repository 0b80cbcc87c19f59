"""What a sandbox holds beside assets, models and uploads. Nothing here knows of HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import define, field, frozen


@define(kw_only=True)
class Collection:
    """Assets and models that somebody put together, in the order in which they were added."""

    id: str
    sequence: int
    name: str
    created_at: str
    updated_at: str
    thumbnail_id: str | None = None
    asset_ids: list[str] = field(factory=list[str])
    model_ids: list[str] = field(factory=list[str])


@define(kw_only=True)
class Tag:
    """A tag that something bore once. How many things bear it is counted when it is shown."""

    name: str
    sequence: int
    created_at: str
    updated_at: str


@define(kw_only=True)
class Preset:
    """Parameters of a generation that somebody kept for a model."""

    id: str
    model_id: str
    parameters: Mapping[str, Any]
    is_default: bool
    created_at: str
    updated_at: str


@define(kw_only=True)
class Workflow:
    """A workflow. The fields that an update can set are stored unchanged, under their documented names.

    `asset_ids` has the pictures of the workflow: its `thumbnail`, `before` and `after`.
    """

    id: str
    sequence: int
    created_at: str
    updated_at: str
    fields: dict[str, Any]
    asset_ids: dict[str, str] = field(factory=dict[str, str])


@frozen
class Snapshot:
    """A canvas as it was at a moment (seconds since the epoch). `sequence` orders snapshots."""

    canvas: str
    taken_at: float
    sequence: int


@frozen
class Origin:
    """Where an asset comes from, as the service spells it, and what its metadata tell of that."""

    source: str = "uploaded"
    type: str = "uploaded"
    metadata: Mapping[str, Any] = field(factory=dict[str, Any])


@define
class Lock:
    """Keeps an asset from being changed without its id, until a moment (seconds since the epoch)."""

    id: str
    expires: float


@frozen
class StoredFile:
    """A file that was made to be downloaded."""

    name: str
    content: bytes = field(repr=False)
    mime_type: str = "application/zip"


@frozen
class Text:
    """A text that is an asset, such as the prompt of a job that is listed."""

    id: str
    content: str
    created_at: str
