"""Collections of assets and models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler
from attrs import frozen

from scenario_async.sandbox._internal.context import Context, context_of
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.objects import Collection
from scenario_async.sandbox._internal.pagination import page
from scenario_async.sandbox._internal.parameters import fields_of, not_empty, required
from scenario_async.sandbox._internal.routes.answers import OWNER_ID, asset_link, json_answer
from scenario_async.sandbox._internal.routes.lookup import find, find_asset, find_model
from scenario_async.sandbox._internal.state import new_id

MOST_AT_ONCE: Final = 49
"""The largest number of objects that a request may add or remove."""


async def create(request: web.Request) -> web.Response:
    """Create a collection. Two can have the same name; whether the service allows this is unknown."""
    name = required(fields_of(request).text("name"), "name")
    context = context_of(request)
    now = context.state.now()
    collection = Collection(
        id=new_id("collection"),
        sequence=context.state.next_sequence(),
        name=name,
        created_at=now,
        updated_at=now,
    )
    context.state.collections[collection.id] = collection
    return _answer(context, collection)


async def list_all(request: web.Request) -> web.Response:
    """List collections."""
    context = context_of(request)
    collections, more = page(request, context.state.collections.values())
    return json_answer({"collections": [_collection(context, one) for one in collections], **more})


async def retrieve(request: web.Request) -> web.Response:
    """Return a collection."""
    return _answer(context_of(request), _collection_of(request))


async def update(request: web.Request) -> web.Response:
    """Change a collection's name or thumbnail, which is the id of an asset."""
    collection = _collection_of(request)
    fields = fields_of(request)
    name, thumbnail = fields.text("name"), fields.text("thumbnail")
    if thumbnail is not None:
        collection.thumbnail_id = find_asset(request, thumbnail).id
    collection.name = collection.name if name is None else name
    return _touched(request, collection)


async def delete(request: web.Request) -> web.Response:
    """Delete a collection, but not its content."""
    del context_of(request).state.collections[_collection_of(request).id]
    return json_answer({})


@frozen
class _Kind:
    """A kind of object in collections: the body's field for its ids, and where the objects are stored."""

    field: str
    find: Callable[[web.Request, str], Any]
    held: Callable[[Collection], list[str]]

    def ids(self, request: web.Request) -> list[str]:
        ids = not_empty(fields_of(request).texts(self.field), self.field)
        if len(ids) > MOST_AT_ONCE:
            # [documented] official package, collections' parameters of adding and removing: at most 49
            raise bad_request(f"{self.field} must name at most {MOST_AT_ONCE}", field=self.field)
        for identifier in ids:
            self.find(request, identifier)
        return ids

    def adding(self) -> Handler:
        """Make a route that adds all objects or none; an object that is there already is an error."""

        async def add(request: web.Request) -> web.Response:
            collection = _collection_of(request)
            held, added = self.held(collection), self.ids(request)
            names = [*held, *added]
            if len(set(names)) < len(names):
                # [documented] agent skills, asset analysis: an error, for assets; for models it is a guess
                raise bad_request(f"{self.field} names what is in the collection already", field=self.field)
            held.extend(added)
            return _touched(request, collection)

        return add

    def removing(self) -> Handler:
        """Make a route that removes objects; an object that is not in the collection is ignored."""

        async def remove(request: web.Request) -> web.Response:
            collection = _collection_of(request)
            held, removed = self.held(collection), set(self.ids(request))
            held[:] = [identifier for identifier in held if identifier not in removed]
            return _touched(request, collection)

        return remove


def _touched(request: web.Request, collection: Collection) -> web.Response:
    context = context_of(request)
    collection.updated_at = context.state.now()
    return _answer(context, collection)


def _answer(context: Context, collection: Collection) -> web.Response:
    return json_answer({"collection": _collection(context, collection)})


def _collection(context: Context, collection: Collection) -> dict[str, Any]:
    assets, models = len(collection.asset_ids), len(collection.model_ids)
    return {
        "id": collection.id,
        "ownerId": OWNER_ID,
        "name": collection.name,
        "assetCount": assets,
        "modelCount": models,
        "itemCount": assets + models,
        "createdAt": collection.created_at,
        "updatedAt": collection.updated_at,
        **asset_link(context, thumbnail=collection.thumbnail_id),
    }


def _collection_of(request: web.Request) -> Collection:
    return find(context_of(request).state.collections, "Collection", request.match_info["collectionId"])


_ASSETS: Final = _Kind("assetIds", find_asset, lambda collection: collection.asset_ids)
_MODELS: Final = _Kind("modelIds", find_model, lambda collection: collection.model_ids)

ROUTES: Final = (
    web.post("/collections", create),
    web.get("/collections", list_all),
    web.get("/collections/{collectionId}", retrieve),
    web.put("/collections/{collectionId}", update),
    web.delete("/collections/{collectionId}", delete),
    web.put("/collections/{collectionId}/assets", _ASSETS.adding()),
    web.delete("/collections/{collectionId}/assets", _ASSETS.removing()),
    web.put("/collections/{collectionId}/models", _MODELS.adding()),
    web.delete("/collections/{collectionId}/models", _MODELS.removing()),
)
