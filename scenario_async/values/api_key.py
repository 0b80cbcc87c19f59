"""API keys."""

from __future__ import annotations

from typing import Literal

from attrs import field

from scenario_async._internal.declare.operation import Request
from scenario_async._internal.declare.value import Value
from scenario_async.values._requests import Deletion
from scenario_async.values.enumerations import OwnerType


class KeyProject(Value):
    """A project that an API key can access, and the key's role in it."""

    project_id: str
    role: str


class ApiKey(Value):
    """An API key; its consumption is in creative units. Dates are ISO strings."""

    api_key_id: str
    api_key_status: Literal["active", "inactive"] | str
    created_at: str
    id: str
    name: str
    scope: OwnerType | str
    updated_at: str
    author_id: str | None = None
    consumption: float | None = None
    last_used_at: str | None = None
    max_consumption: float | None = None
    owner_id: str | None = None
    projects: list[KeyProject] | None = None


class TeamKey(ApiKey):
    """An API key of a team."""

    role: str | None = None


class ProjectKey(ApiKey):
    """An API key of a project."""

    role: str


class ApiKeyResponse(Value):
    """A new API key. Only this response contains its secret."""

    author_id: str
    created_at: str
    id: str
    owner_type: OwnerType | str
    secret: str = field(repr=False)
    user_id: str
    owner_id: str | None = None
    team_id: str | None = None


class ProjectApiKeyCreateParams(Request[ApiKeyResponse], endpoint="POST /projects/{project_id}/api-keys"):
    """Create an API key for a project. Only this response contains its secret.

    Args:
        max_consumption: Limit of consumption per billing period, in creative units; -1 for no limit.
        role: Its role: ``"admin"``, ``"editor"``, ``"reader"``, or scopes separated by semicolons.
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
