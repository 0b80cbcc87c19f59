"""Convert JSON to response objects.

The conversion is lenient. The documentation and the API differ in places, and an undocumented response must
not turn a successful request into a failure:

- fields that a class does not declare are kept in `model_extra`;
- a field that is missing or null is None, even if it is documented as always present;
- a string that is not a documented value is kept;
- a string of digits becomes a number if a number is documented;
- a value of any other undocumented type is kept.

The strict conversion raises an error for all of these instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeVar, cast, get_args, get_origin

import attrs

from scenario_async._internal.declare.converter import (
    fields_of,
    is_mapping,
    is_object,
    is_sequence,
    members_of,
    wire_name,
)
from scenario_async._internal.response import number

T = TypeVar("T")

_Reader = Callable[[Any], Any]


def structure(value: Any, answer_type: type[T], *, strict: bool = False) -> T:
    """Convert parsed JSON to a response object.

    Raises:
        ValueError: A value has the wrong type; the message has its place. Only if `strict`.
    """
    if strict:
        from scenario_async._internal.declare.strict import structure_strictly

        return structure_strictly(value, answer_type)
    kind: Any = answer_type
    made: T = _reader_of(kind)(value)
    return made


def with_api_names(value: Any, kind: Any) -> Any:
    """Return JSON whose fields have the API's names, even if a caller wrote some with their Python names.

    Args:
        value: The JSON, for example a dict that `model_dump` returned.
        kind: The type as which it will be read.
    """
    for one in members_of(kind):
        cls = get_origin(one) or one
        if attrs.has(cls) and is_mapping(value):
            return _renamed(value, cls)
        if get_origin(one) is dict and is_mapping(value):
            return {name: with_api_names(member, get_args(one)[1]) for name, member in value.items()}
        if get_origin(one) is list and is_sequence(value):
            return [with_api_names(item, get_args(one)[0]) for item in value]
    return value


def _renamed(value: Mapping[str, Any], cls: Any) -> dict[str, Any]:
    known, renamed = _known_names(cls), dict[str, Any]()
    for given, member in value.items():
        name, kind = known.get(given, (given, Any))
        if name != given and name in value:  # both were given, and the API's name counts
            name, kind = given, Any
        renamed[name] = with_api_names(member, kind)
    return renamed


@cache
def _known_names(cls: Any) -> dict[str, tuple[str, Any]]:
    """Return the API's name and the type of each field, by both of its names."""
    by_api_name = {wire_name(one): one for one in fields_of(cls)}
    python_names = {one.name: (name, one.type) for name, one in by_api_name.items()}
    return {**python_names, **{name: (name, one.type) for name, one in by_api_name.items()}}


@cache
def _reader_of(answer_type: Any) -> _Reader:
    return _reader(answer_type) or _unchanged


def _unchanged(value: Any) -> Any:
    return value


def _lenient_number(value: Any) -> Any:
    if type(value) is not str:
        return value
    read = number(value)
    return value if read is None else read


def _lenient_float(value: Any) -> Any:
    if type(value) is int:
        # Only if the conversion is exact: a float represents whole numbers up to 2**53.
        return float(value) if -(2**53) <= value <= 2**53 else value
    return _lenient_number(value)


def _reader(kind: Any) -> _Reader | None:
    """The function that reads a value of this type; None if the value is kept as it is."""
    readers = (_reader_of_one(member) for member in members_of(kind))
    return next((reader for reader in readers if reader is not None), None)


def _reader_of_one(kind: Any) -> _Reader | None:
    if kind is int:
        return _lenient_number
    if kind is float:
        return _lenient_float
    if get_origin(kind) is list:
        return _list_reader(_reader(get_args(kind)[0]))
    if get_origin(kind) is dict:
        return _dict_reader(_reader(get_args(kind)[1]))
    return _class_reader(get_origin(kind) or kind) if attrs.has(kind) else None


# Parsed JSON has exactly lists and dicts, and checking the exact type is faster than checking subclasses.
def _list_reader(item: _Reader | None) -> _Reader | None:
    if item is None:
        return None

    def read_list(value: Any) -> Any:
        if type(value) is not list:
            return value
        return list(map(item, value))  # pyright: ignore[reportUnknownArgumentType] - items of any type

    return read_list


def _dict_reader(item: _Reader | None) -> _Reader | None:
    if item is None:
        return None

    def read_dict(value: Any) -> Any:
        return {name: item(one) for name, one in value.items()} if is_object(value) else value

    return read_dict


@cache
def _class_reader(cls: type[Any]) -> _Reader:
    read: _Reader | None = None

    def read_class(value: Any) -> Any:
        nonlocal read
        if read is None:  # compiled on first use, because most responses need few of the classes
            read = _compile_reader(cls)
        return read(value)

    return read_class


_TEMPLATE: Final = """
def read(value):
    if type(value) is not dict:
        return value
    answer, get = new(settable), value.get
    {statements}
    if not known.issuperset(value):
        answer._extra = {{name: member for name, member in value.items() if name not in known}}
    answer.__class__ = cls
    return answer
"""


def _compile_reader(cls: type[Any]) -> _Reader:
    """Write and compile a function with one statement for each field, as attrs writes an ``__init__``.

    It takes about half the time of the function that cattrs writes, and two thirds of that of a loop.
    The names in it are those of our own classes; nothing in it comes from a response.
    """
    known = {wire_name(one): one for one in fields_of(cls)}
    scope: dict[str, Any] = {
        "new": object.__new__,
        "settable": _settable(cls),
        "cls": cls,
        "known": frozenset(known),
    }
    statements: list[str] = []
    for name, one in known.items():
        value = f"get({name!r})"
        if (reader := _reader(one.type)) is not None:
            scope[f"read_{one.name}"] = reader
            value = f"None if (member := {value}) is None else read_{one.name}(member)"
        statements.append(f"answer.{one.name} = {value}")
    source = _TEMPLATE.format(statements="\n    ".join(statements))
    exec(compile(source, f"<reader of {cls.__name__}>", "exec"), scope)  # noqa: S102 - see the docstring
    return cast("_Reader", scope["read"])


def _settable(cls: type[Any]) -> type[Any]:
    """Make a subclass of a `Value` class whose fields can be set.

    The fields of an instance are set one by one, and then its ``__class__`` is set to `cls`. This takes half
    the time of the ``__init__`` of a frozen class, which calls a function for each field.
    """
    plain = {name: getattr(object, name) for name in ("__setattr__", "__delattr__")}
    return type.__new__(type(cls), cls.__name__, (cls,), {"__slots__": (), **plain})
