"""Collections of assets and models."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource, sends
from scenario_async.pagination import lists
from scenario_async.values.collection import (
    CollectionAssetAddParams,
    CollectionAssetRemoveParams,
    CollectionCreateParams,
    CollectionDeleteParams,
    CollectionListParams,
    CollectionListResponse,
    CollectionModelAddParams,
    CollectionModelRemoveParams,
    CollectionRetrieveParams,
    CollectionUpdateParams,
)


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
