"""Findings of others' intellectual property, and the filters that find it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from attrs import field

from scenario_async._internal.declare.operation import Request
from scenario_async._internal.declare.value import Value
from scenario_async.values._requests import ReportedDeletion
from scenario_async.values.enumerations import IPCategory


class IPDetection(Value):
    """The findings of third-party intellectual property; the charge is in creative units."""

    action: Literal["allowed", "blocked", "flagged"] | str
    analyzed_images_count: float
    creative_units_charged: float
    evaluated_filters: float
    findings: list[IPDetectionFinding]
    flagged: bool
    has_detector_error: bool | None = None


class IPDetectionFinding(Value):
    """One finding of third-party intellectual property; `confidence` is from 0 to 1."""

    category: IPCategory | str
    confidence: float
    filter_id: str
    filter_name: str
    flagged: bool
    reason: str
    entities: list[str] | None = None


class IPFilterResponse(Value):
    """One filter. Its fields are not documented."""

    filter: Any


class IPFilterListResponse(Value):
    """All filters of a team. Their fields are not documented."""

    filters: list[Any]


class IPFilterDraftResponse(Value):
    """A draft of the instruction of a filter."""

    instruction: str


class TeamIPFilterCreateParams(Request[IPFilterResponse], endpoint="POST /teams/{team_id}/ip-filters"):
    """Create a filter that detects third-party intellectual property.

    Args:
        category: What it detects.
        enabled: Whether it is active.
        instruction: What to detect, as text; required for ``"custom"``.
        source_asset_ids: Assets from which to draft the instruction.
    """

    team_id: str = field(kw_only=False)
    category: IPCategory
    name: str
    enabled: bool | None = None
    instruction: str | None = None
    source_asset_ids: Sequence[str] | None = None


class TeamIPFilterListParams(Request[IPFilterListResponse], endpoint="GET /teams/{team_id}/ip-filters"):
    """List the intellectual-property filters of a team."""

    team_id: str = field(kw_only=False)


class TeamIPFilterUpdateParams(
    Request[IPFilterResponse], endpoint="PUT /teams/{team_id}/ip-filters/{filter_id}"
):
    """Update an intellectual-property filter.

    Args:
        enabled: Whether it is active.
        instruction: What to detect, as text.
    """

    filter_id: str = field(kw_only=False)
    team_id: str
    enabled: bool | None = None
    instruction: str | None = None
    name: str | None = None


class TeamIPFilterDeleteParams(ReportedDeletion, endpoint="DELETE /teams/{team_id}/ip-filters/{filter_id}"):
    """Delete an intellectual-property filter."""

    filter_id: str = field(kw_only=False)
    team_id: str


class TeamIPFilterDraftInstructionParams(
    Request[IPFilterDraftResponse], endpoint="POST /teams/{team_id}/ip-filters/draft-instruction"
):
    """Draft the instruction of an intellectual-property filter.

    Args:
        asset_ids: Assets that show what to detect.
    """

    team_id: str = field(kw_only=False)
    asset_ids: Sequence[str]
