"""Teams."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from attrs import field

from scenario_async._internal.declare.operation import Given, Mode, Query, Request, Resource, sends
from scenario_async.resources.requests import Deletion, ReportedDeletion
from scenario_async.values.enumerations import IPCategory, IPDetectionEnforcement
from scenario_async.values.ip_detection import IPFilterDraftResponse, IPFilterListResponse, IPFilterResponse
from scenario_async.values.settings import SettingsInput
from scenario_async.values.team import (
    TeamDetailsResponse,
    TeamListResponse,
    TeamMembersResponse,
    TeamResponse,
)
from scenario_async.values.team_limits import TeamLimitsResponse

if TYPE_CHECKING:
    from scenario_async.resources.briefs import TeamBriefs
    from scenario_async.resources.watermarks import TeamWatermarks
    from scenario_async.resources.webhook_endpoints import TeamWebhookEndpoints


class TeamIPFilterCreateParams(Request[IPFilterResponse], endpoint="POST /teams/{team_id}/ip-filters"):
    """Make a filter that finds others' intellectual property.

    Args:
        category: What it finds.
        name: Its name.
        enabled: Whether it is in use.
        instruction: What it is to look for, in words; needed for ``"custom"``.
        source_asset_ids: Assets to write the instruction by.
    """

    team_id: str = field(kw_only=False)
    category: IPCategory
    name: str
    enabled: bool | None = None
    instruction: str | None = None
    source_asset_ids: Sequence[str] | None = None


class TeamIPFilterListParams(Request[IPFilterListResponse], endpoint="GET /teams/{team_id}/ip-filters"):
    """Look up the filters of a team."""

    team_id: str = field(kw_only=False)


class TeamIPFilterUpdateParams(
    Request[IPFilterResponse], endpoint="PUT /teams/{team_id}/ip-filters/{filter_id}"
):
    """Change a filter.

    Args:
        enabled: Whether it is in use.
        instruction: What it is to look for, in words.
        name: Its name.
    """

    filter_id: str = field(kw_only=False)
    team_id: str
    enabled: bool | None = None
    instruction: str | None = None
    name: str | None = None


class TeamIPFilterDeleteParams(ReportedDeletion, endpoint="DELETE /teams/{team_id}/ip-filters/{filter_id}"):
    """Delete a filter."""

    filter_id: str = field(kw_only=False)
    team_id: str


class TeamIPFilterDraftInstructionParams(
    Request[IPFilterDraftResponse], endpoint="POST /teams/{team_id}/ip-filters/draft-instruction"
):
    """Have it put into words what a filter is to look for.

    Args:
        asset_ids: Assets that show it.
    """

    team_id: str = field(kw_only=False)
    asset_ids: Sequence[str]


class TeamMemberCreateParams(Request[TeamMembersResponse], endpoint="POST /teams/{team_id}/members"):
    """Invite somebody into a team.

    Args:
        email: The address to invite.
        project_ids: The projects to join.
        role: What the member may do.
    """

    team_id: str = field(kw_only=False)
    email: str
    project_ids: Sequence[str] | None = None
    role: Literal["admin", "member"] | None = None


class TeamMemberUpdateParams(Request[object], endpoint="PUT /teams/{team_id}/members/{member_id}"):
    """Change what a member of a team may do.

    Args:
        max_consumption: The most that it may consume in a billing period, in creative units; -1 for no limit.
        role: What the member may do: ``"admin"``, ``"member"``, or scopes for an API key.
    """

    member_id: str = field(kw_only=False)
    team_id: str
    max_consumption: float | None = None
    role: str | None = None


class TeamMemberDeleteParams(Deletion[object], endpoint="DELETE /teams/{team_id}/members/{member_id}"):
    """Take a member away from a team."""

    member_id: str = field(kw_only=False)
    team_id: str


class TeamListParams(Request[TeamListResponse], endpoint="GET /teams"):
    """Look up all teams."""


class TeamRetrieveParams(Request[TeamDetailsResponse], endpoint="GET /teams/{team_id}"):
    """Look up a team, with its members, keys and invitations."""

    team_id: str = field(kw_only=False)


class TeamUpdateParams(Request[TeamResponse], endpoint="PUT /teams/{team_id}"):
    """Change a team.

    Args:
        avatar_asset_id: The picture that is to stand for it.
        default_user_max_consumption: The most that a member may consume in a billing period, in creative
            units.
        ip_detection_enforcement: Whether to look for others' intellectual property, and whether to go on if
            that fails.
        name: Its name.
        quality_gate_auto_detect: Check the quality of all that is made.
        settings: `SettingsInput`, or a dict with the same names.
    """

    team_id: str = field(kw_only=False)
    avatar_asset_id: str | None = None
    default_user_max_consumption: float | None = None
    ip_detection_enforcement: IPDetectionEnforcement | None = None
    name: str | None = None
    quality_gate_auto_detect: bool | None = None
    settings: Given[SettingsInput] | None = None


class TeamRetrieveLimitsParams(Request[TeamLimitsResponse], endpoint="GET /teams/{team_id}/limits"):
    """Look up what the plan of a team allows, and how much of it is used."""

    team_id: str = field(kw_only=False)


class TeamDeleteInvitationsParams(Deletion[object], endpoint="DELETE /teams/{team_id}/invitations"):
    """Withdraw an invitation to a team.

    Args:
        email: The address that was invited.
    """

    team_id: str = field(kw_only=False)
    email: Query[str]


class TeamIPFilters(Resource[Mode]):
    """What finds others' intellectual property."""

    create: Final = sends(TeamIPFilterCreateParams)
    list: Final = sends(TeamIPFilterListParams)
    update: Final = sends(TeamIPFilterUpdateParams)
    delete: Final = sends(TeamIPFilterDeleteParams)
    draft_instruction: Final = sends(TeamIPFilterDraftInstructionParams)


class TeamMembers(Resource[Mode]):
    """The members of a team."""

    create: Final = sends(TeamMemberCreateParams)
    update: Final = sends(TeamMemberUpdateParams)
    delete: Final = sends(TeamMemberDeleteParams)


class Teams(Resource[Mode]):
    """Teams, and what belongs to them."""

    list: Final = sends(TeamListParams)
    retrieve: Final = sends(TeamRetrieveParams)
    update: Final = sends(TeamUpdateParams)
    retrieve_limits: Final = sends(TeamRetrieveLimitsParams)
    delete_invitations: Final = sends(TeamDeleteInvitationsParams)

    @cached_property
    def brief(self) -> TeamBriefs[Mode]:
        """What the assets of a team are checked against."""
        from scenario_async.resources.briefs import TeamBriefs

        return TeamBriefs(self.sender, self.runner)

    @cached_property
    def ip_filters(self) -> TeamIPFilters[Mode]:
        """What finds others' intellectual property."""
        return TeamIPFilters(self.sender, self.runner)

    @cached_property
    def members(self) -> TeamMembers[Mode]:
        """The members of a team."""
        return TeamMembers(self.sender, self.runner)

    @cached_property
    def watermark(self) -> TeamWatermarks[Mode]:
        """The watermark of a team."""
        from scenario_async.resources.watermarks import TeamWatermarks

        return TeamWatermarks(self.sender, self.runner)

    @cached_property
    def webhook_endpoints(self) -> TeamWebhookEndpoints[Mode]:
        """Where events of a team are told."""
        from scenario_async.resources.webhook_endpoints import TeamWebhookEndpoints

        return TeamWebhookEndpoints(self.sender, self.runner)
