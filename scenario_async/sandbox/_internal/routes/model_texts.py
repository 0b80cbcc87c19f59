"""Descriptions, prompt guides and presets of a model."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.objects import Preset
from scenario_async.sandbox._internal.parameters import fields_of, required
from scenario_async.sandbox._internal.routes.answers import AUTHOR_ID, OWNER_ID, json_answer
from scenario_async.sandbox._internal.routes.lookup import find, model_of
from scenario_async.sandbox._internal.routes.model_inputs import models_used
from scenario_async.sandbox._internal.state import Model, new_id


async def retrieve_description(request: web.Request) -> web.Response:
    """Return a model's description. The sandbox finds no assets or models in it."""
    return _description(model_of(request))


async def update_description(request: web.Request) -> web.Response:
    """Set a model's description."""
    model = model_of(request)
    model.description = required(fields_of(request).text("description"), "description")
    return _description(model)


async def retrieve_prompt_guide(request: web.Request) -> web.Response:
    """Return the prompt guide of a model."""
    return _prompt_guide(model_of(request))


async def update_prompt_guide(request: web.Request) -> web.Response:
    """Set the prompt guide of a model."""
    model = model_of(request)
    model.prompt_guide = required(fields_of(request).text("promptGuide"), "promptGuide")
    return _prompt_guide(model)


async def create_preset(request: web.Request) -> web.Response:
    """Create a preset from a generation. `inferenceId` is the id of a job of this model."""
    model, context = model_of(request), context_of(request)
    fields = fields_of(request)
    job = find(context.state.jobs, "Inference", required(fields.text("inferenceId"), "inferenceId"))
    if model.id not in models_used({"modelId": job.model_id, **job.input}) or job.type != "custom":
        # [guess] a generation by another model is refused
        raise bad_request(f"{job.id} is not a generation of this model", field="inferenceId")
    is_default, now = fields.flag("isDefault") or False, context.state.now()
    preset = Preset(
        id=new_id("preset"),
        model_id=model.id,
        parameters={"prompt": "", "type": "txt2img", **job.input},
        is_default=is_default,
        created_at=now,
        updated_at=now,
    )
    model.presets[preset.id] = preset
    _make_default(model, preset, is_default=is_default)
    return json_answer({"preset": _preset(preset)})


async def list_presets(request: web.Request) -> web.Response:
    """List a model's presets."""
    return json_answer({"presets": [_preset(preset) for preset in model_of(request).presets.values()]})


async def update_preset(request: web.Request) -> web.Response:
    """Set or unset a preset as the default of its model."""
    model, preset = model_of(request), _preset_of(request)
    _make_default(model, preset, is_default=required(fields_of(request).flag("isDefault"), "isDefault"))
    preset.updated_at = context_of(request).state.now()
    return json_answer({"preset": _preset(preset)})


async def delete_preset(request: web.Request) -> web.Response:
    """Delete a preset."""
    del model_of(request).presets[_preset_of(request).id]
    return json_answer({})


def _make_default(model: Model, preset: Preset, *, is_default: bool) -> None:
    """At most one preset of a model is the default."""
    if is_default:
        for other in model.presets.values():
            other.is_default = False
    preset.is_default = is_default


def _preset_of(request: web.Request) -> Preset:
    return find(model_of(request).presets, "Preset", request.match_info["presetId"])


def _preset(preset: Preset) -> dict[str, Any]:
    return {
        "id": preset.id,
        "authorId": AUTHOR_ID,
        "ownerId": OWNER_ID,
        "modelId": preset.model_id,
        "parameters": preset.parameters,
        "isDefault": preset.is_default,
        "createdAt": preset.created_at,
        "updatedAt": preset.updated_at,
    }


def _description(model: Model) -> web.Response:
    return json_answer({"description": {"value": model.description, "assets": [], "models": []}})


def _prompt_guide(model: Model) -> web.Response:
    return json_answer({"promptGuide": {"value": model.prompt_guide}})


ROUTES: Final = (
    web.get("/models/{modelId}/description", retrieve_description),
    web.put("/models/{modelId}/description", update_description),
    web.get("/models/{modelId}/prompt-guide", retrieve_prompt_guide),
    web.put("/models/{modelId}/prompt-guide", update_prompt_guide),
    web.post("/models/{modelId}/presets", create_preset),
    web.get("/models/{modelId}/presets", list_presets),
    web.put("/models/{modelId}/presets/{presetId}", update_preset),
    web.delete("/models/{modelId}/presets/{presetId}", delete_preset),
)
