"""Collections of assets and models."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

from attrs import field

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource, sends
from scenario_async.pagination import CursorPage, lists
from scenario_async.resources.requests import PageRequest, ProjectDeletion, ProjectRequest
from scenario_async.values.collection import Collection, CollectionResponse


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


class CollectionAssets(Resource[Mode]):
    """The assets in a collection."""

    add: Final = sends(CollectionAssetAddParams)
    remove: Final = sends(CollectionAssetRemoveParams)


class CollectionModels(Resource[Mode]):
    """The models in a collection."""

    add: Final = sends(CollectionModelAddParams)
    remove: Final = sends(CollectionModelRemoveParams)


class Collections(Resource[Mode]):
    """Collections of assets and models."""

    create: Final = sends(CollectionCreateParams)
    retrieve: Final = sends(CollectionRetrieveParams)
    update: Final = sends(CollectionUpdateParams)
    list: Final = lists(CollectionListParams, CollectionListResponse[Async], CollectionListResponse[Blocking])
    delete: Final = sends(CollectionDeleteParams)

    @cached_property
    def assets(self) -> CollectionAssets[Mode]:
        """The assets in a collection."""
        return CollectionAssets(self.sender, self.runner)

    @cached_property
    def models(self) -> CollectionModels[Mode]:
        """The models in a collection."""
        return CollectionModels(self.sender, self.runner)
