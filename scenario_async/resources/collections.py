"""Collections of assets and models."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

from attrs import field

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource, sends
from scenario_async._internal.declare.value import frozen
from scenario_async.pagination import CursorPage, lists
from scenario_async.resources.requests import PageRequest, ProjectDeletion, ProjectRequest
from scenario_async.values.collection import Collection, CollectionResponse


@frozen(kw_only=True)
class CollectionAssetAddParams(ProjectRequest[CollectionResponse]):
    """Put assets into a collection.

    Args:
        asset_ids: The assets.
    """

    endpoint = "PUT /collections/{collection_id}/assets"
    collection_id: str = field(kw_only=False)
    asset_ids: Sequence[str]


@frozen(kw_only=True)
class CollectionAssetRemoveParams(ProjectRequest[CollectionResponse]):
    """Take assets out of a collection.

    Args:
        asset_ids: The assets.
    """

    endpoint = "DELETE /collections/{collection_id}/assets"
    collection_id: str = field(kw_only=False)
    asset_ids: Sequence[str]


@frozen(kw_only=True)
class CollectionModelAddParams(ProjectRequest[CollectionResponse]):
    """Put models into a collection.

    Args:
        model_ids: The models.
    """

    endpoint = "PUT /collections/{collection_id}/models"
    collection_id: str = field(kw_only=False)
    model_ids: Sequence[str]


@frozen(kw_only=True)
class CollectionModelRemoveParams(ProjectRequest[CollectionResponse]):
    """Take models out of a collection.

    Args:
        model_ids: The models.
    """

    endpoint = "DELETE /collections/{collection_id}/models"
    collection_id: str = field(kw_only=False)
    model_ids: Sequence[str]


@frozen(kw_only=True)
class CollectionCreateParams(ProjectRequest[CollectionResponse]):
    """Make a collection.

    Args:
        name: Its name.
    """

    endpoint = "POST /collections"
    name: str


@frozen(kw_only=True)
class CollectionRetrieveParams(ProjectRequest[CollectionResponse]):
    """Look up a collection."""

    endpoint = "GET /collections/{collection_id}"
    collection_id: str = field(kw_only=False)


@frozen(kw_only=True)
class CollectionUpdateParams(ProjectRequest[CollectionResponse]):
    """Change a collection.

    Args:
        name: Its name.
        thumbnail: The asset that is to stand for it.
    """

    endpoint = "PUT /collections/{collection_id}"
    collection_id: str = field(kw_only=False)
    name: str | None = None
    thumbnail: str | None = None


@frozen(kw_only=True)
class CollectionListResponse(CursorPage[Collection, Mode]):
    """A page of collections."""

    items_field = "collections"

    collections: list[Collection]
    next_pagination_token: str | None = None


@frozen(kw_only=True)
class CollectionListParams(PageRequest[CollectionListResponse[Any]]):
    """List collections, a page at a time."""

    endpoint = "GET /collections"


@frozen(kw_only=True)
class CollectionDeleteParams(ProjectDeletion[object]):
    """Delete a collection; what is in it stays."""

    endpoint = "DELETE /collections/{collection_id}"
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
