"""Generate pictures with a model: its inputs, its price, and the job."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.base_models import BaseModel, base_model
from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.objects import Origin
from scenario_async.sandbox._internal.parameters import Fields, json_body, query_flag
from scenario_async.sandbox._internal.routes.answers import json_answer, present
from scenario_async.sandbox._internal.routes.dry_run import dry_run_answer, is_dry_run, price_fields
from scenario_async.sandbox._internal.routes.generations import Generation, start_generation
from scenario_async.sandbox._internal.routes.lookup import usable_model_of
from scenario_async.sandbox._internal.routes.model_inputs import accepted_inputs
from scenario_async.sandbox._internal.routes.parallel_jobs import check_parallel
from scenario_async.sandbox._internal.routes.running import job_answer

_MEGAPIXEL: Final = 1024 * 1024
_IP_DETECTION: Final = 1
"""The price of the check for intellectual property, in creative units; it is invented."""


async def run_model(request: web.Request) -> web.Response:
    """Generate pictures with a model of the type `custom`, public or not.

    A trained LoRA or a composition is refused as the target, with the service's message. It has to be in
    `loras` or `modelId` of a request to its base model.
    """
    model, context = usable_model_of(request), context_of(request)
    if model.type != "custom":
        # [recorded] Blender plugin, contracts of trained models: 400 in these words
        raise bad_request("Custom models only are supported for this endpoint")
    body = json_body(request)
    Fields(body, "body")
    base = base_model(model.id)
    inputs = await accepted_inputs(request, base, body)
    costs = _costs(request, base, inputs)
    if is_dry_run(request):
        return dry_run_answer(request, sum(costs.values()), costs)
    check_parallel(context, "parallel-generation", {"custom"}, context.settings.parallel_generations)
    job = start_generation(context, _generation(model.id, body, inputs, sum(costs.values())))
    return json_answer({"job": job_answer(context, job), **price_fields(job.cost, costs)})


def _costs(request: web.Request, base: BaseModel, inputs: Mapping[str, Any]) -> dict[str, float]:
    """Return the parts of a price, which depend on the number of pictures, and sometimes on width and height.

    Prices have fractions and add-ons. The check for intellectual property costs something even in a dry run.
    The numbers are invented.
    """
    declared = {one["name"]: one for one in base.inputs}
    number = inputs.get("numOutputs", 1)
    size = Decimal(1)
    if declared["width"].get("costImpact"):
        width, height = (inputs.get(side, declared[side]["default"]) for side in ("width", "height"))
        quarters = -(-4 * width * height // _MEGAPIXEL)
        size = max(Decimal(quarters) / 4, Decimal(1))
    costs = {"custom-generation": float(Decimal(str(base.cost)) * size * number)}
    # [recorded] a plugin of the team: an add-on
    if base.quality_gate:
        costs["quality-gate"] = base.quality_gate * number
    # [documented] official package, generate_run_model_params: it costs even in a dry run
    if query_flag(request, "ipDetection"):
        costs["ip-detection"] = _IP_DETECTION
    return costs


def _generation(model_id: str, body: Mapping[str, Any], inputs: Mapping[str, Any], cost: float) -> Generation:
    """Return what to draw. The job's input has the inputs of the request, and a seed only if it was given."""
    defaults = {one["name"]: one.get("default") for one in base_model(model_id).inputs}
    prompt = inputs.get("prompt")
    # [documented] docs: the response repeats the inputs
    shown = {name: inputs[name] for name in ("loras", "lorasScale") if name in inputs}
    # [documented] reference of GET /assets/{assetId}: a string
    if "seed" in inputs:
        shown["seed"] = str(inputs["seed"])
    metadata = {"modelId": model_id, **present(prompt=prompt), **shown}
    return Generation(
        type="custom",
        input={"modelId": model_id, **body},
        cost=cost,
        origin=Origin("txt2img", "txt2img", metadata),
        number=int(inputs.get("numOutputs", 1)),
        size=(int(inputs.get("width", defaults["width"])), int(inputs.get("height", defaults["height"]))),
        model_id=model_id,
    )


ROUTES: Final = (web.post("/generate/custom/{modelId}", run_model),)
