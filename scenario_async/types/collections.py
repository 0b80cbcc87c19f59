"""Names of the official package for `client.collections.assets` and `.models`; see `scenario_async.types`."""

from scenario_async.types._parameters import Parameters as AssetAddParams
from scenario_async.types._parameters import Parameters as AssetRemoveParams
from scenario_async.types._parameters import Parameters as ModelAddParams
from scenario_async.types._parameters import Parameters as ModelRemoveParams
from scenario_async.values.collection import CollectionResponse as AssetAddResponse
from scenario_async.values.collection import CollectionResponse as AssetRemoveResponse
from scenario_async.values.collection import CollectionResponse as ModelAddResponse
from scenario_async.values.collection import CollectionResponse as ModelRemoveResponse

__all__ = [
    "AssetAddParams",
    "AssetAddResponse",
    "AssetRemoveParams",
    "AssetRemoveResponse",
    "ModelAddParams",
    "ModelAddResponse",
    "ModelRemoveParams",
    "ModelRemoveResponse",
]
