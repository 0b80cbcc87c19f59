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


class ProjectApiKeyCreateParams(Request[ApiKeyResponse], endpoint="POST /projects/{project_id}/api-keys"):
    """Make an API key for a project. Its secret is told this once.

    Args:
        max_consumption: The most that it may consume in a billing period, in creative units; -1 for no limit.
        name: Its name.
        role: What it may do: ``"admin"``, ``"editor"``, ``"reader"``, or scopes separated by semicolons.
    """

    project_id: str = field(kw_only=False)
    max_consumption: float | None = None
    name: str | None = None
    role: str | None = None


class ProjectApiKeyDeleteParams(Deletion[object], endpoint="DELETE /projects/{project_id}/api-keys/{key_id}"):
    """Delete an API key of a project.

    Args:
        key_id: The key, by its `id`.
    """

    key_id: str = field(kw_only=False)
    project_id: str


class ProjectInstructionsRetrieveParams(
    Request[ProjectMemoryResponse], endpoint="GET /projects/{project_id}/instructions"
):
    """Look up what assistants are to do in a project."""

    project_id: str = field(kw_only=False)


class ProjectInstructionsUpdateParams(
    Request[ProjectMemoryUpdateResponse], endpoint="PUT /projects/{project_id}/instructions"
):
    """Write what assistants are to do in a project.

    Args:
        content: The text, in Markdown.
    """

    project_id: str = field(kw_only=False)
    content: str | None = None


class ProjectMemoryRetrieveParams(
    Request[ProjectMemoryResponse], endpoint="GET /projects/{project_id}/memory"
):
    """Look up what assistants remember of a project."""

    project_id: str = field(kw_only=False)


class ProjectMemoryUpdateParams(
    Request[ProjectMemoryUpdateResponse], endpoint="PUT /projects/{project_id}/memory"
):
    """Write what assistants are to remember of a project.

    Args:
        content: The text, in Markdown.
    """

    project_id: str = field(kw_only=False)
    content: str | None = None


class ProjectMemberCreateParams(Request[ProjectResponse], endpoint="POST /projects/{project_id}/members"):
    """Make a user a member of a project.

    Args:
        role: What the member may do.
        user_id: The user.
    """

    project_id: str = field(kw_only=False)
    role: str
    user_id: str


class ProjectMemberUpdateParams(
    Request[ProjectResponse], endpoint="PUT /projects/{project_id}/members/{member_id}"
):
    """Change what a member of a project may do.

    Args:
        role: What the member may do.
    """

    member_id: str = field(kw_only=False)
    project_id: str
    role: str | None = None


class ProjectMemberDeleteParams(
    Deletion[ProjectResponse], endpoint="DELETE /projects/{project_id}/members/{member_id}"
):
    """Take a member away from a project."""

    member_id: str = field(kw_only=False)
    project_id: str

    def gone(self) -> Mapping[str, Any]:
        """Of the project, its id is all that is known."""
        return {"project": {"id": self.project_id}}


class ProjectCreateParams(Request[ProjectResponse], endpoint="POST /projects"):
    """Make a project.

    Args:
        name: Its name.
        auto_join: Make its maker an admin of it.
        privacy_mode: Show members only what they made themselves.
        team_id: The team that it is to belong to.
    """

    team_id: Query[str | None] = None
    name: str
    auto_join: bool | None = None
    privacy_mode: bool | None = None


class ProjectRetrieveParams(Request[ProjectResponse], endpoint="GET /projects/{project_id}"):
    """Look up a project, with its members and keys."""

    project_id: str = field(kw_only=False)


class ProjectUpdateParams(Request[ProjectResponse], endpoint="PUT /projects/{project_id}"):
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

    project_id: str = field(kw_only=False)
    avatar_asset_id: str | None = None
    description: str | None = None
    disable_ip_detection: bool | None = None
    max_consumption: float | None = None
    name: str | None = None
    privacy_mode: bool | None = None
    quality_gate_auto_detect: bool | None = None
    settings: Given[SettingsInput] | None = None


class ProjectListResponse(CursorPage[Project, Mode]):
    """A page of projects."""

    items_field = "projects"

    projects: list[Project]
    next_pagination_token: str | None = None


class ProjectListParams(Request[ProjectListResponse[Any]], endpoint="GET /projects"):
    """List projects, a page at a time.

    Args:
        team_id: Only those of this team.
        page_size: How many to a page.
        pagination_token: Where to go on: `next_pagination_token` of the page before.
    """

    page_size: Query[int | None] = None
    pagination_token: Query[str | None] = None
    team_id: Query[str | None] = None


class ProjectDeleteParams(Deletion[object], endpoint="DELETE /projects/{project_id}"):
    """Delete a project."""

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
