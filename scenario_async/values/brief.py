"""Briefs: what assets are checked against."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field

from scenario_async._internal.declare.operation import Request
from scenario_async._internal.declare.value import Value
from scenario_async.values.enumerations import OwnerType, Sensitivity
from scenario_async.values.requests import ReportedDeletion


class Brief(Value):
    """What assets are checked against. Dates are ISO strings."""

    body: str
    created_at: str
    created_by: str
    enabled: bool
    id: str
    level: OwnerType | str
    reference_asset_ids: list[str]
    scope_id: str
    updated_at: str
    sensitivity: Sensitivity | str | None = None


class BriefResponse(Value):
    """One brief."""

    brief: Brief


class BriefUpdate(Request[BriefResponse]):
    """What is written into a brief, whosever it is.

    Args:
        body: What assets are to be like, in words.
        enabled: Whether to check against it.
        reference_asset_ids: Assets to compare with, at most 10; ``[]`` takes all away.
        sensitivity: How strictly to check.
    """

    body: str
    enabled: bool | None = None
    reference_asset_ids: Sequence[str] | None = None
    sensitivity: Sensitivity | None = None


class ProjectBriefRetrieveParams(Request[BriefResponse], endpoint="GET /projects/{project_id}/brief"):
    """Look up the brief of a project."""

    project_id: str = field(kw_only=False)


class ProjectBriefUpdateParams(BriefUpdate, endpoint="PUT /projects/{project_id}/brief"):
    """Write the brief of a project."""

    project_id: str = field(kw_only=False)


class ProjectBriefDeleteParams(ReportedDeletion, endpoint="DELETE /projects/{project_id}/brief"):
    """Delete the brief of a project."""

    project_id: str = field(kw_only=False)


class TeamBriefRetrieveParams(Request[BriefResponse], endpoint="GET /teams/{team_id}/brief"):
    """Look up the brief of a team."""

    team_id: str = field(kw_only=False)


class TeamBriefUpdateParams(BriefUpdate, endpoint="PUT /teams/{team_id}/brief"):
    """Write the brief of a team."""

    team_id: str = field(kw_only=False)


class TeamBriefDeleteParams(ReportedDeletion, endpoint="DELETE /teams/{team_id}/brief"):
    """Delete the brief of a team."""

    team_id: str = field(kw_only=False)
