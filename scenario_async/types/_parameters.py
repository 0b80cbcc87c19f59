"""The type of an operation's parameters, which is a `TypedDict` in the official package."""

from __future__ import annotations

from typing import Any, TypeAlias

Parameters: TypeAlias = dict[str, Any]
