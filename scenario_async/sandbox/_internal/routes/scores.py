"""Compute scores of a training set or of a prompt for it.

The service analyses pictures and meanings. The sandbox only compares words, so its scores have the right form
but no meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import fmean, median
from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.parameters import required
from scenario_async.sandbox._internal.routes.answers import json_answer
from scenario_async.sandbox._internal.routes.lookup import model_of
from scenario_async.sandbox._internal.state import TrainingImage

SMALLEST_SIDE: Final = 1024
# [guess] no limit is documented
TOO_CLOSE: Final = 0.8
"""The fraction of words that two captions may share."""


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
    """Compare images and captions of a training set with each other, and warn in documented words."""
    # [documented] official package, models/score_retrieve_training_dataset_response
    model = model_of(request)
    images = list(model.training_images.values())
    couples = list(combinations(images, 2))
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
    answer: dict[str, Any] = {
        "modelId": model.id,
        "status": "complete" if images else "incomplete",
        "score": score,
        "details": details,
        "assetsWarnings": [
            {"assetId": image.id, "message": warnings} for image in images if (warnings := _warnings(image))
        ],
        "assetCouplesWarnings": [
            {"couple": [one.id, other.id], "message": warnings}
            for one, other in couples
            if (warnings := _couple_warnings(one, other))
        ],
    }
    return json_answer(answer)


def _caption(image: TrainingImage) -> str:
    return image.asset.description or image.asset.automatic_captioning


def _similarity(one: str, other: str) -> float:
    """The fraction of the words of two texts that both contain."""
    first, second = set(one.casefold().split()), set(other.casefold().split())
    return len(first & second) / len(first | second) if first | second else 1.0


def _statistics(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {"mean": 0.0, "median": 0.0, "min": 0.0}
    return {"mean": fmean(values), "median": median(values), "min": min(values)}


def _each(name: str, couples: list[list[str]], values: list[float]) -> list[dict[str, Any]]:
    return [{"couple": couple, name: value} for couple, value in zip(couples, values, strict=True)]


def _warnings(image: TrainingImage) -> list[str]:
    """The problems of one image."""
    picture, description = image.asset.picture, image.asset.description
    # [guess] the warnings are documented, but not their conditions
    found = {
        "Missing caption": description is None,
        "Empty caption": description is not None and not description.strip(),
        "Missing metadata": picture.width is None,
        "Width and height must be larger than 1024": any(
            side is not None and side < SMALLEST_SIDE for side in (picture.width, picture.height)
        ),
    }
    return [warning for warning, applies in found.items() if applies]


def _couple_warnings(one: TrainingImage, other: TrainingImage) -> list[str]:
    """The problems of two images together. Captions are compared if both are set."""
    first, second = one.asset.description, other.asset.description
    captioned = bool(first and second)
    found = {
        "Same asset": one.asset.picture.stored.sha256 == other.asset.picture.stored.sha256,
        "Captions are identical": captioned and first == second,
        "Captions are too close": captioned
        and first != second
        and _similarity(first or "", second or "") >= TOO_CLOSE,
    }
    return [warning for warning, applies in found.items() if applies]


ROUTES: Final = (
    web.get("/models/{modelId}/scores/prompt", retrieve_prompt),
    web.get("/models/{modelId}/scores/training-dataset", retrieve_training_dataset),
)
