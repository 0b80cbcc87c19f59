"""Check the inputs of a run against the inputs that the model declares, before anything is paid.

If an input is an array and the request has a scalar, the service ignores the value without an error, and
charges the run (documented in its skills). It refuses only some of the other wrong values. So the client
checks everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from scenario_async._internal.declare.converter import is_number, is_object, is_sequence
from scenario_async.errors import InvalidArgumentError, check_boolean
from scenario_async.values.model_input import ModelInput
from scenario_async.work._internal.documented import is_finite

_STEP_TOLERANCE: Final = 1e-6
"""The tolerance for multiples of a step, since 0.1 has no exact binary form."""

_ARRAYS: Final = frozenset({"file_array", "inputs_array", "model_array", "number_array", "string_array"})


def check_inputs(body: Mapping[str, Any], inputs: Sequence[ModelInput]) -> None:
    """Check that a body matches a model's inputs.

    Args:
        body: The body to send: values by the names of the inputs.
        inputs: The inputs of the model according to `GET /models/{id}`; each has a name and a type.

    Raises:
        InvalidArgumentError: A value is wrong; the error names the first one and says what would be right.
    """
    declared = {one.name: one for one in inputs}
    for name, value in body.items():
        if name not in declared:
            raise _wrong(name, value, f"this model has no such input; it has {', '.join(sorted(declared))}")
        if value is not None:
            _check_value(f"inputs.{name}", value, declared[name])
    for one in inputs:
        _check_required(one, body)


def _wrong(name: str, value: object, expected: str) -> InvalidArgumentError:
    return InvalidArgumentError(f"inputs.{name}", value, expected)


def _check_value(place: str, value: Any, one: ModelInput) -> None:
    if one.type in _ARRAYS:
        _check_array(place, value, one)
        return
    if is_sequence(value) or is_object(value):
        raise InvalidArgumentError(place, value, f"a single {_kind(one)} is needed")
    _check_single(place, value, one)


def _check_array(place: str, value: Any, one: ModelInput) -> None:
    if not is_sequence(value):
        raise InvalidArgumentError(place, value, f"a list is needed, also for a single {_kind(one)}")
    least, most = _item_bounds(one)
    if most is not None and len(value) > most:
        raise InvalidArgumentError(place, value, f"at most {most:g}; these are {len(value)}")
    if least is not None and len(value) < least:
        raise InvalidArgumentError(place, value, f"at least {least:g}; these are {len(value)}")
    for number, item in enumerate(value):
        if one.type == "inputs_array":
            if not is_object(item):
                raise InvalidArgumentError(f"{place}[{number}]", item, "an object is needed")
        else:
            _check_single(f"{place}[{number}]", item, one)


def _item_bounds(one: ModelInput) -> tuple[float | None, float | None]:
    """Return the lowest and highest number of items of a list.

    For a list of numbers, `min` and `max` limit each number. For other lists, they limit the number of items.
    The meaning of `minLength` and `maxLength` is not documented for lists; for a list of texts, they limit
    each text.
    """
    if one.type == "number_array":
        return None, None
    if one.type == "string_array":
        return one.min, one.max
    least = one.min if one.min_length is None else one.min_length
    return least, one.max if one.max_length is None else one.max_length


def _check_single(place: str, value: Any, one: ModelInput) -> None:
    kind = one.type.removesuffix("_array")
    check = _CHECKS.get(kind)
    if check is not None:
        check(place, value, one)
    if one.allowed_values and value not in one.allowed_values:
        allowed = ", ".join(repr(allowed) for allowed in one.allowed_values[:20])
        raise InvalidArgumentError(place, value, f"one of {allowed} is needed")


def _check_number(place: str, value: Any, one: ModelInput) -> None:
    if not is_number(value) or not is_finite(value):
        raise InvalidArgumentError(place, value, "a number is needed")
    if (one.min is not None and value < one.min) or (one.max is not None and value > one.max):
        raise InvalidArgumentError(place, value, f"{_range(one)} is needed")
    if one.step:
        steps = (float(value) - float(one.min or 0)) / one.step
        # A step may be so small that the number of steps is infinite. Then every number fits.
        if is_finite(steps) and abs(steps - round(steps)) > _STEP_TOLERANCE:
            raise InvalidArgumentError(place, value, f"{_range(one)} in steps of {one.step:g} is needed")


def _range(one: ModelInput) -> str:
    if one.min is not None and one.max is not None:
        return f"a number from {one.min:g} to {one.max:g}"
    if one.min is not None:
        return f"a number of {one.min:g} or more"
    return "a number" if one.max is None else f"a number of at most {one.max:g}"


def _check_text(place: str, value: Any, one: ModelInput) -> None:
    if not isinstance(value, str):
        raise InvalidArgumentError(place, value, f"{_kind(one)} is needed")
    if one.type.removesuffix("_array") in {"model", "file"} and not value.strip():
        raise InvalidArgumentError(place, value, "an id is needed")
    if one.type in {"file_array", "model_array"}:
        return
    if one.max_length is not None and len(value) > one.max_length:
        expected = f"at most {one.max_length:g} characters are possible; these are {len(value):,}"
        raise InvalidArgumentError(place, value, expected)
    if one.min_length is not None and len(value) < one.min_length:
        raise InvalidArgumentError(place, value, f"at least {one.min_length:g} characters are needed")


def _check_boolean(place: str, value: Any, one: ModelInput) -> None:
    del one
    check_boolean(place, value)


_CHECKS: Final[Mapping[str, Callable[[str, Any, ModelInput], None]]] = {
    "number": _check_number,
    "string": _check_text,
    "model": _check_text,
    "file": _check_text,
    "boolean": _check_boolean,
}


def _kind(one: ModelInput) -> str:
    names = {"string": "text", "model": "id of a model", "file": "id of an asset", "inputs": "object"}
    kind = one.type.removesuffix("_array")
    return names.get(kind, kind)


def _is_given(body: Mapping[str, Any], name: str) -> bool:
    return body.get(name) is not None and body.get(name) != ""


def _check_required(one: ModelInput, body: Mapping[str, Any]) -> None:
    rule = one.required
    if rule is None or _is_given(body, one.name):
        return
    if rule.always:
        raise _wrong(one.name, None, f"this model needs it: a {_kind(one)}")
    defined = _names(rule.if_defined)
    if defined and any(_is_given(body, name) for name in defined):
        raise _wrong(one.name, None, f"this model needs it together with {', '.join(defined)}")
    missing = _names(rule.if_not_defined)
    if missing and not any(_is_given(body, name) for name in missing):
        raise _wrong(one.name, None, f"this model needs it, or one of {', '.join(missing)}")
    if rule.conditional is not None and _holds(rule.conditional.values, rule.conditional.operator, body):
        raise _wrong(one.name, None, f"this model needs it where {rule.conditional.values}")


def _names(given: Any) -> list[str]:
    """Return the names of inputs in a rule: one name, a list of names, or an object with names as keys."""
    if isinstance(given, str):
        return [given]
    if is_sequence(given):
        return [one for one in given if isinstance(one, str)]
    return [str(name) for name in given] if is_object(given) else []


def _holds(values: Any, operator: str | None, body: Mapping[str, Any]) -> bool:
    """Whether other inputs have the values of a condition; False if its form is not known."""
    if not is_object(values) or not values:
        return False
    held = [_has(body.get(str(name)), wanted) for name, wanted in values.items()]
    return any(held) if operator == "or" else all(held)


def _has(value: Any, wanted: Any) -> bool:
    """Whether an input has a value, or one of several."""
    return value in wanted if is_sequence(wanted) else bool(value == wanted)
