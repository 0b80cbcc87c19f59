"""Convert nested parameters to JSON, and find the names and types of fields."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from types import UnionType
from typing import Annotated, Any, Final, TypeGuard, Union, get_args, get_origin

import attrs

from scenario_async._internal.declare.omitted import is_omitted
from scenario_async.errors import InvalidArgumentError

_WIRE_NAME: Final = "wire_name"


def named(wire_name: str) -> Mapping[str, str]:
    """Metadata of a field whose name in the API is not its own in camelCase, e.g. ``costPerAssetMaxCU``."""
    return {_WIRE_NAME: wire_name}


def wire_name(field: attrs.Attribute[Any]) -> str:
    """The name of a field in the API: camelCase unless declared otherwise."""
    declared = field.metadata.get(_WIRE_NAME)
    if declared is not None:
        return str(declared)
    first, *others = field.name.rstrip("_").split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in others)


def fields_of(cls: type[Any]) -> tuple[attrs.Attribute[Any], ...]:
    """The fields of an attrs class, with their annotations resolved."""
    attrs.resolve_types(cls, include_extras=True)
    return tuple(attrs.fields(cls))


_ARRAYS: Final = (list, tuple)
_PLAIN: Final = (str, int)


def to_json(value: Any, kind: Any, argument: str) -> Any:
    """Convert a parameter to JSON with camelCase names, without fields that are None.

    Args:
        value: A value of the declared type, or a plain dict in its place.
        kind: The declared type.
        argument: The argument's name, for errors.

    Raises:
        InvalidArgumentError: A dict has a key that its type does not declare, or lists and dicts are nested
            too deeply.
    """
    try:
        return _to_json(value, kind, argument)
    except RecursionError:
        expected = "there are too many lists and dicts within each other"
        raise InvalidArgumentError(argument, value, expected) from None


def _to_json(value: Any, kind: Any, argument: str) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if type(value) in _ARRAYS:
        for item in value:
            if type(item) is not str:
                break
        else:  # most requests only have a few ids
            return value
    if attrs.has(value.__class__):
        return {
            wire_name(one): _to_json(member, one.type, f"{argument}.{one.name}")
            for one in fields_of(value.__class__)
            if (member := getattr(value, one.name)) is not None
        }
    if is_mapping(value):
        return _dict_to_json(value, kind, argument)
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidArgumentError(argument, value, "a finite number is needed")
    if is_sequence(value):
        of = next((get_args(member)[0] for member in members_of(kind) if get_args(member)), Any)
        return [_to_json(item, of, f"{argument}[{index}]") for index, item in enumerate(value)]
    return value


def _dict_to_json(value: Mapping[str, Any], kind: Any, argument: str) -> dict[str, Any]:
    cls = next((member for member in members_of(kind) if attrs.has(member)), None)
    if cls is None:
        if any(_is_several(member) for member in members_of(kind)):
            raise InvalidArgumentError(argument, value, "a list is needed")
        return _free_form_to_json(value, kind, argument)
    declared = {one.name: one for one in fields_of(cls)}
    by_wire_name = {wire_name(one): one for one in declared.values()}
    sent: dict[str, Any] = {}
    for name, member in value.items():
        one = declared.get(name) or by_wire_name.get(name)
        if one is None:
            expected = _no_such_name(str(name), declared, by_wire_name)
            raise InvalidArgumentError(f"{argument}[{name!r}]", member, expected)
        if member is not None and not is_omitted(member):
            sent[wire_name(one)] = _to_json(member, one.type, f"{argument}[{name!r}]")
    return sent


def _no_such_name(name: str, declared: Iterable[str], by_wire_name: Iterable[str]) -> str:
    """Return what would be right instead of an unknown name, in the caller's snake or camel case."""
    from difflib import get_close_matches

    names = list(declared if name.islower() else by_wire_name)
    close = get_close_matches(name, names, 1)
    guess = f"{close[0]} may be meant; " if close else ""
    return f"there is no such name; {guess}the names are {', '.join(names)}"


def _free_form_to_json(value: Mapping[str, Any], kind: Any, argument: str) -> dict[str, Any]:
    """Convert a dict with the caller's own keys, which are sent unchanged; None becomes null."""
    of = next((get_args(one)[1] for one in members_of(kind) if _is_dict(one)), Any)
    spell_out = _as_given if of is Any else partial(_to_json, kind=of)
    return {
        name: spell_out(member, argument=f"{argument}[{name!r}]")
        for name, member in value.items()
        if not is_omitted(member)
    }


def _as_given(value: Any, argument: str) -> Any:
    """Convert JSON from the caller; nothing in it is left out or renamed."""
    if is_mapping(value):
        return {name: _as_given(member, f"{argument}[{name!r}]") for name, member in value.items()}
    if is_sequence(value):
        return [_as_given(item, f"{argument}[{index}]") for index, item in enumerate(value)]
    return _to_json(value, Any, argument)


def is_union(kind: Any) -> bool:
    """Whether a type is a union, in either spelling."""
    return get_origin(kind) in (Union, UnionType)


def _is_several(kind: Any) -> bool:
    return get_origin(kind) in (list, Sequence)


def _is_dict(kind: Any) -> bool:
    return get_origin(kind) is dict


# Parsed JSON has exactly dicts, and checking the exact type is faster than checking subclasses.
def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether parsed JSON is an object."""
    return type(value) is dict


# Callers may pass subclasses of both.
def is_mapping(value: Any) -> TypeGuard[Mapping[str, Any]]:
    """Whether a value is a mapping."""
    return isinstance(value, Mapping)


def is_sequence(value: Any) -> TypeGuard[Sequence[Any]]:
    """Whether a value is a sequence of values."""
    return type(value) in _ARRAYS or (isinstance(value, Sequence) and not isinstance(value, str | bytes))


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value is a number; True and False are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def members_of(kind: Any) -> tuple[Any, ...]:
    """The members of a union, or the type itself if it is not a union; `Annotated` is removed."""
    if get_origin(kind) is Annotated:
        return members_of(get_args(kind)[0])
    return get_args(kind) if is_union(kind) else (kind,)
