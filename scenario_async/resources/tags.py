"""Tags."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource
from scenario_async.pagination import lists
from scenario_async.values.tag import TagListParams, TagListResponse


class Tags(Resource[Mode]):
    """Tags."""

    list: Final = lists(TagListParams, TagListResponse[Async], TagListResponse[Blocking])
