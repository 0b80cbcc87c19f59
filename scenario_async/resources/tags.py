"""Tags."""

from __future__ import annotations

from typing import Any, Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource
from scenario_async.pagination import CursorPage, lists
from scenario_async.resources.requests import PageRequest
from scenario_async.values.tag import Tag


class TagListResponse(CursorPage[Tag, Mode]):
    """A page of tags."""

    items_field = "tags"

    tags: list[Tag]
    next_pagination_token: str | None = None


class TagListParams(PageRequest[TagListResponse[Any]], endpoint="GET /tags"):
    """List tags, a page at a time."""


class Tags(Resource[Mode]):
    """Tags."""

    list: Final = lists(TagListParams, TagListResponse[Async], TagListResponse[Blocking])
