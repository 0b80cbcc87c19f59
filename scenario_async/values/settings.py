"""Settings of teams and projects."""

from __future__ import annotations

from typing import Any

from scenario_async._internal.declare.value import frozen


@frozen(kw_only=True)
class Settings:
    """Settings of a team or project."""

    homepage: dict[str, Any] | None = None


@frozen(kw_only=True)
class SettingsInput:
    """Settings to change."""

    homepage: Any = None
