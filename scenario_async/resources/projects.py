"""Projects."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource, sends
from scenario_async.pagination import lists
from scenario_async.values import project as values
from scenario_async.values.api_key import ProjectApiKeyCreateParams, ProjectApiKeyDeleteParams

if TYPE_CHECKING:
    from scenario_async.resources.briefs import ProjectBriefs
    from scenario_async.resources.watermarks import ProjectWatermarks
    from scenario_async.resources.webhook_endpoints import ProjectWebhookEndpoints


class ProjectApiKeys(Resource[Mode]):
    """The API keys of a project."""

    create: Final = sends(ProjectApiKeyCreateParams)
    delete: Final = sends(ProjectApiKeyDeleteParams)


class ProjectInstructions(Resource[Mode]):
    """Instructions for assistants in a project."""

    retrieve: Final = sends(values.ProjectInstructionsRetrieveParams)
    update: Final = sends(values.ProjectInstructionsUpdateParams)


class ProjectMemories(Resource[Mode]):
    """The assistants' memory of a project."""

    retrieve: Final = sends(values.ProjectMemoryRetrieveParams)
    update: Final = sends(values.ProjectMemoryUpdateParams)


class ProjectMembers(Resource[Mode]):
    """The members of a project."""

    create: Final = sends(values.ProjectMemberCreateParams)
    update: Final = sends(values.ProjectMemberUpdateParams)
    delete: Final = sends(values.ProjectMemberDeleteParams)


class Projects(Resource[Mode]):
    """Projects and their members, API keys and settings."""

    create: Final = sends(values.ProjectCreateParams)
    retrieve: Final = sends(values.ProjectRetrieveParams)
    update: Final = sends(values.ProjectUpdateParams)
    list: Final = lists(
        values.ProjectListParams, values.ProjectListResponse[Async], values.ProjectListResponse[Blocking]
    )
    delete: Final = sends(values.ProjectDeleteParams)

    @cached_property
    def api_keys(self) -> ProjectApiKeys[Mode]:
        """The API keys of a project."""
        return ProjectApiKeys(self.sender, self.runner)

    @cached_property
    def brief(self) -> ProjectBriefs[Mode]:
        """The brief of a project, against which assets are checked."""
        from scenario_async.resources.briefs import ProjectBriefs

        return ProjectBriefs(self.sender, self.runner)

    @cached_property
    def instructions(self) -> ProjectInstructions[Mode]:
        """Instructions for assistants in a project."""
        return ProjectInstructions(self.sender, self.runner)

    @cached_property
    def members(self) -> ProjectMembers[Mode]:
        """The members of a project."""
        return ProjectMembers(self.sender, self.runner)

    @cached_property
    def memory(self) -> ProjectMemories[Mode]:
        """The assistants' memory of a project."""
        return ProjectMemories(self.sender, self.runner)

    @cached_property
    def watermark(self) -> ProjectWatermarks[Mode]:
        """The watermark of a project."""
        from scenario_async.resources.watermarks import ProjectWatermarks

        return ProjectWatermarks(self.sender, self.runner)

    @cached_property
    def webhook_endpoints(self) -> ProjectWebhookEndpoints[Mode]:
        """Webhook endpoints of a project."""
        from scenario_async.resources.webhook_endpoints import ProjectWebhookEndpoints

        return ProjectWebhookEndpoints(self.sender, self.runner)
