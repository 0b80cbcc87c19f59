"""Briefs of projects and teams: what their assets are checked against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import field

from scenario_async._internal.declare.operation import Mode, Request, Resource, sends
from scenario_async._internal.declare.value import frozen
from scenario_async.resources.requests import ReportedDeletion
from scenario_async.values.brief import BriefResponse
from scenario_async.values.enumerations import Sensitivity


@frozen(kw_only=True)
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


@frozen(kw_only=True)
class ProjectBriefRetrieveParams(Request[BriefResponse]):
    """Look up the brief of a project."""

    endpoint = "GET /projects/{project_id}/brief"
    project_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ProjectBriefUpdateParams(BriefUpdate):
    """Write the brief of a project."""

    endpoint = "PUT /projects/{project_id}/brief"
    project_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ProjectBriefDeleteParams(ReportedDeletion):
    """Delete the brief of a project."""

    endpoint = "DELETE /projects/{project_id}/brief"
    project_id: str = field(kw_only=False)


@frozen(kw_only=True)
class TeamBriefRetrieveParams(Request[BriefResponse]):
    """Look up the brief of a team."""

    endpoint = "GET /teams/{team_id}/brief"
    team_id: str = field(kw_only=False)


@frozen(kw_only=True)
class TeamBriefUpdateParams(BriefUpdate):
    """Write the brief of a team."""

    endpoint = "PUT /teams/{team_id}/brief"
    team_id: str = field(kw_only=False)


@frozen(kw_only=True)
class TeamBriefDeleteParams(ReportedDeletion):
    """Delete the brief of a team."""

    endpoint = "DELETE /teams/{team_id}/brief"
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
