"""Convert JSON to response objects, and raise an error for everything that the documentation does not have.

Only strict clients import this module, since cattrs takes a tenth of the time of the whole import.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Literal, TypeVar, get_origin

import attrs
from cattrs import Converter, transform_error
from cattrs.cols import list_structure_factory
from cattrs.gen import (
    make_dict_structure_fn_from_attrs,  # pyright: ignore[reportUnknownVariableType] - untyped
    override,
)

from scenario_async._internal.declare.converter import fields_of, is_union, members_of, wire_name

T = TypeVar("T")

_Hook = Callable[[Any, Any], Any]


def structure_strictly(value: Any, answer_type: type[T]) -> T:
    """Convert parsed JSON to a response object.

    Raises:
        ValueError: A value has the wrong type, or is missing or not documented; the message has its place.
    """
    try:
        return _converter().structure(value, answer_type)
    except Exception as error:
        raise ValueError("; ".join(transform_error(error, path="answer"))) from error


@cache
def _converter() -> Converter:
    made = Converter(detailed_validation=True, forbid_extra_keys=True)
    _refuse_other_kinds(made)
    return made


def _unchanged(value: Any, _: Any) -> Any:
    return value


def _is_array(kind: Any) -> bool:
    return get_origin(kind) is list


def _refuse_other_kinds(made: Converter) -> None:
    made.register_structure_hook(str, _exactly(str))
    made.register_structure_hook(bool, _exactly(bool))
    made.register_structure_hook(int, _exactly(int))
    made.register_structure_hook(float, _exactly(float, int))
    made.register_structure_hook_func(lambda kind: kind is object, _unchanged)

    def union(kind: Any) -> _Hook:
        return _strict_union(kind, made)

    def array(kind: Any) -> _Hook:
        return _checked(list, list_structure_factory(kind, made))

    def object_of(cls: Any) -> _Hook:
        return _checked(dict, _strict_class(cls, made))

    made.register_structure_hook_factory(is_union, union)
    made.register_structure_hook_factory(_is_array, array)
    made.register_structure_hook_factory(attrs.has, object_of)


def _exactly(*kinds: type[Any]) -> _Hook:
    def read(value: Any, _: Any) -> Any:
        if type(value) not in kinds:  # bool is a subclass of int, but not a number in JSON
            raise TypeError(f"expected {kinds[0].__name__}, got {value!r}")
        return value

    return read


def _checked(kind: type[Any], read: Callable[..., Any]) -> _Hook:
    check = _exactly(kind)
    return lambda value, target: read(check(value, target), target)


def _strict_union(kind: Any, made: Converter) -> _Hook:
    """Make a hook for a union: it accepts only documented values, and None only where it is documented."""
    members = members_of(kind)
    literal = next((member for member in members if get_origin(member) is Literal), None)
    target = literal or next(member for member in members if member is not type(None))
    read = made.get_structure_hook(target)
    if type(None) not in members:
        return lambda value, _: read(value, target)
    return lambda value, _: None if value is None else read(value, target)


def _strict_class(cls: type[Any], made: Converter) -> Callable[..., Any]:
    fields = list(fields_of(cls))
    renames: dict[str, Any] = {one.name: override(rename=wire_name(one)) for one in fields}
    return make_dict_structure_fn_from_attrs(fields, cls, made, _parameters(cls), **renames)


def _parameters(cls: type[Any]) -> dict[str, Any]:
    """Ignore the type parameters of a page, which do not affect how it is read."""
    return {parameter.__name__: Any for parameter in getattr(cls, "__parameters__", ())}
