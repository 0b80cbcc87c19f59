"""Links to assets."""

from __future__ import annotations

from scenario_async._internal.declare.value import Value


class AssetLink(Value):
    """An asset, and where to get it."""

    asset_id: str
    url: str
