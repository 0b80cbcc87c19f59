"""Assets: the images of the library."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.pagination import is_between, moment, page
from scenario_async.sandbox._internal.parameters import fields_of, not_empty, required
from scenario_async.sandbox._internal.routes.answers import asset_answer, json_answer, text_answer
from scenario_async.sandbox._internal.routes.asset_locks import check_lock, keep_snapshot, lock_expiry
from scenario_async.sandbox._internal.routes.lookup import asset_of, collections_named, find_asset


async def upload(request: web.Request) -> web.Response:
    """Create an asset from an image in plain base64.

    The service documents a "base64 format string". The sandbox refuses a data URL, which the service possibly
    accepts.
    """
    fields = fields_of(request)
    fields.refuse("canvas", "thumbnail")
    name = required(fields.text("name"), "name")
    image = required(fields.text("image"), "image")
    is_hidden, parent_id = fields.flag("hide") or False, fields.text("parentId")
    collections = collections_named(request, fields)
    if parent_id is not None:
        find_asset(request, parent_id)
    context = context_of(request)
    picture = await context.pictures.from_base64(image, parameter="image")
    asset = context.state.add_asset(picture, name=name, is_hidden=is_hidden, parent_id=parent_id)
    for collection in collections:
        collection.asset_ids.append(asset.id)
    return json_answer({"asset": asset_answer(context, asset)})


async def list_all(request: web.Request) -> web.Response:
    """List assets, all or those that were created in a period."""
    context = context_of(request)
    since, until = moment(request, "createdAfter"), moment(request, "createdBefore")
    chosen = [asset for asset in context.state.assets.values() if is_between(asset.created_at, since, until)]
    assets, more = page(request, chosen, filters=("createdAfter", "createdBefore"))
    return json_answer({"assets": [asset_answer(context, asset) for asset in assets], **more})


async def retrieve(request: web.Request) -> web.Response:
    """Return an asset, which may be the text that a listed job has as its prompt."""
    text = context_of(request).state.texts.get(request.match_info["assetId"])
    if text is not None:
        return json_answer({"asset": text_answer(text)})
    return json_answer({"asset": asset_answer(context_of(request), asset_of(request))})


async def update(request: web.Request) -> web.Response:
    """Change an asset's name, description or canvas; a training image shows the first two.

    To change a locked asset, the request needs the lock's id. Each canvas creates a snapshot, unless
    `disableSnapshot` is set.
    """
    asset = asset_of(request)
    fields = fields_of(request)
    fields.refuse("thumbnail")
    name, description = fields.text("name"), fields.text("description")
    canvas, silent = fields.text("canvas"), fields.flag("disableSnapshot")
    expires = lock_expiry(request, fields)
    lock = check_lock(request, asset, fields.text("lockId"))
    if expires is not None and lock is None:
        # [guess] an expiry without a lock is refused
        raise bad_request("The asset is not locked", field="lockExpiresAt")
    if expires is not None and lock is not None:
        lock.expires = expires
    if canvas is not None and not silent:
        keep_snapshot(request, asset, canvas)
    asset.name = asset.name if name is None else name
    asset.description = asset.description if description is None else description
    asset.updated_at = context_of(request).state.now()
    return json_answer({"asset": asset_answer(context_of(request), asset)})


async def delete_multiple(request: web.Request) -> web.Response:
    """Delete all given assets, or none of them.

    The request is refused if an asset is in a training set or locked. What the service does then is unknown.
    """
    asset_ids = not_empty(fields_of(request).texts("assetIds"), "assetIds")
    state = context_of(request).state
    for asset_id in asset_ids:
        check_lock(request, find_asset(request, asset_id), None)
        model = state.model_trained_on(asset_id)
        if model is not None:
            # [guess] a training image cannot be deleted as an asset
            raise bad_request(f"{asset_id} is a training image of {model.id}", field="assetIds")
    for asset_id in set(asset_ids):
        state.delete_asset(asset_id)
    return json_answer({})


ROUTES: Final = (
    web.post("/assets", upload),
    web.get("/assets", list_all),
    web.delete("/assets", delete_multiple),
    web.get("/assets/{assetId}", retrieve),
    web.put("/assets/{assetId}", update),
)
