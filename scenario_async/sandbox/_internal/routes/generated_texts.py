"""Generations of text or numbers. The response has the result and a job that has ended."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.parameters import Fields, fields_of, json_body, not_empty, required
from scenario_async.sandbox._internal.routes.accounts import SENSITIVITIES
from scenario_async.sandbox._internal.routes.answers import asset_answer, json_answer
from scenario_async.sandbox._internal.routes.dry_run import dry_run_answer, is_dry_run, price_fields
from scenario_async.sandbox._internal.routes.lookup import find_model
from scenario_async.sandbox._internal.routes.request_pictures import names_of_pictures, picture_named
from scenario_async.sandbox._internal.routes.running import job_answer, start_job
from scenario_async.sandbox._internal.state import automatic_caption

COST: Final = 1
"""The price of each text in creative units. Prices are invented; the service's prices change."""

DIMENSIONS: Final = 16
"""The length of an embedding. The service's embeddings are longer."""

MOST_RESULTS: Final = 5
MODES: Final = ("completion", "contextual", "contextual-v2", "image-editing", "inventive", "structured")


async def caption(request: web.Request) -> web.Response:
    """Caption pictures, each by its name."""
    fields = fields_of(request)
    required(fields.texts("images"), "images")
    names = await _pictures(request, fields)
    details = fields.choice("detailsLevel", ("action", "action+style")) or "action"
    return _answer(
        request,
        "caption",
        {"captions": [automatic_caption(name) for name in names], "detailsLevel": details},
    )


async def describe_style(request: web.Request) -> web.Response:
    """Describe the style of pictures, or of a model's training set."""
    fields = fields_of(request)
    model_id = fields.text("modelId")
    if model_id is None:
        names = await _pictures(request, fields)
    else:
        names = [image.asset.name for image in find_model(request, model_id).training_images.values()]
    description = f"The style of {', '.join(names)}"
    return _answer(
        request, "describe-style", {"description": description, "synthesis": f"{len(names)} pictures"}
    )


async def prompt(request: web.Request) -> web.Response:
    """Generate prompts from a prompt."""
    fields = fields_of(request)
    mode = required(fields.choice("mode", MODES), "mode")
    number = fields.whole_number("numResults", lowest=1, highest=MOST_RESULTS) or 1
    await names_of_pictures(request, fields)
    beginning = fields.text("prompt") or "a picture"
    prompts = [f"{beginning}, variation {index}" for index in range(1, number + 1)]
    return _answer(request, "generate-prompt", {"prompts": prompts, "mode": mode})


async def translate(request: web.Request) -> web.Response:
    """Translate a prompt: the sandbox assumes that everything is English."""
    text = required(fields_of(request).text("prompt"), "prompt")
    return _answer(request, "translate", {"translation": text, "detectedLanguage": "en"})


async def embed(request: web.Request) -> web.Response:
    """Compute an embedding of a text, which depends only on the text."""
    text = required(fields_of(request).text("text"), "text")
    digest = hashlib.sha256(text.encode()).digest()
    return _answer(request, "embed", {"embedding": [byte / 255 for byte in digest[:DIMENSIONS]]})


async def ip_detection(request: web.Request) -> web.Response:
    """Detect third-party intellectual property: the sandbox finds none."""
    fields = fields_of(request)
    asset_ids, prompts = fields.texts("assetIds") or [], fields.texts("prompts") or []
    if not asset_ids and not prompts:
        # [documented] official package, generate_ip_detection_params: one of them is required
        raise bad_request("One of assetIds and prompts is required")
    assets = context_of(request).state.assets
    skipped = [asset_id for asset_id in asset_ids if asset_id not in assets]
    if is_dry_run(request):
        return dry_run_answer(request, COST)
    found: dict[str, Any] = {
        "action": "allowed",
        "analyzedImagesCount": len(asset_ids) - len(skipped),
        "creativeUnitsCharged": COST,
        "evaluatedFilters": 0,
        "findings": [],
        "flagged": False,
    }
    return json_answer({"ipDetection": found, "skippedAssetIds": skipped})


async def quality_gate(request: web.Request) -> web.Response:
    """Check the quality of an asset: in the sandbox, all assets pass."""
    fields = fields_of(request)
    _, asset = await picture_named(request, required(fields.text("image"), "image"), "image")
    if asset is None:
        # [sandbox] a data URL is documented too; the sandbox does not imitate it
        raise bad_request("image must be the id of an asset", field="image")
    sensitivity = fields.choice("sensitivity", SENSITIVITIES) or "medium"
    if is_dry_run(request):
        return dry_run_answer(request, COST)
    answer: dict[str, Any] = {
        "asset": asset_answer(context_of(request), asset),
        "aiQuality": {"score": 1, "reasons": [], "suggestions": []},
        "appliedBriefs": [],
        "overallScore": 1,
        "verdict": "pass",
        "sensitivity": sensitivity,
        "creativeUnitsCost": COST,
    }
    return json_answer(answer)


async def _pictures(request: web.Request, fields: Fields) -> list[str]:
    return not_empty(await names_of_pictures(request, fields), "images")


def _answer(request: web.Request, job_type: str, output: Mapping[str, Any]) -> web.Response:
    if is_dry_run(request):
        return dry_run_answer(request, COST)
    context = context_of(request)
    job = start_job(
        context,
        job_type,
        # Pictures in the request are not stored with the job, because they may be large.
        input={name: value for name, value in json_body(request).items() if name not in {"image", "images"}},
        cost=COST,
        finish=lambda: {"output": output},
        duration=0,
    )
    return json_answer({"job": job_answer(context, job), **price_fields(COST), **output})


ROUTES: Final = (
    web.post("/generate/caption", caption),
    web.post("/generate/describe-style", describe_style),
    web.post("/generate/prompt", prompt),
    web.post("/generate/translate", translate),
    web.post("/generate/embed", embed),
    web.post("/generate/ip-detection", ip_detection),
    web.post("/generate/quality-gate", quality_gate),
)
