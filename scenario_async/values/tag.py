"""Tags."""

from __future__ import annotations

from scenario_async._internal.declare.value import Value


class Tag(Value):
    """A tag, and how often it is used. Dates are ISO strings."""

    created_at: str
    item_count: float
    owner_id: str
    tag_name: str
    updated_at: str


class TagsUpdateResponse(Value):
    """Which tags were added and which were taken away."""

    added: list[str]
    deleted: list[str]
