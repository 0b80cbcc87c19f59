"""Tags of assets and models."""

from __future__ import annotations

from collections import Counter
from typing import Final

from aiohttp import web

from scenario_async.sandbox._internal.context import Context, context_of
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.objects import Tag
from scenario_async.sandbox._internal.pagination import page
from scenario_async.sandbox._internal.parameters import fields_of
from scenario_async.sandbox._internal.routes.answers import OWNER_ID, json_answer
from scenario_async.sandbox._internal.routes.lookup import asset_of, model_of
from scenario_async.sandbox._internal.state import Asset, Model


async def list_all(request: web.Request) -> web.Response:
    """List the tags in use, the newest first."""
    state = context_of(request).state
    things: list[Asset | Model] = [*state.assets.values(), *state.models.values()]
    uses = Counter(tag for thing in things for tag in thing.tags)
    tags, more = page(request, [tag for tag in state.tags.values() if tag.name in uses])
    answers = [
        {
            "tagName": tag.name,
            "itemCount": uses[tag.name],
            "ownerId": OWNER_ID,
            "createdAt": tag.created_at,
            "updatedAt": tag.updated_at,
        }
        for tag in tags
    ]
    return json_answer({"tags": answers, **more})


async def update_of_asset(request: web.Request) -> web.Response:
    """Add tags to an asset, and remove others."""
    return _update(request, asset_of(request))


async def update_of_model(request: web.Request) -> web.Response:
    """Add tags to a model, and remove others."""
    return _update(request, model_of(request))


def _update(request: web.Request, thing: Asset | Model) -> web.Response:
    """Change the tags of an object, and return the tags that were added and removed.

    The effect of `strict` is not clearly documented. In the sandbox, `strict` refuses to add a tag that
    exists and to remove a tag that does not exist. Without it, these tags are ignored. A tag in both lists is
    refused.
    """
    fields = fields_of(request)
    add, delete = fields.texts("add") or [], fields.texts("delete") or []
    if not set(add).isdisjoint(delete):
        # [guess] a tag in both lists is refused
        raise bad_request("A tag cannot be both added and deleted", field="delete")
    added = [tag for tag in dict.fromkeys(add) if tag not in thing.tags]
    deleted = [tag for tag in dict.fromkeys(delete) if tag in thing.tags]
    if fields.flag("strict") and (len(added), len(deleted)) != (len(add), len(delete)):
        # [documented] official package, asset_update_tags_params: an error if `strict` is set
        raise bad_request("A tag to be added is there already, or one to be deleted is not", field="strict")
    thing.tags = [tag for tag in (*thing.tags, *added) if tag not in deleted]
    context = context_of(request)
    _record(context, [*added, *deleted])
    thing.updated_at = context.state.now()
    return json_answer({"added": added, "deleted": deleted})


def _record(context: Context, names: list[str]) -> None:
    state, now = context.state, context.state.now()
    for name in names:
        if name not in state.tags:
            state.tags[name] = Tag(name=name, sequence=state.next_sequence(), created_at=now, updated_at=now)
        state.tags[name].updated_at = now


ROUTES: Final = (
    web.get("/tags", list_all),
    web.put("/assets/{assetId}/tags", update_of_asset),
    web.put("/models/{modelId}/tags", update_of_model),
)
