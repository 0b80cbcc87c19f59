"""Collections of assets and models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import field

from scenario_async._internal.declare.operation import Mode
from scenario_async._internal.declare.value import Value
from scenario_async.pagination import CursorPage
from scenario_async.values.asset_link import AssetLink
from scenario_async.values.requests import PageRequest, ProjectDeletion, ProjectRequest


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
    """Put assets into a collection.

    Args:
        asset_ids: The assets.
    """

    collection_id: str = field(kw_only=False)
    asset_ids: Sequence[str]


class CollectionAssetRemoveParams(
    ProjectRequest[CollectionResponse], endpoint="DELETE /collections/{collection_id}/assets"
):
    """Take assets out of a collection.

    Args:
        asset_ids: The assets.
    """

    collection_id: str = field(kw_only=False)
    asset_ids: Sequence[str]


class CollectionModelAddParams(
    ProjectRequest[CollectionResponse], endpoint="PUT /collections/{collection_id}/models"
):
    """Put models into a collection.

    Args:
        model_ids: The models.
    """

    collection_id: str = field(kw_only=False)
    model_ids: Sequence[str]


class CollectionModelRemoveParams(
    ProjectRequest[CollectionResponse], endpoint="DELETE /collections/{collection_id}/models"
):
    """Take models out of a collection.

    Args:
        model_ids: The models.
    """

    collection_id: str = field(kw_only=False)
    model_ids: Sequence[str]


class CollectionCreateParams(ProjectRequest[CollectionResponse], endpoint="POST /collections"):
    """Make a collection.

    Args:
        name: Its name.
    """

    name: str


class CollectionRetrieveParams(
    ProjectRequest[CollectionResponse], endpoint="GET /collections/{collection_id}"
):
    """Look up a collection."""

    collection_id: str = field(kw_only=False)


class CollectionUpdateParams(ProjectRequest[CollectionResponse], endpoint="PUT /collections/{collection_id}"):
    """Change a collection.

    Args:
        name: Its name.
        thumbnail: The asset that is to stand for it.
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
    """Delete a collection; what is in it stays."""

    collection_id: str = field(kw_only=False)
