"""Generations of pictures. The sandbox draws its own pictures, which do not show the prompt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from aiohttp import web
from attrs import frozen

from scenario_async.sandbox._internal.context import Context, context_of
from scenario_async.sandbox._internal.drawing import draw
from scenario_async.sandbox._internal.jobs import Job
from scenario_async.sandbox._internal.objects import Origin
from scenario_async.sandbox._internal.parameters import fields_of, json_body, required
from scenario_async.sandbox._internal.routes.answers import json_answer
from scenario_async.sandbox._internal.routes.dry_run import dry_run_answer, is_dry_run, price_fields
from scenario_async.sandbox._internal.routes.request_pictures import picture_named
from scenario_async.sandbox._internal.routes.running import announce, job_answer, start_job
from scenario_async.sandbox._internal.state import Asset

DEFAULT_SIDE: Final = 512
LARGEST_SIDE: Final = 2048
"""The limits of a generated picture in pixels; the service has its own limits for each model."""

COST_PER_PICTURE: Final = 5
"""The price in creative units. It is invented; the service's prices depend on the model and change."""

MODALITIES: Final = (
    "canny",
    "depth",
    "grayscale",
    "lineart_anime",
    "mlsd",
    "normal",
    "pose",
    "scribble",
    "segmentation",
    "sketch",
)


async def detect(request: web.Request) -> web.Response:
    """Create a picture of detected features, with the size of the input."""
    fields = fields_of(request)
    modality = required(fields.choice("modality", MODALITIES), "modality")
    origin = Origin("detection", "detection", {"modality": modality})
    return await _derive(request, "detection", origin, cost=COST_PER_PICTURE)


async def patch(request: web.Request) -> web.Response:
    """Patch a picture. The sandbox draws a new one with the same size, or with the size of the crop."""
    fields = fields_of(request)
    for name in ("patch", "position"):
        fields.object(name)
    fields.refuse("format")
    return await _derive(request, "patch-image", Origin("patch", "patch"), cost=0)


@frozen(kw_only=True)
class Generation:
    """A generation to carry out.

    Attributes:
        type: The type of its job.
        input: The inputs of the request; the colours of the pictures depend on them.
        cost: Its price in creative units.
        origin: The source in the metadata of the pictures.
        number: The number of pictures.
        size: Their width and height in pixels.
        parent_id: The asset that they are derived from.
        model_id: The model that generates them.
        workflow_id: The workflow that generates them.
    """

    type: str
    input: Mapping[str, Any]
    cost: float
    origin: Origin
    number: int = 1
    size: tuple[int, int] = (DEFAULT_SIDE, DEFAULT_SIDE)
    parent_id: str | None = None
    model_id: str | None = None
    workflow_id: str | None = None


def start_generation(context: Context, generation: Generation) -> Job:
    """Start a job that creates pictures."""

    def finish() -> Mapping[str, Any]:
        asset_ids = [_make(context, generation, job.id, index).id for index in range(generation.number)]
        announce(context, "generation.completed", {"jobId": job.id})
        return {"assetIds": asset_ids, "output": {"assetIds": asset_ids}}

    job = start_job(
        context,
        generation.type,
        input=generation.input,
        cost=generation.cost,
        finish=finish,
        model_id=generation.model_id,
        workflow_id=generation.workflow_id,
    )
    announce(context, "generation.created", {"jobId": job.id})
    return job


def _make(context: Context, generation: Generation, job_id: str, index: int) -> Asset:
    """Create one picture as an asset."""
    about = orjson.dumps([generation.input, index], option=orjson.OPT_SORT_KEYS).decode()
    width, height = generation.size
    picture = draw(about, width=width, height=height, keep=context.settings.keep_bytes)
    origin = generation.origin
    metadata = {**origin.metadata, "parentJobId": job_id, "outputIndex": index}
    return context.state.add_asset(
        picture,
        name=f"{index}.png",
        parent_id=generation.parent_id,
        origin=Origin(origin.source, origin.type, metadata),
    )


async def _derive(request: web.Request, job_type: str, origin: Origin, *, cost: float) -> web.Response:
    """Create a picture from the field `image`: an asset's id or a data URL."""
    context, fields = context_of(request), fields_of(request)
    image, crop = required(fields.text("image"), "image"), fields.object("crop")
    width, height = (crop.whole_number(side, lowest=1, highest=LARGEST_SIDE) for side in ("width", "height"))
    picture, asset = await picture_named(request, image, "image")
    if is_dry_run(request):
        return dry_run_answer(request, cost)
    generation = Generation(
        type=job_type,
        # A picture in the request is not stored with the job, because it may be large.
        input={**json_body(request), "image": picture.stored.sha256 if asset is None else asset.id},
        cost=cost,
        origin=origin,
        size=(_side(width, picture.width), _side(height, picture.height)),
        parent_id=None if asset is None else asset.id,
    )
    job = start_generation(context, generation)
    return json_answer({"job": job_answer(context, job), **price_fields(cost)})


def _side(wanted: int | None, given: int | None) -> int:
    return wanted or min(given or DEFAULT_SIDE, LARGEST_SIDE)


ROUTES: Final = (
    web.post("/generate/detect", detect),
    web.post("/generate/patch", patch),
)
