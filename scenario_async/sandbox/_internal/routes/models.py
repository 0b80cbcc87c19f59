"""Models."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.pagination import is_between, moment, page
from scenario_async.sandbox._internal.parameters import Fields, fields_of, required
from scenario_async.sandbox._internal.routes.answers import json_answer, model_answer, whole_model_answer
from scenario_async.sandbox._internal.routes.lookup import (
    collections_named,
    find_model,
    model_of,
    usable_model_of,
)

DEFAULT_NAME: Final = "Untitled model"
DEFAULT_TYPE: Final = "flux.1-lora"
# [documented] official package, model_list_params
DEFAULT_PAGE_SIZE: Final = 100
LARGEST_PAGE_SIZE: Final = 500
"""The page sizes of lists of models."""

# [documented] official package, model_create_params
MODEL_TYPES: Final = (
    "custom",
    "elevenlabs-voice",
    "flux.1",
    "flux.1-composition",
    "flux.1-kontext-dev",
    "flux.1-kontext-lora",
    "flux.1-krea-dev",
    "flux.1-krea-lora",
    "flux.1-lora",
    "flux.1-pro",
    "flux.1.1-pro-ultra",
    "flux.2-dev-edit-lora",
    "flux.2-dev-lora",
    "flux.2-klein-4b-edit-lora",
    "flux.2-klein-4b-lora",
    "flux.2-klein-9b-edit-lora",
    "flux.2-klein-9b-lora",
    "flux.2-klein-base-4b-edit-lora",
    "flux.2-klein-base-4b-lora",
    "flux.2-klein-base-9b-edit-lora",
    "flux.2-klein-base-9b-lora",
    "flux1.1-pro",
    "gpt-image-1",
    "qwen-image-2512-lora",
    "qwen-image-edit-2509-lora",
    "qwen-image-edit-2511-lora",
    "qwen-image-edit-lora",
    "qwen-image-lora",
    "zimage-de-turbo-lora",
    "zimage-lora",
    "zimage-turbo-lora",
)
"""The types of models."""

SHOWN_IN_LISTS: Final = 3
"""The number of training images and pairs of each model in a list, as documented by the service."""

# [documented] https://docs.scenario.com/api/resources/models/methods/create
LONGEST_NAME: Final = 64
LONGEST_DESCRIPTION: Final = 256

_FILTERS: Final = frozenset({"createdAfter", "createdBefore", "status", "type", "types"})
_STATUSES: Final = frozenset({"new", "training", "trained", "failed"})


async def create(request: web.Request) -> web.Response:
    """Create a model of one of the documented types."""
    fields = fields_of(request)
    fields.text("baseModelId")
    fields.text("classSlug")
    collections = collections_named(request, fields)
    context = context_of(request)
    model = context.state.add_model(
        name=fields.text("name", longest=LONGEST_NAME) or DEFAULT_NAME,
        type=fields.choice("type", MODEL_TYPES) or DEFAULT_TYPE,
        short_description=fields.text("shortDescription", longest=LONGEST_DESCRIPTION),
        concepts=_concepts(request, fields),
    )
    for collection in collections:
        collection.model_ids.append(model.id)
    return json_answer({"model": model_answer(context, model)})


async def list_all(request: web.Request) -> web.Response:
    """List the account's own models, each with the first few of its training images and pairs.

    An undocumented `status` is ignored.
    """
    context, query = context_of(request), request.query
    status, types = query.get("status"), {*query.getall("type", ()), *query.getall("types", ())}
    since, until = moment(request, "createdAfter"), moment(request, "createdBefore")
    # [documented] agent skills: a free status is ignored
    chosen = [
        model
        for model in context.state.models.values()
        if (status not in _STATUSES or model.status == status)
        and (not types or model.type in types)
        and is_between(model.created_at, since, until)
    ]
    models, more = page(
        request,
        chosen,
        filters=_FILTERS,
        default_size=DEFAULT_PAGE_SIZE,
        largest_size=LARGEST_PAGE_SIZE,
    )
    shown = [model_answer(context, model, most=SHOWN_IN_LISTS) for model in models]
    return json_answer({"models": shown, **more})


async def retrieve(request: web.Request) -> web.Response:
    """Return a model with its whole training set."""
    return json_answer({"model": whole_model_answer(context_of(request), usable_model_of(request))})


async def update(request: web.Request) -> web.Response:
    """Change a model's name, type, concepts or short description."""
    model = model_of(request)
    fields = fields_of(request)
    fields.refuse("epoch", "negativePromptEmbedding", "parameters", "promptEmbedding", "thumbnail")
    fields.text("classSlug")
    name, type_, concepts = (
        fields.text("name", longest=LONGEST_NAME),
        fields.choice("type", MODEL_TYPES),
        _concepts(request, fields),
    )
    short_description = fields.text("shortDescription", longest=LONGEST_DESCRIPTION)
    model.name = model.name if name is None else name
    model.type = model.type if type_ is None else type_
    model.concepts = model.concepts if concepts is None else concepts
    model.short_description = model.short_description if short_description is None else short_description
    model.updated_at = context_of(request).state.now()
    return json_answer({"model": model_answer(context_of(request), model)})


async def delete(request: web.Request) -> web.Response:
    """Delete a model, but not the assets that it was trained on."""
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
    web.get("/models", list_all),
    web.get("/models/{modelId}", retrieve),
    web.put("/models/{modelId}", update),
    web.delete("/models/{modelId}", delete),
)
