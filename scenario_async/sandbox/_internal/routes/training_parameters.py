"""The parameters and the price of a training."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.parameters import Fields
from scenario_async.sandbox._internal.routes.lookup import find_asset
from scenario_async.sandbox._internal.state import Model

DEFAULT_EPOCHS: Final = 10
DEFAULT_REPEATS: Final = 20
MOST_SAMPLES: Final = 4
LONGEST_WANDB_KEY: Final = 40

# [guess] a user reports 1080 units for 18 pictures, 10 epochs and 20 repeats; it is documented that the price
# is linear in the epochs and depends on the number of pictures (agent skills)
UNITS_PER_REPEAT: Final = Decimal("0.3")
"""The price of one picture in one repeat of one epoch, in creative units."""

# [documented] docs, training, and official package, models/train_trigger_params
_WHOLE_NUMBERS: Final[Mapping[str, tuple[int, int]]] = {
    "batchSize": (1, 8),
    "nbEpochs": (1, 100),
    "nbRepeats": (1, 100),
    "rank": (2, 128),
    "maxTrainSteps": (1, 10_000),
}
_NUMBERS: Final[Mapping[str, tuple[float, float]]] = {
    "learningRate": (1e-6, 1e-3),
    "learningRateTextEncoder": (1e-6, 1e-3),
}
"""The documented bounds; if two pages differ, the wider ones."""

_HIGHEST_RANK_OF_FLUX_1: Final = 64
_MOST_IMAGES: Final = 1000
"""The largest accepted `trainingImagesCount`."""


def training_parameters(request: web.Request, model: Model, body: Fields) -> dict[str, Any]:
    """Return the parameters of a training unchanged. Unknown parameters are ignored.

    Raises:
        Refusal: 400 for a value of a wrong type or out of range; 404 if a sample picture does not exist.
    """
    given = body.mapping("parameters") or {}
    fields = Fields(given, "parameters")
    for name, (least, most) in _WHOLE_NUMBERS.items():
        fields.whole_number(name, lowest=least, highest=most)
    for name, (lowest, highest) in _NUMBERS.items():
        value = fields.number(name)
        if value is not None and not lowest <= value <= highest:
            # [guess] others are refused; the bounds are documented (docs, training)
            raise bad_request(f"{name} must be from {lowest:g} to {highest:g}", field=name)
    if model.type.startswith("flux.1"):
        fields.whole_number("rank", lowest=2, highest=_HIGHEST_RANK_OF_FLUX_1)
    # [documented] official package, models/train_trigger_params: at most 40
    fields.text("wandbKey", longest=LONGEST_WANDB_KEY)
    _check_samples(request, model, fields)
    return given


def _check_samples(request: web.Request, model: Model, fields: Fields) -> None:
    prompts, sources = fields.texts("samplePrompts") or [], fields.texts("sampleSourceImages")
    if len(prompts) > MOST_SAMPLES:
        # [documented] docs, training: at most 4
        raise bad_request(f"samplePrompts must have at most {MOST_SAMPLES} entries", field="samplePrompts")
    if sources is None:
        return
    if not is_edit_model(model) or len(sources) != len(prompts):
        message = "sampleSourceImages must have an entry for each of samplePrompts, for an edit model"
        # [documented] official package, models/train_trigger_params: as many as prompts
        raise bad_request(message, field="sampleSourceImages")
    for asset_id in sources:
        find_asset(request, asset_id)


def training_cost(images: int, parameters: Mapping[str, Any]) -> float:
    """The price of a training in creative units."""
    epochs = parameters.get("nbEpochs", DEFAULT_EPOCHS)
    repeats = parameters.get("nbRepeats", DEFAULT_REPEATS)
    return float(UNITS_PER_REPEAT * images * epochs * repeats)


def image_count(request: web.Request, model: Model) -> int:
    """Return the number of images for a dry run: that of the model, or `trainingImagesCount` if it has none.

    Raises:
        Refusal: 400 if it is not an integer, or if it is missing and the model has no images.
    """
    text = request.query.get("trainingImagesCount")
    if text is not None and not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MOST_IMAGES):
        message = f"trainingImagesCount must be a whole number from 1 to {_MOST_IMAGES}"
        # [guess] a larger number is refused
        raise bad_request(message, field="trainingImagesCount")
    # [documented] official package, models/train_trigger_params: images have priority over the count
    if model.training_images:
        return len(model.training_images)
    if text is None:
        # [guess] without images and a count there is no price
        raise bad_request("The model has no training images: state trainingImagesCount")
    return int(text)


def is_edit_model(model: Model) -> bool:
    """Whether the model type's name says that it learns to edit, from pairs."""
    return "-edit-" in model.type or "-kontext-" in model.type
