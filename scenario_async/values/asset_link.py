"""Links to assets."""

from __future__ import annotations

from scenario_async._internal.declare.value import Value


class AssetLink(Value):
    """The id of an asset and its URL."""

    asset_id: str
    url: str
