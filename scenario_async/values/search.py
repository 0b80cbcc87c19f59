"""What searching finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenario_async._internal.declare.operation import Mode, OrDict, Query
from scenario_async._internal.declare.value import Value
from scenario_async.pagination import OffsetPage
from scenario_async.values._requests import R_co, RepeatableRequest
from scenario_async.values.asset_link import AssetLink


class Hit(Value):
    """The fields of every search result. Dates are ISO strings."""

    author_id: str
    collection_ids: list[str]
    created_at: str
    id: str
    owner_id: str
    privacy: str
    tags: list[str]
    team_id: str
    updated_at: str
    score: float | None = None
    thumbnail: AssetLink | None = None


class AssetHit(Hit):
    """An asset in a search result."""

    metadata: AssetHitMetadata
    mime_type: str
    nsfw: list[str]
    url: str
    content: str | None = None
    description: str | None = None
    transcription: str | None = None


class AssetHitMetadata(Value):
    """How an asset in a search result was made."""

    aspect_ratio: str | None = None
    base_model_id: str | None = None
    guidance: float | None = None
    height: float | None = None
    kind: str | None = None
    model_id: str | None = None
    model_type: str | None = None
    name: str | None = None
    negative_prompt: str | None = None
    negative_prompt_strength: float | None = None
    num_inference_steps: float | None = None
    parent_job_id: str | None = None
    prompt: str | None = None
    scheduler: str | None = None
    seed: str | None = None
    size: float | None = None
    text: str | None = None
    thumbnail: AssetThumbnailInput | None = None
    type: str | None = None
    width: float | None = None


class AssetThumbnailInput(Value):
    """The id of a thumbnail's asset."""

    asset_id: str


class ModelHit(Hit):
    """A model in a search result."""

    capabilities: list[str]
    concepts: list[ConceptRef]
    example_asset_ids: list[str]
    name: str
    short_description: str
    source: str
    training_images_number: float
    type: str
    parent_model_id: str | None = None


class ConceptRef(Value):
    """The id of a model that is merged into another."""

    model_id: str


class WorkflowHit(Hit):
    """A workflow in a search result."""

    description: str
    name: str
    status: str
    after: AssetLink | None = None
    before: AssetLink | None = None
    short_description: str | None = None


class BriefImages(Value):
    """Pictures that the results should be like or unlike: data URLs or ids of assets."""

    like: list[str] | None = None
    unlike: list[str] | None = None


class SearchRequest(RepeatableRequest[R_co]):
    """A request to search by words.

    Args:
        filter: A filter expression on the fields of the results.
        hits_per_page: Items per page; use it with `page`.
        limit: The number of results; use it with `offset`.
        offset: The number of results to skip; use it with `limit`.
        page: The page number; use it with `hits_per_page`.
        public: Search public content, also of other users.
        query: The search text.
        query_semantic_ratio: The weight of the meaning of `query` relative to its words.
        sort_by: The order, e.g. ``["createdAt:desc"]``.
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
        image: A picture that the results resemble: a data URL or the id of an asset.
        image_semantic_ratio: The weight of the pictures relative to the words.
        images: Pictures to resemble and to avoid: `BriefImages`, or a dict with the same names.
    """

    image: str | None = None
    image_semantic_ratio: float | None = None
    images: OrDict[BriefImages] | None = None


class SearchAssetSearchResponse(OffsetPage[AssetHit, Mode]):
    """A page of assets that were found."""

    items_field = "hits"

    hits: list[AssetHit]


class SearchAssetSearchParams(
    PictureSearchRequest[SearchAssetSearchResponse[Any]], endpoint="POST /search/assets"
):
    """Search for assets, a page at a time."""


class SearchModelSearchResponse(OffsetPage[ModelHit, Mode]):
    """A page of models that were found."""

    items_field = "hits"

    hits: list[ModelHit]


class SearchModelSearchParams(
    PictureSearchRequest[SearchModelSearchResponse[Any]], endpoint="POST /search/models"
):
    """Search for models, a page at a time."""


class SearchWorkflowSearchResponse(OffsetPage[WorkflowHit, Mode]):
    """A page of workflows that were found."""

    items_field = "hits"

    hits: list[WorkflowHit]


class SearchWorkflowSearchParams(
    SearchRequest[SearchWorkflowSearchResponse[Any]], endpoint="POST /search/workflows"
):
    """Search for workflows, a page at a time."""
