"""The training images of a model, and their pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NoReturn

from aiohttp import web
from attrs import frozen

from scenario_async.sandbox._internal.context import Context, context_of
from scenario_async.sandbox._internal.errors import (
    already_attached,
    bad_request,
    forbidden,
    model_in_training,
    plan_limit_reached,
)
from scenario_async.sandbox._internal.parameters import Fields, fields_of, json_body, not_empty, required
from scenario_async.sandbox._internal.routes.answers import json_answer, pair_answer, training_image_answer
from scenario_async.sandbox._internal.routes.lookup import find_asset, model_of, training_image_of
from scenario_async.sandbox._internal.state import Asset, Model, Picture, TrainingImage, TrainingImagePair

LARGEST_GROUP: Final = 10
PRESETS: Final = ("default", "style", "subject")


@frozen(kw_only=True)
class _Source:
    """The images of a request: existing assets, or a picture in the body."""

    preset: str | None
    asset_ids: Sequence[str] = ()
    is_group: bool = False
    picture: Picture | None = None
    name: str | None = None


async def add(request: web.Request) -> web.Response:
    """Attach assets, or a picture in the body, to a model.

    All assets of a group are attached, or none of them. It is unknown whether the service does the same. An
    asset that is attached already is refused for this reason even if the plan's limit is reached.
    """
    source = await _source(request)
    context = context_of(request)
    model = _changeable_model_of(request)
    assets = _existing(request, model, source)
    own_limit, count = model.training_image_limit, len(model.training_images)
    limit = context.settings.training_image_limit if own_limit is None else own_limit
    if count + (len(assets) or 1) > limit:
        # [documented] docs or tooling: a limit of the plan, which depends on the plan
        raise plan_limit_reached(limit=limit, value=count)
    images = model.attach(assets or [_new(context, source)], preset=source.preset, now=context.state.now())
    return _answer(context, source, images)


async def replace(request: web.Request) -> web.Response:
    """Replace a training image by another one.

    The service documents that `assetIds` is accepted here too, but not the effect of several ids. The sandbox
    refuses more than one. Pairs with the old image are removed, because a pair must consist of training
    images. What the service does with them is unknown.
    """
    source = await _source(request)
    if len(source.asset_ids) > 1:
        # [guess] a group cannot replace a single image
        raise bad_request("A training image can be replaced by one asset only", field="assetIds")
    context = context_of(request)
    model = _changeable_model_of(request)
    replaced = training_image_of(request, model)
    assets = _existing(request, model, source)
    asset = assets[0] if assets else _new(context, source)
    new = model.replace(replaced.id, asset, preset=source.preset, now=context.state.now())
    return _answer(context, source, [new])


async def delete(request: web.Request) -> web.Response:
    """Remove an image from a training set, but do not delete the asset."""
    model = _changeable_model_of(request)
    model.detach(training_image_of(request, model).id, now=context_of(request).state.now())
    return json_answer({})


async def replace_pairs(request: web.Request) -> web.Response:
    """Replace all pairs by those of a JSON array.

    Both ids are required, although the API marks neither as required. A pair of an image with itself is
    refused, and so is a pair that occurs twice. What the service does with these is unknown.
    """
    model = _changeable_model_of(request)
    entries = Fields({"body": json_body(request)}, "request").array("body") or []
    pairs = [_pair(model, entry) for entry in entries]
    if len({(pair.source_id, pair.target_id) for pair in pairs}) < len(pairs):
        # [guess] a repeated pair is refused
        raise bad_request("The same pair is in the array twice")
    model.pair(pairs, now=context_of(request).state.now())
    return json_answer({"count": len(pairs), "pairs": [pair_answer(pair) for pair in pairs]})


async def list_all(_: web.Request) -> NoReturn:
    """Refuse with 403: users report that the service does this for API keys."""
    # [seen] a user's report: 403 for API keys
    raise forbidden("This operation is not open to API keys")


async def _source(request: web.Request) -> _Source:
    """Read from the body which images to attach.

    The service documents that it ignores `data` and `name` if there is an `assetId`, and that `assetIds`
    cannot be combined with any of the three. A `caption` in the body is ignored like any unknown field.
    """
    fields = fields_of(request)
    preset = fields.choice("preset", PRESETS)
    asset_id, data, name = fields.text("assetId"), fields.text("data"), fields.text("name")
    if "assetIds" in fields:
        return _Source(asset_ids=_group(fields), is_group=True, preset=preset)
    if asset_id is not None:
        return _Source(asset_ids=[asset_id], preset=preset)
    if data is None:
        # [guess] a request without a picture or an asset is refused
        raise bad_request("One of assetId, assetIds and data is required")
    picture = await context_of(request).pictures.from_data_url(data, parameter="data")
    return _Source(picture=picture, name=name, preset=preset)


def _changeable_model_of(request: web.Request) -> Model:
    """The model that the path names, unless it is in training."""
    model = model_of(request)
    if model.status == "training":
        # [guess] a model in training cannot be changed
        raise model_in_training()
    return model


def _group(fields: Fields) -> list[str]:
    asset_ids = fields.texts("assetIds") or []
    for other in ("assetId", "data", "name"):
        if other in fields:
            # [documented] official package, models/training_image_add_params: they exclude each other
            raise bad_request(f"assetIds cannot be used with {other}", field="assetIds")
    if len(asset_ids) > LARGEST_GROUP:
        # [documented] docs or tooling: more than 10 are refused with this message
        raise bad_request("Too many assetIds provided in a single request", field="assetIds")
    if len(set(not_empty(asset_ids, "assetIds"))) < len(asset_ids):
        # [guess] a repeated asset is refused
        raise bad_request("assetIds must not name an asset twice", field="assetIds")
    return asset_ids


def _existing(request: web.Request, model: Model, source: _Source) -> list[Asset]:
    """The assets of a request; each must exist and must not be attached to the model."""
    assets = [find_asset(request, asset_id) for asset_id in source.asset_ids]
    if any(asset.id in model.training_images for asset in assets):
        # [documented] docs or tooling: 400; it is a guess that the whole group is refused
        raise already_attached()
    return assets


def _new(context: Context, source: _Source) -> Asset:
    """Create an asset from a picture in the body; each repetition of the request creates another one."""
    return context.state.add_asset(required(source.picture, "data"), name=source.name)


def _answer(context: Context, source: _Source, images: Sequence[TrainingImage]) -> web.Response:
    answers = [training_image_answer(context, image) for image in images]
    if not source.is_group or context.settings.group_answer == "first":
        return json_answer({"trainingImage": answers[0]})
    return json_answer({"trainingImages": answers} if context.settings.group_answer == "all" else {})


def _pair(model: Model, entry: Any) -> TrainingImagePair:
    fields = Fields(entry, "Each pair")
    pair = TrainingImagePair(
        source_id=required(fields.text("sourceId"), "sourceId"),
        target_id=required(fields.text("targetId"), "targetId"),
        instruction=fields.text("instruction"),
    )
    for name, asset_id in (("sourceId", pair.source_id), ("targetId", pair.target_id)):
        if asset_id not in model.training_images:
            # [documented] official package, models/training_image_replace_pairs_params: they must be training
            # assets
            raise bad_request(f"{asset_id} is not a training image of this model", field=name)
    if pair.source_id == pair.target_id:
        # [guess] a pair of an image with itself is refused
        raise bad_request("The source and the target of a pair must differ", field="targetId")
    return pair


ROUTES: Final = (
    web.post("/models/{modelId}/training-images", add),
    web.get("/models/{modelId}/training-images", list_all),
    # Before the next route, whose template also matches this path.
    web.put("/models/{modelId}/training-images/pairs", replace_pairs),
    web.put("/models/{modelId}/training-images/{trainingImageId}", replace),
    web.delete("/models/{modelId}/training-images/{trainingImageId}", delete),
)
