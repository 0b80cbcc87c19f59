"""Search for assets, models and workflows."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource
from scenario_async.pagination import lists
from scenario_async.values import search as values


class Search(Resource[Mode]):
    """Search for assets, models and workflows."""

    asset_search: Final = lists(
        values.SearchAssetSearchParams,
        values.SearchAssetSearchResponse[Async],
        values.SearchAssetSearchResponse[Blocking],
    )
    model_search: Final = lists(
        values.SearchModelSearchParams,
        values.SearchModelSearchResponse[Async],
        values.SearchModelSearchResponse[Blocking],
    )
    workflow_search: Final = lists(
        values.SearchWorkflowSearchParams,
        values.SearchWorkflowSearchResponse[Async],
        values.SearchWorkflowSearchResponse[Blocking],
    )
