"""Collections of assets and models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import field

from scenario_async._internal.declare.operation import Mode
from scenario_async._internal.declare.value import Value
from scenario_async.pagination import CursorPage
from scenario_async.values._requests import PageRequest, ProjectDeletion, ProjectRequest
from scenario_async.values.asset_link import AssetLink


class Collection(Value):
    """A collection of assets and models. Dates are ISO strings."""

    asset_count: float
    created_at: str
    id: str
    item_count: float
    model_count: float
    name: str
    owner_id: str
    updated_at: str
    thumbnail: AssetLink | None = None


class CollectionResponse(Value):
    """One collection."""

    collection: Collection


class CollectionAssetAddParams(
    ProjectRequest[CollectionResponse], endpoint="PUT /collections/{collection_id}/assets"
):
    """Add assets to a collection."""

    collection_id: str = field(kw_only=False)
    asset_ids: Sequence[str]


class CollectionAssetRemoveParams(
    ProjectRequest[CollectionResponse], endpoint="DELETE /collections/{collection_id}/assets"
):
    """Remove assets from a collection."""

    collection_id: str = field(kw_only=False)
    asset_ids: Sequence[str]


class CollectionModelAddParams(
    ProjectRequest[CollectionResponse], endpoint="PUT /collections/{collection_id}/models"
):
    """Add models to a collection."""

    collection_id: str = field(kw_only=False)
    model_ids: Sequence[str]


class CollectionModelRemoveParams(
    ProjectRequest[CollectionResponse], endpoint="DELETE /collections/{collection_id}/models"
):
    """Remove models from a collection."""

    collection_id: str = field(kw_only=False)
    model_ids: Sequence[str]


class CollectionCreateParams(ProjectRequest[CollectionResponse], endpoint="POST /collections"):
    """Create a collection."""

    name: str


class CollectionRetrieveParams(
    ProjectRequest[CollectionResponse], endpoint="GET /collections/{collection_id}"
):
    """Retrieve a collection."""

    collection_id: str = field(kw_only=False)


class CollectionUpdateParams(ProjectRequest[CollectionResponse], endpoint="PUT /collections/{collection_id}"):
    """Update a collection.

    Args:
        thumbnail: The asset to use as thumbnail.
    """

    collection_id: str = field(kw_only=False)
    name: str | None = None
    thumbnail: str | None = None


class CollectionListResponse(CursorPage[Collection, Mode]):
    """A page of collections."""

    items_field = "collections"

    collections: list[Collection]
    next_pagination_token: str | None = None


class CollectionListParams(PageRequest[CollectionListResponse[Any]], endpoint="GET /collections"):
    """List collections, a page at a time."""


class CollectionDeleteParams(ProjectDeletion[object], endpoint="DELETE /collections/{collection_id}"):
    """Delete a collection. Its assets and models are kept."""

    collection_id: str = field(kw_only=False)
