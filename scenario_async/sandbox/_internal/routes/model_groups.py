"""Operations on several models; copies, deletion, restoring and transfer of models."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.context import NO_CHANGE, Context, context_of
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.parameters import Fields, fields_of, required
from scenario_async.sandbox._internal.routes.answers import asset_answer, json_answer, model_answer
from scenario_async.sandbox._internal.routes.lookup import find, find_asset, model_of
from scenario_async.sandbox._internal.routes.model_inputs import models_used
from scenario_async.sandbox._internal.routes.models import SHOWN_IN_LISTS
from scenario_async.sandbox._internal.state import Model

MOST_AT_ONCE: Final = 100
"""The largest number of models in a request. The number is not documented."""

MOST_EXAMPLES: Final = 150
"""The largest number of examples of a model."""

_MINIMAL: Final = ("id", "name", "privacy", "status", "type")
_TRAINING: Final = ("trainingImagePairs", "trainingImages")


async def get_bulk(request: web.Request) -> web.Response:
    """Return the models with the given ids, in their order. Unknown ids are left out, which is a guess.

    The response has all training images or the first few, if the request asks for them.
    """
    request[NO_CHANGE] = True
    context, fields = context_of(request), fields_of(request)
    model_ids = required(fields.texts("modelIds"), "modelIds")
    if not 1 <= len(model_ids) <= MOST_AT_ONCE:
        # [guess] the number is not documented
        raise bad_request(f"modelIds must name from 1 to {MOST_AT_ONCE} models", field="modelIds")
    for flag in ("settings", "thumbnail"):
        fields.flag(flag)
    models = context.state.models
    found = [models[model_id] for model_id in dict.fromkeys(model_ids) if model_id in models]
    return json_answer({"models": [_in_bulk(context, model, fields) for model in found]})


def _in_bulk(context: Context, model: Model, fields: Fields) -> dict[str, Any]:
    every = fields.flag("allTrainingImages")
    shown = model_answer(context, model, most=None if every else SHOWN_IN_LISTS)
    if fields.flag("minimal"):
        return {name: shown[name] for name in _MINIMAL}
    if not every and not fields.flag("trainingImagesPreview"):
        return {name: value for name, value in shown.items() if name not in _TRAINING}
    return shown


async def copy(request: web.Request) -> web.Response:
    """Copy a model with its training set; the copy is trained if the original is trained."""
    model, context = model_of(request), context_of(request)
    fields = fields_of(request)
    as_trained, with_examples = fields.flag("copyAsTrained"), fields.flag("copyExamples")
    if as_trained and model.status != "trained":
        # [guess] a model that is not trained is refused
        raise bad_request(f"{model.id} is not trained", field="copyAsTrained")
    new = context.state.add_model(
        name=f"{model.name} (copy)",
        type=model.type,
        short_description=model.short_description,
        concepts=list(model.concepts),
    )
    now = context.state.now()
    new.attach((image.asset for image in model.training_images.values()), preset=None, now=now)
    new.pair(list(model.training_image_pairs), now=now)
    new.parent_id, new.tags, new.owner_id = model.id, list(model.tags), model.owner_id
    new.description, new.prompt_guide = model.description, model.prompt_guide
    if as_trained:
        new.status = "trained"
    if with_examples:
        new.example_ids = list(model.example_ids)
    return _answer(context, new)


async def restore(request: web.Request) -> web.Response:
    """Restore a deleted model, but not into its collections. A model that was not deleted is refused."""
    context, model_id = context_of(request), request.match_info["modelId"]
    state = context.state
    if model_id in state.models:
        # [guess] a model that was not deleted is refused
        raise bad_request(f"{model_id} is not deleted")
    model = find(state.deleted_models, "Model", model_id)
    restored = {**state.models, model_id: state.deleted_models.pop(model_id)}
    # Everything here is stored in the order of creation, which is the order of lists.
    state.models = dict(sorted(restored.items(), key=lambda item: item[1].sequence))
    model.updated_at = context.state.now()
    return _answer(context, model)


async def transfer(request: web.Request) -> web.Response:
    """Transfer a model to another project."""
    model, fields = model_of(request), fields_of(request)
    project_id = required(fields.text("destinationProjectId"), "destinationProjectId")
    team_id = fields.text("destinationTeamId")
    context = context_of(request)
    project = find(context.state.projects, "Project", project_id)
    if team_id not in {None, project.team_id}:
        # [guess] a project of another team is refused
        raise bad_request(f"{project_id} is not a project of {team_id}", field="destinationTeamId")
    model.owner_id = project.id
    return _answer(context, model)


async def delete_images(request: web.Request) -> web.Response:
    """Delete pictures that a model has generated, all or none."""
    model, state = model_of(request), context_of(request).state
    ids = request.query.getall("ids", [])
    if not ids:
        # [guess] an empty array is refused
        raise bad_request("ids is required", field="ids")
    for asset_id in ids:
        asset = find_asset(request, asset_id)
        if model.id not in models_used(asset.origin.metadata):
            # [guess] pictures of other models are refused
            raise bad_request(f"{asset_id} was not generated by this model", field="ids")
    for asset_id in set(ids):
        state.delete_asset(asset_id)
    return json_answer({})


async def list_examples(request: web.Request) -> web.Response:
    """List a model's examples."""
    return _examples(context_of(request), model_of(request))


async def update_examples(request: web.Request) -> web.Response:
    """Replace the examples of a model."""
    model = model_of(request)
    asset_ids = required(fields_of(request).texts("assetIds"), "assetIds")
    if len(asset_ids) > MOST_EXAMPLES:
        # [documented] official package, models/example_update_params: at most 150
        raise bad_request(f"assetIds must name at most {MOST_EXAMPLES} assets", field="assetIds")
    model.example_ids = [find_asset(request, asset_id).id for asset_id in dict.fromkeys(asset_ids)]
    return _examples(context_of(request), model)


def _examples(context: Context, model: Model) -> web.Response:
    assets = context.state.assets
    examples = [
        {"asset": asset_answer(context, assets[asset_id]), "modelId": model.id}
        for asset_id in model.example_ids
        if asset_id in assets
    ]
    return json_answer({"examples": examples})


def _answer(context: Context, model: Model) -> web.Response:
    return json_answer({"model": model_answer(context, model)})


ROUTES: Final = (
    web.post("/models/get-bulk", get_bulk),
    web.post("/models/{modelId}/copy", copy),
    web.post("/models/{modelId}/restore", restore),
    web.post("/models/{modelId}/transfer", transfer),
    web.delete("/models/{modelId}/images", delete_images),
    web.get("/models/{modelId}/examples", list_examples),
    web.put("/models/{modelId}/examples", update_examples),
)
