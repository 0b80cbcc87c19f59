"""Leave out the parts of a response that have another type than documented.

Responses are read leniently, so any field may have a value of any type. An odd field must not end a wait for
work that is paid.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, TypeVar, cast, get_args, get_origin

import attrs

from scenario_async._internal.declare.converter import fields_of, is_object, is_sequence, members_of
from scenario_async._internal.declare.value import Value

T = TypeVar("T")


def as_documented(value: Any, kind: type[T]) -> T | None:
    """Return a value in which every part of another type than documented is None, or missing in its list.

    A string counts as documented where only some strings are.

    Args:
        value: The value from a response.
        kind: Its documented type.

    Returns:
        The value itself if all of it is as documented; None if the value has another type.
    """
    fitting = (_fitting(value, member) for member in members_of(kind))
    return next((one for one in fitting if one is not None), None)


def documented_list(values: Any, kind: type[T]) -> Sequence[T]:
    """Return the values of a list that have the documented type; none if it is not a list."""
    found: Any = as_documented(values, cast("Any", list[kind]))  # type: ignore[valid-type]
    return found or []


def is_finite(value: float) -> bool:
    """Whether a number is neither infinite nor NaN, nor an integer that is too large for a float."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _fitting(value: Any, kind: Any) -> Any:
    if value is None or kind in {Any, object}:
        return value
    origin: Any = get_origin(kind) or kind
    check = _CHECKS.get(origin)
    if check is not None:
        return check(value, get_args(kind))
    return _fitting_object(value) if attrs.has(origin) and isinstance(value, origin) else None


def _fitting_object(value: Any) -> Any:
    changes = dict[str, Any]()
    cls: type[Any] = value.__class__
    for one in fields_of(cls):
        member = getattr(value, one.name)
        fitting = as_documented(member, cast("Any", one.type))
        if fitting is not member:
            changes[one.name] = fitting
    if not changes:
        return value
    made = attrs.evolve(value, **changes)
    if isinstance(value, Value) and value.model_extra:
        object.__setattr__(made, "_extra", value.model_extra)
    return made


def _fitting_text(value: Any, _: Sequence[Any]) -> Any:
    return value if type(value) is str else None


def _fitting_boolean(value: Any, _: Sequence[Any]) -> Any:
    return value if type(value) is bool else None


def _fitting_number(value: Any, _: Sequence[Any]) -> Any:
    return value if type(value) in {int, float} and is_finite(value) else None


def _fitting_list(value: Any, of: Sequence[Any]) -> Any:
    if not is_sequence(value):
        return None
    items = [as_documented(one, of[0]) for one in value]
    same = all(item is one is not None for item, one in zip(items, value, strict=True))
    return value if same else [one for one in items if one is not None]


def _fitting_dict(value: Any, of: Sequence[Any]) -> Any:
    if not is_object(value):
        return None
    members: Mapping[str, Any] = {name: as_documented(one, of[1]) for name, one in value.items()}
    return value if all(one is value[name] for name, one in members.items()) else members


_CHECKS: Final[Mapping[Any, Callable[[Any, Sequence[Any]], Any]]] = {
    str: _fitting_text,
    Literal: _fitting_text,
    bool: _fitting_boolean,
    int: _fitting_number,
    float: _fitting_number,
    list: _fitting_list,
    dict: _fitting_dict,
}
