"""Tags."""

from __future__ import annotations

from scenario_async._internal.declare.value import frozen


@frozen(kw_only=True)
class Tag:
    """A tag, and how often it is used. Dates are ISO strings."""

    created_at: str
    item_count: float
    owner_id: str
    tag_name: str
    updated_at: str


@frozen(kw_only=True)
class TagsUpdateResponse:
    """Which tags were added and which were taken away."""

    added: list[str]
    deleted: list[str]
