"""Projects."""

from __future__ import annotations

from scenario_async._internal.declare.value import Value
from scenario_async.values.api_key import ProjectKey
from scenario_async.values.settings import Settings
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
