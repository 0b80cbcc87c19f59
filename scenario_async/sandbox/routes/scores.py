"""How well a training set, or a prompt for it, is made up.

The service looks at pictures and meanings. The sandbox compares words: the figures are real, and mean little.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import fmean, median
from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox.parameters import required
from scenario_async.sandbox.routes.answers import json_answer
from scenario_async.sandbox.routes.lookup import model_of
from scenario_async.sandbox.state import TrainingImage


async def retrieve_prompt(request: web.Request) -> web.Response:
    """Compare a prompt with the captions of a training set."""
    model = model_of(request)
    prompt = required(request.query.get("prompt"), "prompt")
    similarities = [_similarity(prompt, _caption(image)) for image in model.training_images.values()]
    statistics = _statistics(similarities)
    details = {"captionsSimilarity": statistics, "embeddingSimilarity": statistics["mean"]}
    return json_answer(
        {
            "modelId": model.id,
            "status": "complete" if similarities else "incomplete",
            "score": statistics["mean"],
            "details": details,
        }
    )


async def retrieve_training_dataset(request: web.Request) -> web.Response:
    """Compare the captions of a training set with each other; images without a description are named."""
    model = model_of(request)
    images = list(model.training_images.values())
    couples = [(one, other) for one, other in combinations(images, 2)]
    similarities = [_similarity(_caption(one), _caption(other)) for one, other in couples]
    distances = [1 - similarity for similarity in similarities]
    ids = [[one.id, other.id] for one, other in couples]
    described = [image for image in images if image.asset.description]
    score = len(described) / len(images) if images else 0
    details: dict[str, Any] = {
        "assetCouplesCaptionsDistance": _each("distance", ids, distances),
        "assetCouplesSimilarity": _each("similarity", ids, similarities),
        "assetsEmbeddingSimilarity": [],
        "assetsSimilarity": _statistics(similarities),
        "couplesCaptionsDistance": _statistics(distances),
        "couplesSimilarity": _statistics(similarities),
        "metadataScore": score,
    }
    missing = [image.id for image in images if image not in described]
    answer: dict[str, Any] = {
        "modelId": model.id,
        "status": "complete" if images else "incomplete",
        "score": score,
        "details": details,
        "assetsWarnings": [{"assetId": asset_id, "message": [MISSING_CAPTION]} for asset_id in missing],
    }
    return json_answer(answer)


def _caption(image: TrainingImage) -> str:
    return image.asset.description or image.asset.automatic_captioning


def _similarity(one: str, other: str) -> float:
    """Which part of all words in two texts is in both."""
    first, second = set(one.casefold().split()), set(other.casefold().split())
    return len(first & second) / len(first | second) if first | second else 1.0


def _statistics(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {"mean": 0.0, "median": 0.0, "min": 0.0}
    return {"mean": fmean(values), "median": median(values), "min": min(values)}


def _each(name: str, couples: list[list[str]], values: list[float]) -> list[dict[str, Any]]:
    return [{"couple": couple, name: value} for couple, value in zip(couples, values, strict=True)]


MISSING_CAPTION: Final = "Missing caption"

ROUTES: Final = (
    web.get("/models/{modelId}/scores/prompt", retrieve_prompt, allow_head=False),
    web.get("/models/{modelId}/scores/training-dataset", retrieve_training_dataset, allow_head=False),
)
