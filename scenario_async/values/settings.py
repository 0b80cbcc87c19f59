"""Settings of teams and projects."""

from __future__ import annotations

from typing import Any

from scenario_async._internal.declare.value import Value


class Settings(Value):
    """Settings of a team or project."""

    homepage: dict[str, Any] | None = None


class SettingsInput(Value):
    """Settings to change."""

    homepage: Any = None
