"""Models."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox.context import context_of
from scenario_async.sandbox.pagination import page
from scenario_async.sandbox.parameters import Fields, fields_of, required
from scenario_async.sandbox.routes.answers import json_answer, model_answer
from scenario_async.sandbox.routes.lookup import collections_named, find_model, model_of
from scenario_async.sandbox.state import timestamp

DEFAULT_NAME: Final = "Untitled model"
DEFAULT_TYPE: Final = "flux.1-lora"
SHOWN_IN_LISTS: Final = 3
"""How many training images and pairs of each model a list shows, as the service documents."""


async def create(request: web.Request) -> web.Response:
    """Create a model. Any string is taken as its type: the service's list of types grows."""
    fields = fields_of(request)
    fields.text("baseModelId")
    fields.text("classSlug")
    collections = collections_named(request, fields)
    context = context_of(request)
    model = context.state.add_model(
        name=fields.text("name") or DEFAULT_NAME,
        type=fields.text("type") or DEFAULT_TYPE,
        short_description=fields.text("shortDescription"),
        concepts=_concepts(request, fields),
    )
    for collection in collections:
        collection.model_ids.append(model.id)
    return json_answer({"model": model_answer(context, model)})


async def list_all(request: web.Request) -> web.Response:
    """List models, each with the first few of its training images and pairs."""
    context = context_of(request)
    models, more = page(request, context.state.models.values())
    shown = [model_answer(context, model, most=SHOWN_IN_LISTS) for model in models]
    return json_answer({"models": shown, **more})


async def retrieve(request: web.Request) -> web.Response:
    """Answer a model with its whole training set."""
    return json_answer({"model": model_answer(context_of(request), model_of(request))})


async def update(request: web.Request) -> web.Response:
    """Change a model's name, type, concepts or short description."""
    model = model_of(request)
    fields = fields_of(request)
    fields.refuse("epoch", "negativePromptEmbedding", "parameters", "promptEmbedding", "thumbnail")
    fields.text("classSlug")
    name, type_, concepts = fields.text("name"), fields.text("type"), _concepts(request, fields)
    short_description = fields.text("shortDescription")
    model.name = model.name if name is None else name
    model.type = model.type if type_ is None else type_
    model.concepts = model.concepts if concepts is None else concepts
    model.short_description = model.short_description if short_description is None else short_description
    model.updated_at = timestamp()
    return json_answer({"model": model_answer(context_of(request), model)})


async def delete(request: web.Request) -> web.Response:
    """Delete a model. The assets that it was trained on stay."""
    state, model = context_of(request).state, model_of(request)
    state.deleted_models[model.id] = state.models.pop(model.id)
    for collection in state.collections.values():
        if model.id in collection.model_ids:
            collection.model_ids.remove(model.id)
    return json_answer({})


def _concepts(request: web.Request, fields: Fields) -> list[dict[str, Any]] | None:
    """The models that a composition consists of; each must exist."""
    entries = fields.array("concepts")
    if entries is None:
        return None
    concepts: list[dict[str, Any]] = []
    for entry in entries:
        concept = Fields(entry, "each of concepts")
        concept.refuse("modelEpoch")
        model_id = required(concept.text("modelId"), "modelId")
        scale = required(concept.number("scale"), "scale")
        find_model(request, model_id)
        concepts.append({"modelId": model_id, "scale": scale})
    return concepts


ROUTES: Final = (
    web.post("/models", create),
    web.get("/models", list_all, allow_head=False),
    web.get("/models/{modelId}", retrieve, allow_head=False),
    web.put("/models/{modelId}", update),
    web.delete("/models/{modelId}", delete),
)
