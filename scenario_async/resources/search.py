"""Searching."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from scenario_async._internal.declare.operation import Async, Blocking, Given, Mode, Query, Resource
from scenario_async.pagination import OffsetPage, lists
from scenario_async.resources.requests import R_co, RepeatableRequest
from scenario_async.values.search import AssetHit, BriefImages, ModelHit, WorkflowHit


class SearchRequest(RepeatableRequest[R_co]):
    """A request to search by words.

    Args:
        filter: An expression that the members of what is found have to fulfil.
        hits_per_page: How many to a page; goes with `page`.
        limit: How many to bring back; goes with `offset`.
        offset: How many to leave out first; goes with `limit`.
        page: Which page; goes with `hits_per_page`.
        public: Search what is public, also of others.
        query: What to look for, in words.
        query_semantic_ratio: How much the meaning of `query` counts against its words.
        sort_by: What to sort by and which way: ``["createdAt:desc"]``.
        original_assets: Bring back original assets, without any transformation.
    """

    original_assets: Query[bool | None] = None
    filter: str | None = None
    hits_per_page: float | None = None
    limit: float | None = None
    offset: float | None = None
    page: float | None = None
    public: bool | None = None
    query: str | None = None
    query_semantic_ratio: float | None = None
    sort_by: Sequence[str] | None = None


class PictureSearchRequest(SearchRequest[R_co]):
    """A request to search by words and pictures.

    Args:
        image: A picture that what is found resembles: a data URL or the id of an asset.
        image_semantic_ratio: How much the pictures count against the words.
        images: Pictures that it resembles and does not: `BriefImages`, or a dict with the same names.
    """

    image: str | None = None
    image_semantic_ratio: float | None = None
    images: Given[BriefImages] | None = None


class SearchAssetSearchResponse(OffsetPage[AssetHit, Mode]):
    """A page of assets that were found."""

    items_field = "hits"

    hits: list[AssetHit]
    estimated_total_hits: int | None = None
    offset: int | None = None


class SearchAssetSearchParams(
    PictureSearchRequest[SearchAssetSearchResponse[Any]], endpoint="POST /search/assets"
):
    """Search for assets, a page at a time."""


class SearchModelSearchResponse(OffsetPage[ModelHit, Mode]):
    """A page of models that were found."""

    items_field = "hits"

    hits: list[ModelHit]
    estimated_total_hits: int | None = None
    offset: int | None = None


class SearchModelSearchParams(
    PictureSearchRequest[SearchModelSearchResponse[Any]], endpoint="POST /search/models"
):
    """Search for models, a page at a time."""


class SearchWorkflowSearchResponse(OffsetPage[WorkflowHit, Mode]):
    """A page of workflows that were found."""

    items_field = "hits"

    hits: list[WorkflowHit]
    estimated_total_hits: int | None = None
    offset: int | None = None


class SearchWorkflowSearchParams(
    SearchRequest[SearchWorkflowSearchResponse[Any]], endpoint="POST /search/workflows"
):
    """Search for workflows, a page at a time."""


class Search(Resource[Mode]):
    """Searching."""

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
