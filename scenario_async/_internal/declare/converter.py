"""Convert JSON to response objects, and nested parameters to JSON.

The converter is lenient. The documentation and the API differ in places, and an undocumented response must
not turn a successful request into a failure:

- fields that a class does not declare are kept in `model_extra`;
- a field that is missing or null is None, even if it is documented as always present;
- a string that is not a documented value is kept;
- a string of digits becomes a number if a number is documented;
- a value of any other undocumented type is kept.

A strict converter raises an error for all of these instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from operator import attrgetter
from types import UnionType
from typing import Annotated, Any, Final, Literal, TypeGuard, TypeVar, Union, get_args, get_origin

import attrs
from cattrs import Converter, transform_error
from cattrs.cols import list_structure_factory
from cattrs.gen import (
    make_dict_structure_fn_from_attrs,  # pyright: ignore[reportUnknownVariableType] - untyped
    override,
)

from scenario_async._internal.declare.omitted import is_omitted
from scenario_async._internal.response import number
from scenario_async.errors import InvalidArgumentError

T = TypeVar("T")

_WIRE_NAME: Final = "wire_name"


def named(wire_name: str) -> Mapping[str, str]:
    """Metadata of a field whose name in the API is not its own name in camelCase, e.g.

    ``costPerAssetMaxCU``.
    """
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


@lru_cache(maxsize=2)
def converter(*, strict: bool = False) -> Converter:
    """Return the converter for responses: the lenient one unless `strict` is set."""
    made = Converter(detailed_validation=strict, forbid_extra_keys=strict)
    if strict:
        _refuse_other_kinds(made)
    else:

        def any_kind(kind: Any) -> _Hook:
            return _reader(kind, made) or _as_it_came

        made.register_structure_hook_factory(lambda _: True, any_kind)
    return made


def structure(value: Any, answer_type: type[T], *, strict: bool = False) -> T:
    """Convert parsed JSON to a response object.

    Raises:
        ValueError: A value has the wrong type; the message has its place. Only if `strict`.
    """
    if not strict:
        kind: Any = answer_type
        made: T = _lenient_reader(kind)(value, kind)
        return made
    try:
        return converter(strict=True).structure(value, answer_type)
    except Exception as error:
        raise ValueError("; ".join(transform_error(error, path="answer"))) from error


@cache
def _lenient_reader(answer_type: Any) -> _Hook:
    """Cached for each type, because the converter's own look-up takes as long as reading a small response."""
    return converter().get_structure_hook(answer_type)


# --- lenient ----------------------------------------------------------------------------

_Hook = Callable[[Any, Any], Any]


def _as_it_came(value: Any, _: Any) -> Any:
    return value


def _lenient_number(value: Any, _: Any) -> Any:
    if type(value) is not str:
        return value
    read = number(value)
    return value if read is None else read


def _lenient_float(value: Any, _: Any) -> Any:
    if type(value) is float:
        return value
    if type(value) is str:
        read = number(value)
        return value if read is None else read
    # Only if the conversion is exact: a float represents whole numbers up to 2**53.
    return float(value) if type(value) is int and -(2**53) <= value <= 2**53 else value


def _reader(kind: Any, made: Converter) -> _Hook | None:
    """The function that reads a value of this type; None if the value is kept as it is."""
    readers = (_reader_of_one(member, made) for member in members_of(kind))
    return next((reader for reader in readers if reader is not None), None)


def _reader_of_one(kind: Any, made: Converter) -> _Hook | None:
    if kind is int:
        return _lenient_number
    if kind is float:
        return _lenient_float
    if get_origin(kind) is list:
        return _list_reader(_reader(get_args(kind)[0], made))
    if get_origin(kind) is dict:
        return _dict_reader(_reader(get_args(kind)[1], made))
    return _class_reader(kind, made) if attrs.has(kind) else None


def _list_reader(item: _Hook | None) -> _Hook | None:
    if item is None:
        return None
    return lambda value, _: [item(one, None) for one in value] if _is_list(value) else value


def _dict_reader(item: _Hook | None) -> _Hook | None:
    if item is None:
        return None
    return lambda value, _: (
        {name: item(one, None) for name, one in value.items()} if is_object(value) else value
    )


def _class_reader(kind: Any, made: Converter) -> _Hook:
    cls: type[Any] = get_origin(kind) or kind
    read: Callable[[Mapping[str, Any]], Any] | None = None
    absent: dict[str, None] = {}
    not_in_json: list[attrs.Attribute[Any]] = []

    def read_class(value: Any, _: Any) -> Any:
        nonlocal read
        if not is_object(value):
            return value
        if read is None:  # built on first use, because most responses need few of the classes
            not_in_json.extend(one for one in attrs.fields(cls) if not one.init)
            absent.update((wire_name(one), None) for one in attrs.fields(cls) if one.init)
            read = _compile_reader(cls, made)
        members = absent | value
        answer = read(members)
        for one in not_in_json:
            setattr(answer, one.name, one.default)
        if len(members) > len(absent):
            extra = {name: member for name, member in value.items() if name not in absent}
            object.__setattr__(answer, "_extra", extra)
        answer.__class__ = cls
        return answer

    return read_class


