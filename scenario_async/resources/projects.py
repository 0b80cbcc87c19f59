"""Projects."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from attrs import field

from scenario_async._internal.declare.operation import (
    Async,
    Blocking,
    Given,
    Mode,
    Query,
    Request,
    Resource,
    sends,
)
from scenario_async._internal.declare.value import frozen
from scenario_async.pagination import CursorPage, lists
from scenario_async.resources.requests import Deletion
from scenario_async.values.api_key import ApiKeyResponse
from scenario_async.values.project import (
    Project,
    ProjectMemoryResponse,
    ProjectMemoryUpdateResponse,
    ProjectResponse,
)
from scenario_async.values.settings import SettingsInput

if TYPE_CHECKING:
    from scenario_async.resources.briefs import ProjectBriefs
    from scenario_async.resources.watermarks import ProjectWatermarks
    from scenario_async.resources.webhook_endpoints import ProjectWebhookEndpoints


@frozen(kw_only=True)
class ProjectApiKeyCreateParams(Request[ApiKeyResponse]):
    """Make an API key for a project. Its secret is told this once.

    Args:
        max_consumption: The most that it may consume in a billing period, in creative units; -1 for no limit.
        name: Its name.
        role: What it may do: ``"admin"``, ``"editor"``, ``"reader"``, or scopes separated by semicolons.
    """

    endpoint = "POST /projects/{project_id}/api-keys"
    project_id: str = field(kw_only=False)
    max_consumption: float | None = None
    name: str | None = None
    role: str | None = None


@frozen(kw_only=True)
class ProjectApiKeyDeleteParams(Deletion[object]):
    """Delete an API key of a project.

    Args:
        key_id: The key, by its `id`.
    """

    endpoint = "DELETE /projects/{project_id}/api-keys/{key_id}"
    key_id: str = field(kw_only=False)
    project_id: str


@frozen(kw_only=True)
class ProjectInstructionsRetrieveParams(Request[ProjectMemoryResponse]):
    """Look up what assistants are to do in a project."""

    endpoint = "GET /projects/{project_id}/instructions"
    project_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ProjectInstructionsUpdateParams(Request[ProjectMemoryUpdateResponse]):
    """Write what assistants are to do in a project.

    Args:
        content: The text, in Markdown.
    """

    endpoint = "PUT /projects/{project_id}/instructions"
    project_id: str = field(kw_only=False)
    content: str | None = None


@frozen(kw_only=True)
class ProjectMemoryRetrieveParams(Request[ProjectMemoryResponse]):
    """Look up what assistants remember of a project."""

    endpoint = "GET /projects/{project_id}/memory"
    project_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ProjectMemoryUpdateParams(Request[ProjectMemoryUpdateResponse]):
    """Write what assistants are to remember of a project.

    Args:
        content: The text, in Markdown.
    """

    endpoint = "PUT /projects/{project_id}/memory"
    project_id: str = field(kw_only=False)
    content: str | None = None


@frozen(kw_only=True)
class ProjectMemberCreateParams(Request[ProjectResponse]):
    """Make a user a member of a project.

    Args:
        role: What the member may do.
        user_id: The user.
    """

    endpoint = "POST /projects/{project_id}/members"
    project_id: str = field(kw_only=False)
    role: str
    user_id: str


@frozen(kw_only=True)
class ProjectMemberUpdateParams(Request[ProjectResponse]):
    """Change what a member of a project may do.

    Args:
        role: What the member may do.
    """

    endpoint = "PUT /projects/{project_id}/members/{member_id}"
    member_id: str = field(kw_only=False)
    project_id: str
    role: str | None = None


@frozen(kw_only=True)
class ProjectMemberDeleteParams(Deletion[ProjectResponse]):
    """Take a member away from a project."""

    endpoint = "DELETE /projects/{project_id}/members/{member_id}"
    member_id: str = field(kw_only=False)
    project_id: str

    def gone(self) -> Mapping[str, Any]:
        """Of the project, its id is all that is known."""
        return {"project": {"id": self.project_id}}


@frozen(kw_only=True)
class ProjectCreateParams(Request[ProjectResponse]):
    """Make a project.

    Args:
        name: Its name.
        auto_join: Make its maker an admin of it.
        privacy_mode: Show members only what they made themselves.
        team_id: The team that it is to belong to.
    """

    endpoint = "POST /projects"
    team_id: Query[str | None] = None
    name: str
    auto_join: bool | None = None
    privacy_mode: bool | None = None


@frozen(kw_only=True)
class ProjectRetrieveParams(Request[ProjectResponse]):
    """Look up a project, with its members and keys."""

    endpoint = "GET /projects/{project_id}"
    project_id: str = field(kw_only=False)


@frozen(kw_only=True)
class ProjectUpdateParams(Request[ProjectResponse]):
    """Change a project.

    Args:
        avatar_asset_id: The picture that is to stand for it.
        description: What it is, in Markdown.
        disable_ip_detection: Do not look for others' intellectual property here.
        max_consumption: The most that it may consume in a billing period, in creative units.
        name: Its name.
        privacy_mode: Show members only what they made themselves.
        quality_gate_auto_detect: Check the quality of all that is made here.
        settings: `SettingsInput`, or a dict with the same names.
    """

    endpoint = "PUT /projects/{project_id}"
    project_id: str = field(kw_only=False)
    avatar_asset_id: str | None = None
    description: str | None = None
    disable_ip_detection: bool | None = None
    max_consumption: float | None = None
    name: str | None = None
    privacy_mode: bool | None = None
    quality_gate_auto_detect: bool | None = None
    settings: Given[SettingsInput] | None = None


@frozen(kw_only=True)
class ProjectListResponse(CursorPage[Project, Mode]):
    """A page of projects."""

    items_field = "projects"

    projects: list[Project]
    next_pagination_token: str | None = None


@frozen(kw_only=True)
class ProjectListParams(Request[ProjectListResponse[Any]]):
    """List projects, a page at a time.

    Args:
        team_id: Only those of this team.
        page_size: How many to a page.
        pagination_token: Where to go on: `next_pagination_token` of the page before.
    """

    endpoint = "GET /projects"
    page_size: Query[int | None] = None
    pagination_token: Query[str | None] = None
    team_id: Query[str | None] = None


@frozen(kw_only=True)
class ProjectDeleteParams(Deletion[object]):
    """Delete a project."""

    endpoint = "DELETE /projects/{project_id}"
    project_id: str = field(kw_only=False)


class ProjectApiKeys(Resource[Mode]):
    """The API keys of a project."""

    create: Final = sends(ProjectApiKeyCreateParams)
    delete: Final = sends(ProjectApiKeyDeleteParams)


class ProjectInstructions(Resource[Mode]):
    """What assistants are to do in a project."""

    retrieve: Final = sends(ProjectInstructionsRetrieveParams)
    update: Final = sends(ProjectInstructionsUpdateParams)


class ProjectMemories(Resource[Mode]):
    """What assistants remember of a project."""

    retrieve: Final = sends(ProjectMemoryRetrieveParams)
    update: Final = sends(ProjectMemoryUpdateParams)


class ProjectMembers(Resource[Mode]):
    """The members of a project."""

    create: Final = sends(ProjectMemberCreateParams)
    update: Final = sends(ProjectMemberUpdateParams)
    delete: Final = sends(ProjectMemberDeleteParams)


class Projects(Resource[Mode]):
    """Projects, and what belongs to them."""

    create: Final = sends(ProjectCreateParams)
    retrieve: Final = sends(ProjectRetrieveParams)
    update: Final = sends(ProjectUpdateParams)
    list: Final = lists(ProjectListParams, ProjectListResponse[Async], ProjectListResponse[Blocking])
    delete: Final = sends(ProjectDeleteParams)

    @cached_property
    def api_keys(self) -> ProjectApiKeys[Mode]:
        """The API keys of a project."""
        return ProjectApiKeys(self.sender, self.runner)

    @cached_property
    def brief(self) -> ProjectBriefs[Mode]:
        """What the assets of a project are checked against."""
        from scenario_async.resources.briefs import ProjectBriefs

        return ProjectBriefs(self.sender, self.runner)

    @cached_property
    def instructions(self) -> ProjectInstructions[Mode]:
        """What assistants are to do in a project."""
        return ProjectInstructions(self.sender, self.runner)

    @cached_property
    def members(self) -> ProjectMembers[Mode]:
        """The members of a project."""
        return ProjectMembers(self.sender, self.runner)

    @cached_property
    def memory(self) -> ProjectMemories[Mode]:
        """What assistants remember of a project."""
        return ProjectMemories(self.sender, self.runner)

    @cached_property
    def watermark(self) -> ProjectWatermarks[Mode]:
        """The watermark of a project."""
        from scenario_async.resources.watermarks import ProjectWatermarks

        return ProjectWatermarks(self.sender, self.runner)

    @cached_property
    def webhook_endpoints(self) -> ProjectWebhookEndpoints[Mode]:
        """Where events of a project are told."""
        from scenario_async.resources.webhook_endpoints import ProjectWebhookEndpoints

        return ProjectWebhookEndpoints(self.sender, self.runner)
