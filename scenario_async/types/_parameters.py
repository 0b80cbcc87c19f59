"""What stands for the parameters of an operation, which the official package types as a `TypedDict`."""

from __future__ import annotations

from typing import Any, TypeAlias

Parameters: TypeAlias = dict[str, Any]
