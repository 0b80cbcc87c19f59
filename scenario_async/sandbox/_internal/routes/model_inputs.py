"""Check the inputs of a generation against the inputs of its model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from aiohttp import web

from scenario_async.sandbox._internal.base_models import BaseModel
from scenario_async.sandbox._internal.errors import bad_request
from scenario_async.sandbox._internal.routes.lookup import find_model
from scenario_async.sandbox._internal.routes.request_pictures import picture_named

_TEXT: Final = (str,)
_NUMBER: Final = (int, float)
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "boolean": (bool,),
    "file": _TEXT,
    "model": _TEXT,
    "number": _NUMBER,
    "string": _TEXT,
}


async def accepted_inputs(request: web.Request, base: BaseModel, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs of a body that the model takes, and refuse invalid ones by name.

    Unknown inputs are ignored. A single value for an input that is an array is ignored without an error: the
    generation runs and is charged. A prompt that is too long, a value out of range, a wrong type and an
    unknown model are refused.

    Raises:
        Refusal: 400, or 404 if a model or an asset does not exist.
    """
    # [guess] unknown inputs are ignored
    accepted: dict[str, Any] = {}
    for declared in base.inputs:
        name = declared["name"]
        value = body.get(name)
        if value is None:
            if declared.get("required", {}).get("always"):
                # [guess] a missing required input is refused; it is recorded that it is required
                raise bad_request(f"{name} is required", field=name)
        elif not declared["type"].endswith("_array"):
            _check_one(declared, value)
            accepted[name] = value
        # [documented] agent skills: a value that is not an array is dropped
        elif isinstance(value, list):
            _check_array(declared, list(cast("Iterable[Any]", value)))
            accepted[name] = value
    await _check_references(request, base, accepted)
    return accepted


def models_used(inputs: Mapping[str, Any]) -> set[str]:
    """The ids of the models that a generation ran on: the base or composition, and the LoRAs."""
    loras = cast("list[str]", inputs.get("loras", []))
    return {one for one in (inputs.get("modelId"), *loras) if one is not None}


def _check_array(declared: Mapping[str, Any], values: list[Any]) -> None:
    """Check bounds: for an array of numbers, those of each number; for other arrays, those of the length."""
    name, kind = declared["name"], declared["type"].removesuffix("_array")
    if kind != "number":
        most = declared.get("max", len(values))
        if len(values) > most:
            # [recorded] a plugin of the team: seven LoRAs are refused
            raise bad_request(f"{name} must have at most {most} entries", field=name)
        declared = {"name": name}
    for value in values:
        _check_one({**declared, "type": kind}, value)


def _check_one(declared: Mapping[str, Any], value: Any) -> None:
    name, kind = declared["name"], declared["type"]
    # In Python a boolean is an int, but in JSON it is not a number.
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        # [recorded] a plugin of the team: a wrong type is refused
        raise bad_request(f"{name} must be of the type {kind}", field=name)
    if kind == "number":
        _check_bounds(declared, cast("float", value))
    if kind == "string" and "maxLength" in declared and len(cast("str", value)) > declared["maxLength"]:
        # [documented] agent skills: 400 for a longer prompt
        raise bad_request(f"{name} must have at most {declared['maxLength']} characters", field=name)
    if value not in declared.get("allowedValues", [value]):
        # [guess] others are refused; the values are recorded
        raise bad_request(f"{name} must be one of {', '.join(declared['allowedValues'])}", field=name)


def _check_bounds(declared: Mapping[str, Any], value: float) -> None:
    """Refuse a number that is too large or between two steps. A negative scale of a LoRA is accepted."""
    name, least, step = declared["name"], declared.get("min"), declared.get("step")
    # [recorded] a plugin of the team: a negative scale is accepted
    if least is not None and value < least and name != "lorasScale":
        # [guess] a value below the minimum is refused; it is recorded that one above the maximum is refused
        raise bad_request(f"{name} must be at least {least}", field=name)
    if "max" in declared and value > declared["max"]:
        # [recorded] a plugin of the team: a scale above 2 is refused; for other numbers it is a guess
        raise bad_request(f"{name} must be at most {declared['max']}", field=name)
    if isinstance(step, int) and least is not None and (value - least) % step:
        # [guess] values between two steps are refused
        raise bad_request(f"{name} must be {least} plus a multiple of {step}", field=name)


async def _check_references(request: web.Request, base: BaseModel, inputs: Mapping[str, Any]) -> None:
    """Find the models and pictures in the inputs. Fewer scales than LoRAs are accepted."""
    # [recorded] a plugin of the team
    for declared in base.inputs:
        given = inputs.get(declared["name"], [])
        named = cast("list[str]", given) if isinstance(given, list) else [cast("str", given)]
        match declared["type"].removesuffix("_array"):
            case "model":
                for model_id in named:
                    _check_model(request, base, declared, model_id)
            case "file":
                for text in named:
                    await picture_named(request, text, declared["name"])
            case _:
                pass


def _check_model(request: web.Request, base: BaseModel, declared: Mapping[str, Any], model_id: str) -> None:
    """Check that a LoRA exists, is trained, and works with the base model."""
    model = find_model(request, model_id)
    name = declared["name"]
    if model.type.endswith("-lora") and model.status != "trained":
        # [guess] a model that is not trained is refused
        raise bad_request(f"{model_id} is not trained", field=name)
    if base.lora_types and model.type not in declared["modelTypes"]:
        # [documented] docs, training: a LoRA is bound to its family
        raise bad_request(f"{model_id} of the type {model.type} does not run on {base.id}", field=name)
