"""Find the base model of a LoRA. The service refuses to run a LoRA by its own id (recorded, 2026-10-09)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from attrs import evolve, frozen

from scenario_async._internal.declare.converter import is_number
from scenario_async._internal.declare.operation import Sender
from scenario_async.errors import InvalidArgumentError, NotFoundError
from scenario_async.values.model import Model
from scenario_async.work._internal.looking_up import model_of

RECORDED_BASES: Final[Mapping[str, str]] = {
    "flux.1-lora": "model_bfl-flux-1-dev",
    "flux.1-kontext-lora": "model_flux-kontext-editing",
    "flux.2-dev-lora": "model_bfl-flux-2-dev",
    "flux.2-dev-edit-lora": "model_bfl-flux-2-dev",
    "qwen-image-edit-2511-lora": "model_qwen-image-edit-2511",
    "zimage-lora": "model_z-image",
    "zimage-turbo-lora": "model_z-image",
    "zimage-de-turbo-lora": "model_z-image",
}
"""The base model for each type of LoRA, as far as the service's team recorded it. A LoRA works only with
models of its family, and only LoRAs of Z-Image also work with its variants (documented). `base=` names
another base model. The client requests a base model before it uses it, to check that it exists."""

MOST_LORAS: Final = 6
"""The largest number of LoRAs in one run (recorded)."""
LEAST_SCALE: Final = 0.0
MOST_SCALE: Final = 2.0
"""The range of scales. The service refuses a scale above 2, and accepts a negative one."""


@frozen(kw_only=True)
class Target:
    """The model to run, and the inputs for a LoRA.

    Attributes:
        model: The model to run: the base model of a LoRA, or the model itself.
        inputs: The inputs that name the LoRA and its scale; empty without a LoRA.
    """

    model: Model
    inputs: Mapping[str, Any]


def _type_of(model: Model) -> str:
    """Return the type of a model; empty if the response has none."""
    return model.type if isinstance(cast("object", model.type), str) else ""


def is_lora(model: Model) -> bool:
    """Whether a model is a LoRA, which changes another model."""
    return _type_of(model).endswith("-lora")


async def find_target(sender: Sender, model_id: str, base: str | None, scale: float) -> Target:
    """Find the model to run for a model id: for a LoRA, its base model.

    Raises:
        InvalidArgumentError: The LoRA is not trained, it has no base model or several, or the scale is wrong.
        APIError: The model cannot be read.
    """
    model = await _look_up(sender, model_id)
    if not is_lora(model):
        if base is not None:
            expected = f"{model_id} is run by itself: it is of the type {model.type}"
            raise InvalidArgumentError("base", base, expected)
        return Target(model=model, inputs={})
    if model.status != "trained":
        raise InvalidArgumentError("model_id", model_id, f"a trained model is needed; it is {model.status}")
    return await _on_base(sender, model, base, scale)


async def _look_up(sender: Sender, model_id: str) -> Model:
    """Look up a model, without the inputs that lack a name or a type: they can be neither set nor checked."""
    model = await model_of(sender, model_id)
    inputs = model.inputs or []
    usable = [one for one in inputs if cast("Any", one.name) and cast("Any", one.type)]
    if len(usable) < len(inputs):
        model = evolve(cast("Any", model), inputs=usable)
    return model


def check_scale(scale: object) -> None:
    """Check the argument `scale`.

    Raises:
        InvalidArgumentError: It is not a number in the range of scales.
    """
    if not is_number(scale) or not LEAST_SCALE <= scale <= MOST_SCALE:
        raise InvalidArgumentError(
            "scale", scale, f"a number from {LEAST_SCALE:g} to {MOST_SCALE:g} is needed"
        )


async def _on_base(sender: Sender, lora: Model, base: str | None, scale: float) -> Target:
    candidates = (base,) if base is not None else _recorded(lora)
    fitting = list[Model]()
    for candidate in candidates:
        try:
            found = await _look_up(sender, candidate)
        except NotFoundError:
            if base is not None:
                raise
            continue
        if _takes(found, lora):
            fitting.append(found)
    if not fitting:
        tried = f" ({', '.join(candidates)} was tried)" if candidates else ""
        expected = f"the base model that {lora.id} ({lora.type}) was trained on is needed{tried}"
        raise InvalidArgumentError("base", base, expected)
    if len(fitting) > 1:
        names = ", ".join(one.id for one in fitting)
        raise InvalidArgumentError("base", base, f"several bases fit {lora.id}; one of {names} is needed")
    component: Any = fitting[0].ui_config and fitting[0].ui_config.loras_component
    inputs = {component.model_input: [lora.id], component.scale_input: [scale]}
    return Target(model=fitting[0], inputs=inputs)


def _recorded(lora: Model) -> Sequence[str]:
    """Return the possible base models of a LoRA: the model that it names, and the one in the table."""
    found = (lora.parent_model_id, RECORDED_BASES.get(_type_of(lora)))
    return list(dict.fromkeys(one for one in found if one))


def _takes(model: Model, lora: Model) -> bool:
    """Whether a model takes LoRAs, of this type if the model lists types."""
    component: Any = model.ui_config and model.ui_config.loras_component
    if not component or not component.model_input or not component.scale_input:
        return False
    for one in model.inputs or ():
        if one.name == component.model_input and one.model_types:
            return lora.type in one.model_types
    return True
