"""Pictures in requests: the id of an asset, or a data URL."""

from __future__ import annotations

from aiohttp import web

from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.parameters import Fields
from scenario_async.sandbox._internal.routes.lookup import find_asset
from scenario_async.sandbox._internal.state import Asset, Picture


async def picture_named(request: web.Request, text: str, parameter: str) -> tuple[Picture, Asset | None]:
    """Return the picture that a data URL or an asset id represents, and the asset if there is one.

    Raises:
        Refusal: 404 if the asset does not exist; 400 if the data URL is not a readable picture.
    """
    if text.startswith("data:"):
        return await context_of(request).pictures.from_data_url(text, parameter=parameter), None
    asset = find_asset(request, text)
    return asset.picture, asset


async def names_of_pictures(request: web.Request, fields: Fields) -> list[str]:
    """Names of the pictures in `images` and `assetIds`: names of assets, and hashes of data URLs."""
    names: list[str] = []
    for text in fields.texts("images") or ():
        picture, asset = await picture_named(request, text, "images")
        names.append(picture.stored.sha256[:12] if asset is None else asset.name)
    names.extend(find_asset(request, asset_id).name for asset_id in fields.texts("assetIds") or ())
    return names
