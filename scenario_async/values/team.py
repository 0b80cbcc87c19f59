"""Teams."""

from __future__ import annotations

from typing import Literal

from scenario_async._internal.declare.value import Value
from scenario_async.values.api_key import TeamKey
from scenario_async.values.enumerations import IPDetectionEnforcement, TeamPlan, TeamRole
from scenario_async.values.project import TeamProject
from scenario_async.values.settings import Settings
from scenario_async.values.user import Avatar, TeamUser


class TeamProfile(Value):
    """What every answer says of a team. Dates are ISO strings."""

    created_at: str
    id: str
    name: str
    plan: TeamPlan | str
    projects: list[TeamProject]
    type: Literal["personal", "shared"] | str
    updated_at: str
    avatar: Avatar | None = None
    byok: TeamByok | None = None
    default_user_max_consumption: float | None = None
    ip_detection_enforcement: IPDetectionEnforcement | str | None = None
    quality_gate_auto_detect: bool | None = None


class Team(TeamProfile):
    """A team, and what its user may see of it."""

    context: TeamContext


class UpdatedTeam(Team):
    """A team after a change."""

    settings: Settings | None = None


class TeamDetails(TeamProfile):
    """A team with its members, keys and invitations."""

    invitations: list[TeamInvitation]
    keys: list[TeamKey]
    payment_status: Literal["failed", "succeeded"] | str
    search_host: str
    search_indexes: TeamSearchIndexes
    users: list[TeamUser]
    settings: Settings | None = None
    subscription_status: Literal["active", "inactive", "paused"] | str | None = None


class TeamByok(Value):
    """What a team's own keys of providers change in what it pays."""

    markup_multiplier: float
    updated_at: str | None = None
    updated_by: str | None = None


class TeamContext(Value):
    """Figures of a team, and the role of its user."""

    invitations_count: float
    keys_count: float
    user_role: TeamRole | str
    users_count: float


class TeamInvitation(Value):
    """An invitation to a team. Dates are ISO strings."""

    created_at: str
    email: str
    role: TeamRole | str
    status: Literal["accepted", "expired", "pending", "withdrawn"] | str
    url: str
    project_ids: list[str] | None = None


class TeamSearchIndexes(Value):
    """Where a team is searched."""

    assets: SearchIndex
    models: SearchIndex
    workflows: SearchIndex


class SearchIndex(Value):
    """The names of two search indexes."""

    private: str
    public: str


class TeamListResponse(Value):
    """All teams."""

    teams: list[Team]


class TeamResponse(Value):
    """One team after a change."""

    team: UpdatedTeam


class TeamDetailsResponse(Value):
    """One team."""

    team: TeamDetails


class TeamMembersResponse(Value):
    """A team after a member was invited."""

    team: Team
