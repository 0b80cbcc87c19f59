"""Users as teams and projects see them."""

from __future__ import annotations

from scenario_async._internal.declare.value import Value
from scenario_async.values.enumerations import TeamRole


class Avatar(Value):
    """The avatar of a user, team or project."""

    asset_id: str | None = None
    url: str | None = None


class ProjectUser(Value):
    """A member of a project; the consumption is in creative units. Dates are ISO strings."""

    created_at: str
    email: str
    id: str
    role: str
    updated_at: str
    avatar: Avatar | None = None
    consumption: float | None = None
    max_consumption: float | None = None


class TeamUser(ProjectUser):
    """A member of a team."""

    role: TeamRole | str
