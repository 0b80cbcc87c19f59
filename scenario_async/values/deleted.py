"""What deleting brings back."""

from __future__ import annotations

from scenario_async._internal.declare.value import frozen


@frozen(kw_only=True)
class DeletedResponse:
    """Whether there was something to delete."""

    deleted: bool
