"""Briefs of projects and teams, against which their assets are checked."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values import brief as values


class ProjectBriefs(Resource[Mode]):
    """The brief of a project, against which assets are checked."""

    retrieve: Final = sends(values.ProjectBriefRetrieveParams)
    update: Final = sends(values.ProjectBriefUpdateParams)
    delete: Final = sends(values.ProjectBriefDeleteParams)


class TeamBriefs(Resource[Mode]):
    """The brief of a team, against which assets are checked."""

    retrieve: Final = sends(values.TeamBriefRetrieveParams)
    update: Final = sends(values.TeamBriefUpdateParams)
    delete: Final = sends(values.TeamBriefDeleteParams)
