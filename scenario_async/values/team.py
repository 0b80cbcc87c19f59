"""Teams."""

from __future__ import annotations

from typing import Literal

from scenario_async._internal.declare.value import frozen
from scenario_async.values.api_key import TeamKey
from scenario_async.values.enumerations import IPDetectionEnforcement, TeamPlan, TeamRole
from scenario_async.values.project import TeamProject
from scenario_async.values.settings import Settings
from scenario_async.values.user import Avatar, TeamUser


@frozen(kw_only=True)
class TeamProfile:
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


@frozen(kw_only=True)
class Team(TeamProfile):
    """A team, and what its user may see of it."""

    context: TeamContext


@frozen(kw_only=True)
class UpdatedTeam(Team):
    """A team after a change."""

    settings: Settings | None = None


@frozen(kw_only=True)
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


@frozen(kw_only=True)
class TeamByok:
    """What a team's own keys of providers change in what it pays."""

    markup_multiplier: float
    updated_at: str | None = None
    updated_by: str | None = None


@frozen(kw_only=True)
class TeamContext:
    """Figures of a team, and the role of its user."""

    invitations_count: float
    keys_count: float
    user_role: TeamRole | str
    users_count: float


@frozen(kw_only=True)
class TeamInvitation:
    """An invitation to a team. Dates are ISO strings."""

    created_at: str
    email: str
    role: TeamRole | str
    status: Literal["accepted", "expired", "pending", "withdrawn"] | str
    url: str
    project_ids: list[str] | None = None


@frozen(kw_only=True)
class TeamSearchIndexes:
    """Where a team is searched."""

    assets: SearchIndex
    models: SearchIndex
    workflows: SearchIndex


@frozen(kw_only=True)
class SearchIndex:
    """The names of two search indexes."""

    private: str
    public: str


@frozen(kw_only=True)
class TeamListResponse:
    """All teams."""

    teams: list[Team]


@frozen(kw_only=True)
class TeamResponse:
    """One team after a change."""

    team: UpdatedTeam


@frozen(kw_only=True)
class TeamDetailsResponse:
    """One team."""

    team: TeamDetails


@frozen(kw_only=True)
class TeamMembersResponse:
    """A team after a member was invited."""

    team: Team
