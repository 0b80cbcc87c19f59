"""Tags."""

from __future__ import annotations

from typing import Any

from scenario_async._internal.declare.operation import Mode
from scenario_async._internal.declare.value import Value
from scenario_async.pagination import CursorPage
from scenario_async.values._requests import PageRequest


class Tag(Value):
    """A tag, and how often it is used. Dates are ISO strings."""

    created_at: str
    item_count: float
    owner_id: str
    tag_name: str
    updated_at: str


class TagsUpdateResponse(Value):
    """The tags that were added and those that were removed."""

    added: list[str]
    deleted: list[str]


class TagListResponse(CursorPage[Tag, Mode]):
    """A page of tags."""

    items_field = "tags"

    tags: list[Tag]
    next_pagination_token: str | None = None


class TagListParams(PageRequest[TagListResponse[Any]], endpoint="GET /tags"):
    """List tags, a page at a time."""
