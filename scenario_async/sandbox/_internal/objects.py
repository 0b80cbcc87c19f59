"""The objects of a sandbox other than assets, models and uploads. This module is independent of HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import define, field, frozen


@define(kw_only=True)
class Collection:
    """A collection of assets and models, in the order in which they were added."""

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
    """A tag that was used at least once. The number of its uses is counted when it is listed."""

    name: str
    sequence: int
    created_at: str
    updated_at: str


@define(kw_only=True)
class Preset:
    """A preset: stored parameters of a generation for a model."""

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
    """A canvas at a certain time (seconds since the epoch). `sequence` orders snapshots."""

    canvas: str
    taken_at: float
    sequence: int


@frozen
class Origin:
    """The source of an asset, in the service's terms, with its metadata."""

    source: str = "uploaded"
    type: str = "uploaded"
    metadata: Mapping[str, Any] = field(factory=dict[str, Any])


@define
class Lock:
    """A lock: until a certain time (seconds since the epoch), the asset can be changed only with its id."""

    id: str
    expires: float


@frozen
class StoredFile:
    """A file that was created for a download."""

    name: str
    content: bytes = field(repr=False)
    mime_type: str = "application/zip"


@frozen
class Text:
    """A text that is an asset, such as the prompt of a listed job."""

    id: str
    content: str
    created_at: str
