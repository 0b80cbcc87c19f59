"""The responses to deletions."""

from __future__ import annotations

from scenario_async._internal.declare.value import Value


class DeletedResponse(Value):
    """Whether there was something to delete."""

    deleted: bool
