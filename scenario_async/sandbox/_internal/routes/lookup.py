"""Find the objects of a request; an object that does not exist causes a 404."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from aiohttp import web

from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.errors import forbidden, not_found
from scenario_async.sandbox._internal.objects import Collection
from scenario_async.sandbox._internal.parameters import Fields
from scenario_async.sandbox._internal.state import Asset, Model, TrainingImage, Upload

T = TypeVar("T")


def model_of(request: web.Request) -> Model:
    """The model that the path names."""
    return find_model(request, request.match_info["modelId"])


def find_model(request: web.Request, model_id: str) -> Model:
    """The model with an id, which must be the account's own. A public one causes a 403."""
    state = context_of(request).state
    if model_id in state.public_models:
        # [guess] a public model cannot be changed
        raise forbidden(f"{model_id} is a public model and cannot be used here")
    return find(state.models, "Model", model_id)


def usable_model_of(request: web.Request) -> Model:
    """The model that the path names, the account's own or a public one."""
    state, model_id = context_of(request).state, request.match_info["modelId"]
    return state.public_models.get(model_id) or find(state.models, "Model", model_id)


def training_image_of(request: web.Request, model: Model) -> TrainingImage:
    """The training image that the path names."""
    return find(model.training_images, "Training image", request.match_info["trainingImageId"])


def asset_of(request: web.Request) -> Asset:
    """The asset that the path names."""
    return find_asset(request, request.match_info["assetId"])


def find_asset(request: web.Request, asset_id: str) -> Asset:
    """The asset with an id."""
    return find(context_of(request).state.assets, "Asset", asset_id)


def upload_of(request: web.Request) -> Upload:
    """The upload that the path names."""
    return find(context_of(request).state.uploads, "Upload", request.match_info["uploadId"])


def collections_named(request: web.Request, fields: Fields) -> list[Collection]:
    """The collections for a new object; each must exist."""
    collections = context_of(request).state.collections
    return [
        find(collections, "Collection", collection_id)
        for collection_id in dict.fromkeys(fields.texts("collectionIds") or ())
    ]


def find(things: Mapping[str, T], what: str, identifier: str) -> T:
    """The object with an id; an error calls it `what`."""
    thing = things.get(identifier)
    if thing is None:
        # [guess] the status is HTTP's, the message is the sandbox's own
        raise not_found(what, identifier)
    return thing