def _compile_reader(cls: type[Any], made: Converter) -> Callable[[Mapping[str, Any]], Any]:
    """Make a function that sets each field of a new `_settable` instance, from an object with all members."""
    untyped: list[attrs.Attribute[Any]] = []
    overrides: dict[str, Any] = {}
    for one in filter(attrgetter("init"), fields_of(cls)):
        reader = _reader(one.type, made)
        # The generated code takes the value without a call only if there is a preferred converter of attrs,
        # which is never called. It sets a field of a new instance only if the field is not an argument.
        converter = _as_it_came if reader is None else None
        untyped.append(one.evolve(type=None, converter=converter, init=False, default=attrs.NOTHING))
        overrides[one.name] = override(rename=wire_name(one), struct_hook=reader)
    return make_dict_structure_fn_from_attrs(
        untyped,
        _settable(cls),
        made,
        _parameters(cls),
        _cattrs_prefer_attrib_converters=True,
        _cattrs_include_init_false=True,
        **overrides,
    )


def _settable(cls: type[Any]) -> type[Any]:
    """Make a subclass of a `Value` class that has no arguments, and whose fields can be set.

    The fields of an instance are set one by one, and then its ``__class__`` is set to `cls`. This takes half
    the time of the ``__init__`` of a frozen class, which calls a function for each field.
    """
    plain = {name: getattr(object, name) for name in ("__init__", "__setattr__", "__delattr__")}
    return type.__new__(type(cls), cls.__name__, (cls,), {"__slots__": (), **plain})


# --- strict -----------------------------------------------------------------------------


def _refuse_other_kinds(made: Converter) -> None:
    made.register_structure_hook(str, _exactly(str))
    made.register_structure_hook(bool, _exactly(bool))
    made.register_structure_hook(int, _exactly(int))
    made.register_structure_hook(float, _exactly(float, int))
    made.register_structure_hook_func(lambda kind: kind is object, _as_it_came)

    def union(kind: Any) -> _Hook:
        return _strict_union(kind, made)

    def array(kind: Any) -> _Hook:
        return _checked(list, list_structure_factory(kind, made))

    def object_of(cls: Any) -> _Hook:
        return _checked(dict, _strict_class(cls, made))

    made.register_structure_hook_factory(_is_union, union)
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
    """In strict mode, only documented values are accepted, and None only where it is documented."""
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


# --- nested parameters ------------------------------------------------------------------


_ARRAYS: Final = (list, tuple)
_PLAIN: Final = (str, int)


def to_json(value: Any, kind: Any, argument: str) -> Any:
    """Convert a parameter to JSON with camelCase names, without fields that are None.

    Args:
        value: A value of the declared type, or a plain dict in its place.
        kind: The declared type.
        argument: The argument's name, for errors.

    Raises:
        InvalidArgumentError: A dict has a key that its type does not declare.
    """
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
            wire_name(one): to_json(member, one.type, f"{argument}.{one.name}")
            for one in fields_of(value.__class__)
            if (member := getattr(value, one.name)) is not None
        }
    if is_mapping(value):
        return _dict_to_json(value, kind, argument)
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidArgumentError(argument, value, "a finite number is needed")
    if is_sequence(value):
        of = next((get_args(member)[0] for member in members_of(kind) if get_args(member)), Any)
        return [to_json(item, of, f"{argument}[{index}]") for index, item in enumerate(value)]
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
            names = ", ".join(declared)
            raise InvalidArgumentError(f"{argument}[{name!r}]", member, f"{cls.__name__} has only {names}")
        if member is not None and not is_omitted(member):
            sent[wire_name(one)] = to_json(member, one.type, f"{argument}[{name!r}]")
    return sent


def _free_form_to_json(value: Mapping[str, Any], kind: Any, argument: str) -> dict[str, Any]:
    """A dict with the caller's own keys: it is sent unchanged, with null for None."""
    of = next((get_args(one)[1] for one in members_of(kind) if _is_dict(one)), Any)
    spell_out = _as_given if of is Any else partial(to_json, kind=of)
    return {
        name: spell_out(member, argument=f"{argument}[{name!r}]")
        for name, member in value.items()
        if not is_omitted(member)
    }


def _as_given(value: Any, argument: str) -> Any:
    """JSON from the caller: nothing in it is left out or renamed."""
    if is_mapping(value):
        return {name: _as_given(member, f"{argument}[{name!r}]") for name, member in value.items()}
    if is_sequence(value):
        return [_as_given(item, f"{argument}[{index}]") for index, item in enumerate(value)]
    return to_json(value, Any, argument)


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType)


def _is_array(kind: Any) -> bool:
    return get_origin(kind) is list


def _is_several(kind: Any) -> bool:
    return get_origin(kind) in (list, Sequence)


def _is_dict(kind: Any) -> bool:
    return get_origin(kind) is dict


# Parsed JSON has exactly lists and dicts, and checking the exact type is faster than checking subclasses.
def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return type(value) is list


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


def members_of(kind: Any) -> tuple[Any, ...]:
    """The members of a union, or the type itself if it is not a union; `Annotated` is removed."""
    if get_origin(kind) is Annotated:
        return members_of(get_args(kind)[0])
    return get_args(kind) if _is_union(kind) else (kind,)
