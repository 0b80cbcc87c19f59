"""The public models that run trained LoRAs, with the inputs that each of them takes.

The service's team recorded the ids, `lorasComponent` and the limits of FLUX.1: width and height from 128 to
2048 in steps of 16, 1 to 4 pictures, 1 to 50 steps, seeds up to 2147483647, prompts of up to 2048 characters,
and up to six LoRAs with scales up to 2. The inputs of the other models are a guess based on these. The prices
are invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrs import frozen

# [recorded] a plugin of the team: these models, the ids and the inputs of FLUX.1
MOST_LORAS: Final = 6
HIGHEST_SCALE: Final = 2

LORAS_COMPONENT: Final[Mapping[str, str]] = {
    "label": "LoRAs",
    "modelInput": "loras",
    "scaleInput": "lorasScale",
    "modelIdInput": "modelId",
}
"""The inputs of a model for LoRAs and for one composition."""


@frozen(kw_only=True)
class BaseModel:
    """A public model.

    Attributes:
        id: Its id at the service.
        name: Its name.
        inputs: The inputs that it takes, in the form of ``GET /models/{id}``.
        lora_types: The types of the LoRAs that run on it.
        cost: Creative units for each picture of up to a megapixel.
        quality_gate: Creative units that each picture costs in addition.
    """

    id: str
    name: str
    inputs: tuple[Mapping[str, Any], ...]
    lora_types: tuple[str, ...]
    cost: float
    quality_gate: float


def _number(
    name: str, default: float, least: float, most: float, *, step: float = 1, costs: bool = False
) -> dict[str, Any]:
    bounds = {"default": default, "min": least, "max": most, "step": step}
    return {"name": name, "type": "number", **bounds, **({"costImpact": True} if costs else {})}


def _loras(types: Iterable[str]) -> list[dict[str, Any]]:
    accepted = list(types)
    scale: dict[str, Any] = {"type": "number_array", "min": 0, "max": HIGHEST_SCALE, "step": 0.05}
    return [
        {"name": "loras", "type": "model_array", "max": MOST_LORAS, "modelTypes": accepted},
        {"name": "lorasScale", **scale},
        {"name": "modelId", "type": "model", "modelTypes": [*accepted, "flux.1-composition"]},
    ]


def _inputs(types: Iterable[str], *, pictures: int = 0) -> tuple[Mapping[str, Any], ...]:
    """Return the inputs of a model. A model that edits takes some pictures, of which one is required."""
    sources: dict[str, Any] = {"type": "file_array", "kind": "image", "max": pictures}
    return (
        {"name": "prompt", "type": "string", "maxLength": 2048, "prompt": True, "required": {"always": True}},
        *([{"name": "referenceImages", **sources, "required": {"always": True}}] if pictures else []),
        _number("width", 1024, 128, 2048, step=16, costs=True),
        _number("height", 1024, 128, 2048, step=16, costs=True),
        _number("numOutputs", 1, 1, 4, costs=True),
        _number("numInferenceSteps", 28, 1, 50),
        _number("guidance", 3.5, 0, 10, step=0.1),
        _number("seed", 0, 0, 2147483647),
        {"name": "outputFormat", "type": "string", "default": "png", "allowedValues": ["png", "jpg", "webp"]},
        *_loras(types),
    )


_FLUX_1: Final = ("flux.1-lora", "flux.1-krea-lora")
_FLUX_2: Final = ("flux.2-dev-lora", "flux.2-dev-edit-lora")
_KONTEXT: Final = ("flux.1-kontext-lora",)
_QWEN_EDIT: Final = ("qwen-image-edit-2511-lora", "qwen-image-edit-2509-lora", "qwen-image-edit-lora")
_Z_IMAGE: Final = ("zimage-lora", "zimage-turbo-lora", "zimage-de-turbo-lora")

BASE_MODELS: Final = (
    BaseModel(
        id="model_bfl-flux-1-dev",
        name="FLUX.1 [dev]",
        inputs=_inputs(_FLUX_1),
        lora_types=_FLUX_1,
        cost=9,
        quality_gate=1.75,
    ),
    BaseModel(
        id="model_bfl-flux-2-dev",
        name="FLUX.2 [dev]",
        inputs=_inputs(_FLUX_2),
        lora_types=_FLUX_2,
        cost=12,
        quality_gate=1.75,
    ),
    BaseModel(
        id="model_flux-kontext-editing",
        name="FLUX Kontext",
        inputs=_inputs(_KONTEXT, pictures=1),
        lora_types=_KONTEXT,
        cost=12.5,
        quality_gate=0,
    ),
    BaseModel(
        id="model_qwen-image-edit-2511",
        name="Qwen Image Edit 2511",
        inputs=_inputs(_QWEN_EDIT, pictures=3),
        lora_types=_QWEN_EDIT,
        cost=10,
        quality_gate=0,
    ),
    BaseModel(
        id="model_z-image",
        name="Z-Image",
        inputs=_inputs(_Z_IMAGE),
        lora_types=_Z_IMAGE,
        cost=2.5,
        quality_gate=0.75,
    ),
)
"""The base models whose responses the service's team recorded."""

# [guess] no model of an account is recorded
OWN_MODEL: Final = BaseModel(
    id="",
    name="",
    inputs=(
        {"name": "prompt", "type": "string", "maxLength": 2048, "prompt": True},
        _number("width", 512, 1, 2048),
        _number("height", 512, 1, 2048),
        _number("numOutputs", 1, 1, 16, costs=True),
        _number("seed", 0, 0, 2147483647),
        *_loras(()),
    ),
    lora_types=(),
    cost=5,
    quality_gate=0,
)
"""The settings of models of the type `custom` that were created in the sandbox."""

_BY_ID: Final = {base.id: base for base in BASE_MODELS}


def base_model(model_id: str) -> BaseModel:
    """Return the inputs and the price of a model of the type `custom`."""
    return _BY_ID.get(model_id, OWN_MODEL)
