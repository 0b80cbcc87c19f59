"""Projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field

from scenario_async._internal.declare.operation import Mode, OrDict, Query, Request
from scenario_async._internal.declare.value import Value
from scenario_async.pagination import CursorPage
from scenario_async.values._requests import Deletion
from scenario_async.values.api_key import ProjectKey
from scenario_async.values.settings import Settings, SettingsInput
from scenario_async.values.user import Avatar, ProjectUser


class TeamProject(Value):
    """A project in the response of its team. Dates are ISO strings."""

    created_at: str
    id: str
    name: str
    updated_at: str
    avatar: Avatar | None = None
    disable_ip_detection: bool | None = None
    quality_gate_auto_detect: bool | None = None


class Project(TeamProject):
    """A project; its consumption is in creative units."""

    keys: list[ProjectKey]
    privacy_mode: bool
    team_id: str
    users: list[ProjectUser]
    consumption: float | None = None
    description: str | None = None
    description_date: str | None = None
    max_consumption: float | None = None
    settings: Settings | None = None


class ProjectMemory(Value):
    """The memory or the instructions of a project for assistants, in Markdown. Dates are ISO 8601 strings."""

    content: str
    created_at: str
    id: str
    size_bytes: float
    updated_at: str
    updated_by: str


class ProjectResponse(Value):
    """One project."""

    project: Project


class ProjectMemoryResponse(Value):
    """The memory or the instructions of one project."""

    memory: ProjectMemory


class ProjectMemoryUpdateResponse(Value):
    """The memory or the instructions after a change; None if they were removed."""

    memory: ProjectMemory | None = None


class ProjectInstructionsRetrieveParams(
    Request[ProjectMemoryResponse], endpoint="GET /projects/{project_id}/instructions"
):
    """Retrieve the instructions for assistants in a project."""

    project_id: str = field(kw_only=False)


class ProjectInstructionsUpdateParams(
    Request[ProjectMemoryUpdateResponse], endpoint="PUT /projects/{project_id}/instructions"
):
    """Set the instructions for assistants in a project.

    Args:
        content: The text, in Markdown.
    """

    project_id: str = field(kw_only=False)
    content: str | None = None


class ProjectMemoryRetrieveParams(
    Request[ProjectMemoryResponse], endpoint="GET /projects/{project_id}/memory"
):
    """Retrieve the assistants' memory of a project."""

    project_id: str = field(kw_only=False)


class ProjectMemoryUpdateParams(
    Request[ProjectMemoryUpdateResponse], endpoint="PUT /projects/{project_id}/memory"
):
    """Set the assistants' memory of a project.

    Args:
        content: The text, in Markdown.
    """

    project_id: str = field(kw_only=False)
    content: str | None = None


class ProjectMemberCreateParams(Request[ProjectResponse], endpoint="POST /projects/{project_id}/members"):
    """Add a user to a project.

    Args:
        role: The role.
    """

    project_id: str = field(kw_only=False)
    role: str
    user_id: str


class ProjectMemberUpdateParams(
    Request[ProjectResponse], endpoint="PUT /projects/{project_id}/members/{member_id}"
):
    """Update the role of a member of a project.

    Args:
        role: The role.
    """

    member_id: str = field(kw_only=False)
    project_id: str
    role: str | None = None


class ProjectMemberDeleteParams(
    Deletion[ProjectResponse], endpoint="DELETE /projects/{project_id}/members/{member_id}"
):
    """Remove a member from a project."""

    member_id: str = field(kw_only=False)
    project_id: str

    def gone(self) -> Mapping[str, Any]:
        """Of the project, its id is all that is known."""
        return {"project": {"id": self.project_id}}


class ProjectCreateParams(Request[ProjectResponse], endpoint="POST /projects"):
    """Create a project.

    Args:
        auto_join: Make the caller an admin of the project.
        privacy_mode: Show each member only their own assets.
        team_id: The team that owns it.
    """

    team_id: Query[str | None] = None
    name: str
    auto_join: bool | None = None
    privacy_mode: bool | None = None


class ProjectRetrieveParams(Request[ProjectResponse], endpoint="GET /projects/{project_id}"):
    """Retrieve a project with its members and API keys."""

    project_id: str = field(kw_only=False)


class ProjectUpdateParams(Request[ProjectResponse], endpoint="PUT /projects/{project_id}"):
    """Update a project.

    Args:
        avatar_asset_id: The asset to use as avatar.
        description: A description in Markdown.
        disable_ip_detection: Turn off the detection of third-party intellectual property.
        max_consumption: Limit of consumption per billing period, in creative units.
        privacy_mode: Show each member only their own assets.
        quality_gate_auto_detect: Check the quality of every generated asset.
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
    settings: OrDict[SettingsInput] | None = None


class ProjectListResponse(CursorPage[Project, Mode]):
    """A page of projects."""

    items_field = "projects"

    projects: list[Project]
    next_pagination_token: str | None = None


class ProjectListParams(Request[ProjectListResponse[Any]], endpoint="GET /projects"):
    """List projects, a page at a time.

    Args:
        team_id: Only those of this team.
        page_size: Items per page.
        pagination_token: `next_pagination_token` of the previous page.
    """

    page_size: Query[int | None] = None
    pagination_token: Query[str | None] = None
    team_id: Query[str | None] = None


class ProjectDeleteParams(Deletion[object], endpoint="DELETE /projects/{project_id}"):
    """Delete a project."""

    project_id: str = field(kw_only=False)
