"""Teams."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from scenario_async._internal.declare.operation import Mode, Resource, sends
from scenario_async.values import ip_detection, team

if TYPE_CHECKING:
    from scenario_async.resources.briefs import TeamBriefs
    from scenario_async.resources.watermarks import TeamWatermarks
    from scenario_async.resources.webhook_endpoints import TeamWebhookEndpoints


class TeamIPFilters(Resource[Mode]):
    """Filters that detect third-party intellectual property."""

    create: Final = sends(ip_detection.TeamIPFilterCreateParams)
    list: Final = sends(ip_detection.TeamIPFilterListParams)
    update: Final = sends(ip_detection.TeamIPFilterUpdateParams)
    delete: Final = sends(ip_detection.TeamIPFilterDeleteParams)
    draft_instruction: Final = sends(ip_detection.TeamIPFilterDraftInstructionParams)


class TeamMembers(Resource[Mode]):
    """The members of a team."""

    create: Final = sends(team.TeamMemberCreateParams)
    update: Final = sends(team.TeamMemberUpdateParams)
    delete: Final = sends(team.TeamMemberDeleteParams)


class Teams(Resource[Mode]):
    """Teams and their members, limits and settings."""

    list: Final = sends(team.TeamListParams)
    retrieve: Final = sends(team.TeamRetrieveParams)
    update: Final = sends(team.TeamUpdateParams)
    retrieve_limits: Final = sends(team.TeamRetrieveLimitsParams)
    delete_invitations: Final = sends(team.TeamDeleteInvitationsParams)

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
