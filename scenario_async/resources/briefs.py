"""Briefs of projects and teams: what their assets are checked against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import field

from scenario_async._internal.declare.operation import Mode, Request, Resource, sends
from scenario_async.resources.requests import ReportedDeletion
from scenario_async.values.brief import BriefResponse
from scenario_async.values.enumerations import Sensitivity


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


class ProjectBriefs(Resource[Mode]):
    """What the assets of a project are checked against."""

    retrieve: Final = sends(ProjectBriefRetrieveParams)
    update: Final = sends(ProjectBriefUpdateParams)
    delete: Final = sends(ProjectBriefDeleteParams)


class TeamBriefs(Resource[Mode]):
    """What the assets of a team are checked against."""

    retrieve: Final = sends(TeamBriefRetrieveParams)
    update: Final = sends(TeamBriefUpdateParams)
    delete: Final = sends(TeamBriefDeleteParams)
