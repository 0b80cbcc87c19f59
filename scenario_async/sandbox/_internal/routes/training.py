"""The training of models."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.context import Context, context_of
from scenario_async.sandbox._internal.drawing import draw
from scenario_async.sandbox._internal.errors import bad_request, cooling_down
from scenario_async.sandbox._internal.jobs import Job
from scenario_async.sandbox._internal.objects import Origin
from scenario_async.sandbox._internal.parameters import fields_of, required
from scenario_async.sandbox._internal.routes.answers import json_answer, model_answer
from scenario_async.sandbox._internal.routes.dry_run import dry_run_answer, is_dry_run, price_fields
from scenario_async.sandbox._internal.routes.jobs import cancel
from scenario_async.sandbox._internal.routes.lookup import model_of
from scenario_async.sandbox._internal.routes.parallel_jobs import check_parallel
from scenario_async.sandbox._internal.routes.running import announce, job_answer, start_job
from scenario_async.sandbox._internal.routes.training_parameters import (
    DEFAULT_EPOCHS,
    image_count,
    is_edit_model,
    training_cost,
    training_parameters,
)
from scenario_async.sandbox._internal.state import Epoch, Model

FEWEST_PAIRS: Final = 2
"""The number of pairs that an edit model needs."""

_TRAINING_JOBS: Final = frozenset({"flux-model-training", "model-training"})
_SAMPLE_SIDE: Final = 256
"""The width and height of the sample pictures of an epoch, in pixels."""


async def trigger(request: web.Request) -> web.Response:
    """Train a model on its training set.

    An empty training set is refused, and so is an edit model with fewer than two pairs. The service only
    recommends 5 to 15 images, so fewer images are accepted. If a training is running, a second one is refused
    with the service's message. It is unknown whether the service trains a trained model again; the sandbox
    refuses it.
    """
    model, context = model_of(request), context_of(request)
    parameters = training_parameters(request, model, fields_of(request))
    if is_dry_run(request):
        cost = training_cost(image_count(request, model), parameters)
        return dry_run_answer(request, cost, {"train-model": cost})
    _check(context, model)
    cost = training_cost(len(model.training_images), parameters)
    job = _start(context, model, parameters, cost)
    answer = {
        "job": job_answer(context, job),
        "model": model_answer(context, model),
        **price_fields(cost, {"train-model": cost}),
    }
    return json_answer(answer)


def _start(context: Context, model: Model, parameters: Mapping[str, Any], cost: float) -> Job:
    """Start the training's job, which changes the model when it ends."""

    def finish() -> Mapping[str, Any]:
        model.status, model.epochs = "trained", _epochs(context, model, parameters)
        announce(context, "model.training.completed", {"modelId": model.id})
        return {"output": {"modelId": model.id}, "outputModelId": model.id}

    def abandon() -> None:
        model.status = "training-canceled"
        announce(context, "model.training.cancelled", {"modelId": model.id})

    def fail() -> None:
        model.status = "failed"
        announce(context, "model.training.failed", {"modelId": model.id})

    job = start_job(
        context,
        "flux-model-training" if model.type.startswith("flux") else "model-training",
        input={"modelId": model.id, "parameters": parameters},
        cost=cost,
        finish=finish,
        abandon=abandon,
        fail=fail,
        duration=context.settings.training_duration,
        model_id=model.id,
    )
    model.status, model.training_job_id, model.training_parameters = "training", job.id, dict(parameters)
    model.epochs = []
    # [documented] docs: an empty description is generated when the training starts
    model.short_description = model.short_description or f"{len(model.training_images)} pictures"
    announce(context, "model.training.started", {"modelId": model.id})
    return job


def _epochs(context: Context, model: Model, parameters: Mapping[str, Any]) -> list[Epoch]:
    """Create the epochs, each with a picture for each sample prompt, for FLUX LoRAs only."""
    # [documented] official package, model_retrieve_response
    if not model.type.startswith("flux"):
        return []
    prompts: list[str] = parameters.get("samplePrompts", [])
    return [
        Epoch(str(number), [_sample(context, model, prompt, number) for prompt in prompts])
        for number in range(1, parameters.get("nbEpochs", DEFAULT_EPOCHS) + 1)
    ]


def _sample(context: Context, model: Model, prompt: str, epoch: int) -> str:
    keep = context.settings.keep_bytes
    picture = draw(f"{model.id} {prompt} {epoch}", width=_SAMPLE_SIDE, height=_SAMPLE_SIDE, keep=keep)
    origin = Origin("txt2img", "txt2img", {"modelId": model.id, "prompt": prompt})
    return context.state.add_asset(picture, name=f"epoch-{epoch}.png", is_hidden=True, origin=origin).id


async def action(request: web.Request) -> web.Response:
    """Cancel the training of a model. A model that is not in training is refused."""
    model, context = model_of(request), context_of(request)
    required(fields_of(request).choice("action", ("cancel",)), "action")
    if model.training_job_id is None:
        # [guess] a model that is not in training is refused
        raise bad_request(f"{model.id} is not being trained")
    cancel(request, context.state.jobs[model.training_job_id])
    return json_answer({"model": model_answer(context, model)})


def _check(context: Context, model: Model) -> None:
    if model.status in {"trained", "training"}:
        # [documented] agent skills, training: 400 `Model is already training`; for a trained model it is a
        # guess
        raise bad_request(f"Model is already {model.status}")
    if not model.type.endswith("-lora"):
        # [guess] only the documented types can be trained
        raise bad_request(f"A model of the type {model.type} cannot be trained")
    if not model.training_images:
        # [guess] an empty set is refused
        raise bad_request("The model has no training images")
    if is_edit_model(model) and len(model.training_image_pairs) < FEWEST_PAIRS:
        # [documented] agent skills, dataset curation: an edit model needs two pairs
        raise bad_request(f"A model of the type {model.type} needs at least {FEWEST_PAIRS} pairs")
    _check_cooldown(context, model)
    check_parallel(context, "parallel-training", _TRAINING_JOBS, context.settings.parallel_trainings)


def _check_cooldown(context: Context, model: Model) -> None:
    """Refuse to train a model again too soon, with the remaining seconds."""
    if model.training_job_id is None:
        return
    launched = context.state.jobs[model.training_job_id].created
    remaining = launched + context.settings.training_cooldown - context.clock.now()
    if remaining > 0:
        # [documented] agent skills, training: a cool-down with `remainingSeconds`
        raise cooling_down(math.ceil(remaining), in_details=True)


ROUTES: Final = (
    web.put("/models/{modelId}/train", trigger),
    web.post("/models/{modelId}/train/action", action),
)
