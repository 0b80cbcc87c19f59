"""Briefs of projects and teams: what their assets are checked against."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values.brief import (
    ProjectBriefDeleteParams,
    ProjectBriefRetrieveParams,
    ProjectBriefUpdateParams,
    TeamBriefDeleteParams,
    TeamBriefRetrieveParams,
    TeamBriefUpdateParams,
)


class ProjectBriefs(Resource[Mode]):
    """The brief of a project, against which assets are checked."""

    retrieve: Final = sends(ProjectBriefRetrieveParams)
    update: Final = sends(ProjectBriefUpdateParams)
    delete: Final = sends(ProjectBriefDeleteParams)


class TeamBriefs(Resource[Mode]):
    """The brief of a team, against which assets are checked."""

    retrieve: Final = sends(TeamBriefRetrieveParams)
    update: Final = sends(TeamBriefUpdateParams)
    delete: Final = sends(TeamBriefDeleteParams)
