"""Watermarks."""

from __future__ import annotations

from scenario_async._internal.declare.value import Value
from scenario_async.values.enumerations import OwnerType, Placement


class Watermark(Value):
    """A watermark: `scale` as a share of the picture's width, `rotation` in degrees."""

    created_at: str
    created_by: str
    enabled: bool
    id: str
    level: OwnerType | str
    opacity: float
    placement: Placement | str
    rotation: float
    scale: float
    scope_id: str
    spacing: float
    updated_at: str
    version: float
    deleted_at: str | None = None
    logo_is_opaque: bool | None = None
    logo_key: str | None = None
    text: str | None = None


class WatermarkResponse(Value):
    """One watermark."""

    watermark: Watermark


class WatermarkPreviewResponse(Value):
    """How a watermark would look: a picture in base64."""

    image: str
