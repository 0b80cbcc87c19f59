"""Teams."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values.ip_detection import (
    TeamIPFilterCreateParams,
    TeamIPFilterDeleteParams,
    TeamIPFilterDraftInstructionParams,
    TeamIPFilterListParams,
    TeamIPFilterUpdateParams,
)
from scenario_async.values.team import (
    TeamDeleteInvitationsParams,
    TeamListParams,
    TeamMemberCreateParams,
    TeamMemberDeleteParams,
    TeamMemberUpdateParams,
    TeamRetrieveLimitsParams,
    TeamRetrieveParams,
    TeamUpdateParams,
)

if TYPE_CHECKING:
    from scenario_async.resources.briefs import TeamBriefs
    from scenario_async.resources.watermarks import TeamWatermarks
    from scenario_async.resources.webhook_endpoints import TeamWebhookEndpoints


class TeamIPFilters(Resource[Mode]):
    """Filters that detect third-party intellectual property."""

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
    """Teams and their members, limits and settings."""

    list: Final = sends(TeamListParams)
    retrieve: Final = sends(TeamRetrieveParams)
    update: Final = sends(TeamUpdateParams)
    retrieve_limits: Final = sends(TeamRetrieveLimitsParams)
    delete_invitations: Final = sends(TeamDeleteInvitationsParams)

    @cached_property
    def brief(self) -> TeamBriefs[Mode]:
        """The brief of a team, against which assets are checked."""
        from scenario_async.resources.briefs import TeamBriefs

        return TeamBriefs(self.sender, self.runner)

    @cached_property
    def ip_filters(self) -> TeamIPFilters[Mode]:
        """Filters that detect third-party intellectual property."""
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
        """Webhook endpoints of a team."""
        from scenario_async.resources.webhook_endpoints import TeamWebhookEndpoints

        return TeamWebhookEndpoints(self.sender, self.runner)
