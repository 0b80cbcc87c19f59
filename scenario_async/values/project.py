"""Projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field

from scenario_async._internal.declare.operation import (
    Mode,
    OrDict,
    Query,
    Request,
)
from scenario_async._internal.declare.value import Value
from scenario_async.pagination import CursorPage
from scenario_async.values.api_key import ProjectKey
from scenario_async.values.requests import Deletion
from scenario_async.values.settings import Settings, SettingsInput
from scenario_async.values.user import Avatar, ProjectUser


class TeamProject(Value):
    """A project as its team shows it. Dates are ISO strings."""

    created_at: str
    id: str
    name: str
    updated_at: str
    avatar: Avatar | None = None
    disable_ip_detection: bool | None = None
    quality_gate_auto_detect: bool | None = None


class Project(TeamProject):
    """A project; consumption in creative units."""

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
    """What an assistant is told of a project, in Markdown. Dates are ISO strings."""

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
    """The memory or the instructions after a change; None if there are none any more."""

    memory: ProjectMemory | None = None


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
        page_size: How many to a page.
        pagination_token: Where to go on: `next_pagination_token` of the page before.
    """

    page_size: Query[int | None] = None
    pagination_token: Query[str | None] = None
    team_id: Query[str | None] = None


class ProjectDeleteParams(Deletion[object], endpoint="DELETE /projects/{project_id}"):
    """Delete a project."""

    project_id: str = field(kw_only=False)
