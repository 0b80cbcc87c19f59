"""Collections of assets and models."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from scenario_async._internal.declare.operation import Async, Blocking, Mode, Resource, sends
from scenario_async.pagination import lists
from scenario_async.values import collection as values


class CollectionAssets(Resource[Mode]):
    """The assets in a collection."""

    add: Final = sends(values.CollectionAssetAddParams)
    remove: Final = sends(values.CollectionAssetRemoveParams)


class CollectionModels(Resource[Mode]):
    """The models in a collection."""

    add: Final = sends(values.CollectionModelAddParams)
    remove: Final = sends(values.CollectionModelRemoveParams)


class Collections(Resource[Mode]):
    """Collections of assets and models."""

    create: Final = sends(values.CollectionCreateParams)
    retrieve: Final = sends(values.CollectionRetrieveParams)
    update: Final = sends(values.CollectionUpdateParams)
    list: Final = lists(
        values.CollectionListParams,
        values.CollectionListResponse[Async],
        values.CollectionListResponse[Blocking],
    )
    delete: Final = sends(values.CollectionDeleteParams)

    @cached_property
    def assets(self) -> CollectionAssets[Mode]:
        """The assets in a collection."""
        return CollectionAssets(self.sender, self.runner)

    @cached_property
    def models(self) -> CollectionModels[Mode]:
        """The models in a collection."""
        return CollectionModels(self.sender, self.runner)
