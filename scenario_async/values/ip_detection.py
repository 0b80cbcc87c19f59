"""Findings of others' intellectual property, and the filters that find it."""

from __future__ import annotations

from typing import Any, Literal

from scenario_async._internal.declare.value import frozen
from scenario_async.values.enumerations import IPCategory


@frozen(kw_only=True)
class IPDetection:
    """What was found of others' intellectual property; the charge is in creative units."""

    action: Literal["allowed", "blocked", "flagged"] | str
    analyzed_images_count: float
    creative_units_charged: float
    evaluated_filters: float
    findings: list[IPDetectionFinding]
    flagged: bool
    has_detector_error: bool | None = None


@frozen(kw_only=True)
class IPDetectionFinding:
    """One finding; `confidence` goes from 0 to 1."""

    category: IPCategory | str
    confidence: float
    filter_id: str
    filter_name: str
    flagged: bool
    reason: str
    entities: list[str] | None = None


@frozen(kw_only=True)
class IPFilterResponse:
    """One filter. Its members are not documented."""

    filter: Any


@frozen(kw_only=True)
class IPFilterListResponse:
    """All filters of a team. Their members are not documented."""

    filters: list[Any]


@frozen(kw_only=True)
class IPFilterDraftResponse:
    """A draft of what a filter is to look for."""

    instruction: str
