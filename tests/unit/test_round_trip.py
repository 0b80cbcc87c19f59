"""Each value class gives an equal value after conversion to JSON and back."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin

import attrs
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenario_async import values
from scenario_async._internal.declare.converter import fields_of, to_json, wire_name
from scenario_async._internal.declare.operation import Request
from scenario_async._internal.declare.reading import structure


def value_classes() -> list[type[Any]]:
    """All attrs classes of `scenario_async.values` except the requests, which are only sent."""
    found: list[type[Any]] = []
    for module_info in pkgutil.iter_modules(values.__path__):
        module = import_module(f"{values.__name__}.{module_info.name}")
        found += [
            member
            for member in vars(module).values()
            if isinstance(member, type)
            and attrs.has(member)
            and member.__module__ == module.__name__
            and not issubclass(member, Request)
        ]
    return found


CLASSES = value_classes()

# NaN does not equal itself, and JSON does not keep the sign of zero.
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
# Null is never sent, so no value that is read back has it.
FREE = st.recursive(
    st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)


@cache
def members_of(kind: Any, *, depth: int, closed: bool) -> st.SearchStrategy[Any]:
    """Values of an annotated type; `closed` enumerations have only their documented values."""
    if get_origin(kind) in {Union, UnionType}:
        kinds = [member for member in get_args(kind) if member is not type(None)]
        literal = [member for member in kinds if get_origin(member) is Literal]
        made = [
            members_of(one, depth=depth, closed=closed) for one in (literal if closed and literal else kinds)
        ]
        return st.one_of(st.none(), *made) if type(None) in get_args(kind) else st.one_of(made)
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) is list:
        return st.lists(members_of(get_args(kind)[0], depth=depth, closed=closed), max_size=2)
    if get_origin(kind) is dict:
        return st.dictionaries(TEXT, members_of(get_args(kind)[1], depth=depth, closed=closed), max_size=2)
    if attrs.has(kind):
        return values_of(kind, depth=depth - 1, closed=closed)
    simple: dict[Any, st.SearchStrategy[Any]] = {str: TEXT, bool: st.booleans(), float: NUMBERS, Any: FREE}
    return st.integers(-(2**53), 2**53) if kind is int else simple[kind]


@cache
def values_of(cls: Any, *, depth: int, closed: bool) -> st.SearchStrategy[Any]:
    """Values of a class; below a given depth, only with the required members."""
    made = {
        one.name: members_of(cast("Any", one.type), depth=depth, closed=closed)
        for one in fields_of(cls)
        if one.default is attrs.NOTHING or depth > 0
    }
    # Most members of a large class are omitted, because larger examples would be too slow to generate.
    needed = {one.name for one in fields_of(cls) if one.default is attrs.NOTHING}
    optional = sorted(made.keys() - needed)
    chosen = st.sets(st.sampled_from(optional), max_size=6) if optional else st.just(set[str]())
    return chosen.flatmap(
        lambda names: st.builds(cls, **{name: made[name] for name in sorted(needed | names)})
    )


def test_there_are_classes() -> None:
    """The search finds all modules: one known class of each is found."""
    found = {cls.__name__ for cls in CLASSES}
    assert {"Asset", "AssetMetadata", "Job", "Model", "QualityGate", "TrainingImage", "Upload"} <= found
    assert {"AssetLink", "ModelInput", "TrainingParameters", "UiConfig"} <= found


def shapes_of(kind: Any) -> int:
    """The largest number of classes, lists and dicts that a type allows in one place."""
    members = get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)
    shapes = [one for one in members if attrs.has(one) or get_origin(one) in {list, dict}]
    within = [shapes_of(get_args(one)[-1]) for one in shapes if get_args(one)]
    return max([len(shapes), *within])


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_each_place_allows_one_structure(cls: type[Any]) -> None:
    """No field may have one of several classes or lists, because the converter reads only the first one."""
    assert all(shapes_of(one.type) <= 1 for one in fields_of(cls))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_names_are_different(cls: type[Any]) -> None:
    """No two fields of a class have the same name in JSON."""
    names = [wire_name(one) for one in fields_of(cls)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("closed", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_round_trip(cls: Any, closed: bool, data: st.DataObject) -> None:
    """A value that was converted to JSON and back is equal, with either converter."""
    value = data.draw(values_of(cls, depth=1, closed=closed))
    sent = orjson.loads(orjson.dumps(to_json(value, cls, "value")))
    assert structure(sent, cls, strict=closed) == value
    assert not [name for name, member in sent.items() if member is None]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_round_trip_through_a_dict(cls: Any, data: st.DataObject) -> None:
    """A dict with the names of the API or with Python names, as Pydantic writes it, is read again."""
    value = data.draw(values_of(cls, depth=1, closed=False))
    assert cls.from_dict(value.to_dict()) == value
    assert cls.model_validate(value.model_dump()) == value
