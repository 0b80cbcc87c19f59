"""The training of models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox.context import context_of
from scenario_async.sandbox.errors import bad_request
from scenario_async.sandbox.parameters import fields_of, required
from scenario_async.sandbox.routes.answers import json_answer, model_answer
from scenario_async.sandbox.routes.dry_run import dry_run_answer, is_dry_run
from scenario_async.sandbox.routes.jobs import cancel
from scenario_async.sandbox.routes.lookup import model_of
from scenario_async.sandbox.routes.running import announce, job_answer, start_job
from scenario_async.sandbox.state import Model

FEWEST_PAIRS: Final = 2
"""How many pairs an edit model needs, as the service documents."""

COST: Final = 50
COST_PER_IMAGE: Final = 5
"""Prices in creative units. They are made up: the service's own depend on the plan and change."""


async def trigger(request: web.Request) -> web.Response:
    """Train a model on its training set.

    An empty set is refused, and an edit model with fewer than two pairs. The service only recommends 5 to 15
    images, so fewer are taken. `trainingImagesCount` is looked at by a dry run alone, to tell a price
    before there are images. Whether the service trains a trained model again is unknown; here it is refused.
    """
    model, context = model_of(request), context_of(request)
    parameters = fields_of(request).mapping("parameters") or {}
    if is_dry_run(request):
        return dry_run_answer(request, _cost(_count(request, model)))
    _check(model)
    cost = _cost(len(model.training_images))

    def finish() -> Mapping[str, Any]:
        model.status = "trained"
        announce(context, "model.training.completed", {"modelId": model.id})
        return {"output": {"modelId": model.id}, "outputModelId": model.id}

    def abandon() -> None:
        model.status = "training-canceled"
        announce(context, "model.training.cancelled", {"modelId": model.id})

    job = start_job(
        context,
        _job_type(model),
        input={"modelId": model.id, "parameters": parameters},
        cost=cost,
        finish=finish,
        abandon=abandon,
        duration=context.settings.training_duration,
        model_id=model.id,
    )
    model.status, model.training_job_id, model.training_parameters = "training", job.id, parameters
    announce(context, "model.training.started", {"modelId": model.id})
    answer = {
        "job": job_answer(context, job),
        "model": model_answer(context, model),
        "creativeUnitsCost": cost,
        "creativeUnitsDiscount": 0,
        "costDetails": {"train-model": cost},
    }
    return json_answer(answer)


async def action(request: web.Request) -> web.Response:
    """Cancel the training of a model. A model that is not being trained is refused."""
    model, context = model_of(request), context_of(request)
    required(fields_of(request).choice("action", ("cancel",)), "action")
    if model.training_job_id is None:
        raise bad_request(f"{model.id} is not being trained")
    cancel(request, context.state.jobs[model.training_job_id])
    return json_answer({"model": model_answer(context, model)})


def is_edit_model(model: Model) -> bool:
    """Whether a model learns to edit, from pairs, as the name of its type tells."""
    return "-edit-" in model.type or "-kontext-" in model.type


def _check(model: Model) -> None:
    if model.status in {"trained", "training"}:
        raise bad_request(f"{model.id} is {model.status}")
    if not model.training_images:
        raise bad_request("The model has no training images")
    if is_edit_model(model) and len(model.training_image_pairs) < FEWEST_PAIRS:
        raise bad_request(f"A model of the type {model.type} needs at least {FEWEST_PAIRS} pairs")


def _count(request: web.Request, model: Model) -> int:
    text = request.query.get("trainingImagesCount", str(len(model.training_images)))
    if not (text.isascii() and text.isdigit()):
        raise bad_request("trainingImagesCount must be a whole number", field="trainingImagesCount")
    return int(text)


def _cost(images: int) -> int:
    return COST + COST_PER_IMAGE * images


def _job_type(model: Model) -> str:
    return "flux-model-training" if model.type.startswith("flux") else "model-training"


ROUTES: Final = (
    web.put("/models/{modelId}/train", trigger),
    web.post("/models/{modelId}/train/action", action),
)
