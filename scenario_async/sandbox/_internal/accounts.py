"""Teams and projects, with their members and documents. This module is independent of HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal

from attrs import define, field, frozen

FIRST_TEAM_ID: Final = "team_sandbox"
FIRST_PROJECT_ID: Final = "proj_sandbox"
"""The initial objects of every sandbox: a team, and a project to which all new objects belong."""


@define(kw_only=True)
class Member:
    """A member of a team or a project."""

    id: str
    email: str
    role: str
    created_at: str
    updated_at: str
    max_consumption: float | None = None


@define(kw_only=True)
class Invitation:
    """An invitation to a team that was not accepted."""

    email: str
    role: str
    project_ids: list[str]
    created_at: str


@define(kw_only=True)
class ApiKey:
    """An API key of a project. Its secret is shown once and not stored."""

    id: str
    name: str
    role: str
    created_at: str
    max_consumption: float | None = None


@frozen(kw_only=True)
class WebhookEvent:
    """An event that is sent to an endpoint."""

    id: str
    type: str
    created_at: str
    payload: Mapping[str, Any]


@define(kw_only=True)
class WebhookEndpoint:
    """A URL to which events are sent."""

    id: str
    url: str
    enabled_events: list[str]
    created_at: str
    updated_at: str
    description: str | None = None
    enabled: bool = True
    events: dict[str, WebhookEvent] = field(factory=dict[str, WebhookEvent])


@define(kw_only=True)
class Account:
    """The common base class of teams and projects.

    Attributes:
        fields: The fields that an update can set, by their documented names.
        documents: The documents of the account by name: its brief, memory, instructions and watermark.
    """

    level: ClassVar[Literal["project", "team"]]

    id: str
    sequence: int
    name: str
    created_at: str
    updated_at: str
    avatar_id: str | None = None
    fields: dict[str, Any] = field(factory=dict[str, Any])
    documents: dict[str, dict[str, Any]] = field(factory=dict[str, dict[str, Any]])
    members: dict[str, Member] = field(factory=dict[str, Member])
    webhook_endpoints: dict[str, WebhookEndpoint] = field(factory=dict[str, WebhookEndpoint])


@define(kw_only=True)
class Project(Account):
    """A project of a team."""

    level = "project"

    team_id: str
    keys: dict[str, ApiKey] = field(factory=dict[str, ApiKey])


@define(kw_only=True)
class Team(Account):
    """A team."""

    level = "team"

    invitations: dict[str, Invitation] = field(factory=dict[str, Invitation])
    ip_filters: dict[str, dict[str, Any]] = field(factory=dict[str, dict[str, Any]])
