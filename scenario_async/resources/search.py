"""Search for assets, models and workflows."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource
from scenario_async.pagination import lists
from scenario_async.values.search import (
    SearchAssetSearchParams,
    SearchAssetSearchResponse,
    SearchModelSearchParams,
    SearchModelSearchResponse,
    SearchWorkflowSearchParams,
    SearchWorkflowSearchResponse,
)


class Search(Resource[Mode]):
    """Search for assets, models and workflows."""

    asset_search: Final = lists(
        SearchAssetSearchParams, SearchAssetSearchResponse[Async], SearchAssetSearchResponse[Blocking]
    )
    model_search: Final = lists(
        SearchModelSearchParams, SearchModelSearchResponse[Async], SearchModelSearchResponse[Blocking]
    )
    workflow_search: Final = lists(
        SearchWorkflowSearchParams,
        SearchWorkflowSearchResponse[Async],
        SearchWorkflowSearchResponse[Blocking],
    )
