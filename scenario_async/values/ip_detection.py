"""Findings of others' intellectual property, and the filters that find it."""

from __future__ import annotations

from typing import Any, Literal

from scenario_async._internal.declare.value import Value
from scenario_async.values.enumerations import IPCategory


class IPDetection(Value):
    """What was found of others' intellectual property; the charge is in creative units."""

    action: Literal["allowed", "blocked", "flagged"] | str
    analyzed_images_count: float
    creative_units_charged: float
    evaluated_filters: float
    findings: list[IPDetectionFinding]
    flagged: bool
    has_detector_error: bool | None = None


class IPDetectionFinding(Value):
    """One finding; `confidence` goes from 0 to 1."""

    category: IPCategory | str
    confidence: float
    filter_id: str
    filter_name: str
    flagged: bool
    reason: str
    entities: list[str] | None = None


class IPFilterResponse(Value):
    """One filter. Its members are not documented."""

    filter: Any


class IPFilterListResponse(Value):
    """All filters of a team. Their members are not documented."""

    filters: list[Any]


class IPFilterDraftResponse(Value):
    """A draft of what a filter is to look for."""

    instruction: str
