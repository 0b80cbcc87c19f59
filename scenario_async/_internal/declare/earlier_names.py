"""Earlier names of operations, which the official package deprecated."""

from __future__ import annotations

import warnings
from functools import wraps
from typing import Any, TypeVar, cast

from scenario_async._internal.declare.call_options import taken

T = TypeVar("T")


class _EarlierName:
    def __init__(self, current: Any, by: str) -> None:
        self._current = current
        self._by = by

    def __get__(self, instance: Any, owner: type[Any]) -> Any:
        current = self._current.__get__(instance, owner)
        if instance is None:
            return current

        # The warning comes at the call, because mocks and debuggers read all attributes.
        @wraps(current)
        def call(*args: Any, **kwargs: Any) -> Any:
            warnings.warn(f"use {self._by}", DeprecationWarning, stacklevel=2)
            return current(*args, **taken(kwargs))

        return call


def earlier_name(current: T, by: str) -> T:
    """Declare an old name of an operation; a call of it gives a deprecation warning.

    Args:
        current: The operation.
        by: The operation's current name below the client.
    """
    return cast("T", _EarlierName(current, by))
