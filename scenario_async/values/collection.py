"""Collections of assets and models."""

from __future__ import annotations

from scenario_async._internal.declare.value import Value
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
