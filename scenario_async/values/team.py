"""Teams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from attrs import field

from scenario_async._internal.declare.operation import OrDict, Query, Request
from scenario_async._internal.declare.value import Value
from scenario_async.values._requests import Deletion
from scenario_async.values.api_key import TeamKey
from scenario_async.values.enumerations import IPDetectionEnforcement, TeamPlan, TeamRole
from scenario_async.values.project import TeamProject
from scenario_async.values.settings import Settings, SettingsInput
from scenario_async.values.team_limits import TeamLimitsResponse
from scenario_async.values.user import Avatar, TeamUser


class TeamProfile(Value):
    """The fields that every response with a team has. Dates are ISO strings."""

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
    """A team, with figures about it and the role of its user."""

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
    """The change of a team's prices if it uses its own keys of model providers (BYOK)."""

    markup_multiplier: float
    updated_at: str | None = None
    updated_by: str | None = None


class TeamContext(Value):
    """The numbers of a team's users, keys and invitations, and its user's role."""

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
    """The search indexes of a team."""

    assets: SearchIndex
    models: SearchIndex
    workflows: SearchIndex


class SearchIndex(Value):
    """The names of the private and the public search index."""

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


class TeamMemberCreateParams(Request[TeamMembersResponse], endpoint="POST /teams/{team_id}/members"):
    """Invite a person to a team.

    Args:
        email: The address to invite.
        project_ids: The projects to join.
        role: The role.
    """

    team_id: str = field(kw_only=False)
    email: str
    project_ids: Sequence[str] | None = None
    role: Literal["admin", "member"] | None = None


class TeamMemberUpdateParams(Request[object], endpoint="PUT /teams/{team_id}/members/{member_id}"):
    """Update the role and the consumption limit of a member of a team.

    Args:
        max_consumption: Limit of consumption per billing period, in creative units; -1 for no limit.
        role: The role: ``"admin"``, ``"member"``, or scopes for an API key.
    """

    member_id: str = field(kw_only=False)
    team_id: str
    max_consumption: float | None = None
    role: str | None = None


class TeamMemberDeleteParams(Deletion[object], endpoint="DELETE /teams/{team_id}/members/{member_id}"):
    """Remove a member from a team."""

    member_id: str = field(kw_only=False)
    team_id: str


class TeamListParams(Request[TeamListResponse], endpoint="GET /teams"):
    """List all teams."""


class TeamRetrieveParams(Request[TeamDetailsResponse], endpoint="GET /teams/{team_id}"):
    """Retrieve a team with its members, API keys and invitations."""

    team_id: str = field(kw_only=False)


class TeamUpdateParams(Request[TeamResponse], endpoint="PUT /teams/{team_id}"):
    """Update a team.

    Args:
        avatar_asset_id: The asset to use as avatar.
        default_user_max_consumption: The most that a member may consume in a billing period, in creative
            units.
        ip_detection_enforcement: Whether to detect third-party intellectual property, and whether to continue
            if the detection fails.
        quality_gate_auto_detect: Check the quality of every generated asset.
        settings: `SettingsInput`, or a dict with the same names.
    """

    team_id: str = field(kw_only=False)
    avatar_asset_id: str | None = None
    default_user_max_consumption: float | None = None
    ip_detection_enforcement: IPDetectionEnforcement | None = None
    name: str | None = None
    quality_gate_auto_detect: bool | None = None
    settings: OrDict[SettingsInput] | None = None


class TeamRetrieveLimitsParams(Request[TeamLimitsResponse], endpoint="GET /teams/{team_id}/limits"):
    """Retrieve the limits of a team's plan and how much of each is used."""

    team_id: str = field(kw_only=False)


class TeamDeleteInvitationsParams(Deletion[object], endpoint="DELETE /teams/{team_id}/invitations"):
    """Withdraw an invitation to a team.

    Args:
        email: The address that was invited.
    """

    team_id: str = field(kw_only=False)
    email: Query[str]
