"""Briefs: what assets are checked against."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import field

from scenario_async._internal.declare.operation import Request
from scenario_async._internal.declare.value import Value
from scenario_async.values._requests import ReportedDeletion
from scenario_async.values.enumerations import OwnerType, Sensitivity


class Brief(Value):
    """A brief: the requirements against which assets are checked. Dates are ISO strings."""

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
    """The content of a brief of a project or a team.

    Args:
        body: The requirements for assets, as text.
        enabled: Whether assets are checked against it.
        reference_asset_ids: Assets to compare with, at most 10; ``[]`` removes all.
        sensitivity: How strict the check is.
    """

    body: str
    enabled: bool | None = None
    reference_asset_ids: Sequence[str] | None = None
    sensitivity: Sensitivity | None = None


class ProjectBriefRetrieveParams(Request[BriefResponse], endpoint="GET /projects/{project_id}/brief"):
    """Retrieve the brief of a project."""

    project_id: str = field(kw_only=False)


class ProjectBriefUpdateParams(BriefUpdate, endpoint="PUT /projects/{project_id}/brief"):
    """Set the brief of a project."""

    project_id: str = field(kw_only=False)


class ProjectBriefDeleteParams(ReportedDeletion, endpoint="DELETE /projects/{project_id}/brief"):
    """Delete the brief of a project."""

    project_id: str = field(kw_only=False)


class TeamBriefRetrieveParams(Request[BriefResponse], endpoint="GET /teams/{team_id}/brief"):
    """Retrieve the brief of a team."""

    team_id: str = field(kw_only=False)


class TeamBriefUpdateParams(BriefUpdate, endpoint="PUT /teams/{team_id}/brief"):
    """Set the brief of a team."""

    team_id: str = field(kw_only=False)


class TeamBriefDeleteParams(ReportedDeletion, endpoint="DELETE /teams/{team_id}/brief"):
    """Delete the brief of a team."""

    team_id: str = field(kw_only=False)
