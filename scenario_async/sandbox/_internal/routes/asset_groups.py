"""Operations on several assets, and copies of an asset."""

from __future__ import annotations

from typing import Final

from aiohttp import web
from attrs import evolve

from scenario_async.sandbox._internal.context import NO_CHANGE, context_of
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.parameters import fields_of, not_empty, required
from scenario_async.sandbox._internal.routes.answers import OWNER_ID, asset_answer, json_answer
from scenario_async.sandbox._internal.routes.lookup import asset_of, find

MOST_AT_ONCE: Final = 200
"""The largest number of assets in a request."""


async def get_bulk(request: web.Request) -> web.Response:
    """Return the assets with the given ids, in their order. Unknown ids are left out, which is a guess."""
    request[NO_CHANGE] = True
    context = context_of(request)
    asset_ids = required(fields_of(request).texts("assetIds"), "assetIds")
    if not 1 <= len(asset_ids) <= MOST_AT_ONCE:
        # [documented] official package, asset_get_bulk_params: at most 200
        raise bad_request(f"assetIds must name from 1 to {MOST_AT_ONCE} assets", field="assetIds")
    assets = context.state.assets
    found = [assets[asset_id] for asset_id in dict.fromkeys(asset_ids) if asset_id in assets]
    return json_answer({"assets": [asset_answer(context, asset) for asset in found]})


async def restore_multiple(request: web.Request) -> web.Response:
    """Restore deleted assets, but not into their collections. In the sandbox, deleted assets never expire."""
    state = context_of(request).state
    asset_ids = not_empty(fields_of(request).texts("assetIds"), "assetIds")
    restored: list[str] = []
    skipped: list[dict[str, str]] = []
    for asset_id in dict.fromkeys(asset_ids):
        if asset_id in state.deleted_assets:
            state.assets[asset_id] = state.deleted_assets.pop(asset_id)
            restored.append(asset_id)
        else:
            reason = "not-deleted" if asset_id in state.assets else "not-found"
            skipped.append({"assetId": asset_id, "reason": reason})
    # Everything here is stored in the order of creation, which is the order of lists.
    state.assets = dict(sorted(state.assets.items(), key=lambda item: item[1].sequence))
    return json_answer({"restoredAssetIds": restored, "skippedAssets": skipped})


async def copy(request: web.Request) -> web.Response:
    """Copy an asset with its picture, description and tags, optionally to another project."""
    asset = asset_of(request)
    target = fields_of(request).text("targetProjectId")
    context = context_of(request)
    if target is not None:
        find(context.state.projects, "Project", target)
    metadata = {
        **asset.origin.metadata,
        "originalAssetId": asset.id,
        "copiedAt": context.state.now(),
        **({} if target is None else {"sourceProjectId": asset.owner_id or OWNER_ID}),
    }
    new = context.state.add_asset(
        asset.picture,
        name=asset.name,
        is_hidden=asset.is_hidden,
        parent_id=asset.parent_id,
        origin=evolve(asset.origin, metadata=metadata),
    )
    new.description, new.tags, new.owner_id = asset.description, list(asset.tags), target or asset.owner_id
    return json_answer({"asset": asset_answer(context, new)})


ROUTES: Final = (
    web.post("/assets/get-bulk", get_bulk),
    web.post("/assets/restore", restore_multiple),
    web.post("/assets/{assetId}/copy", copy),
)
