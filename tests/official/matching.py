"""Check that a response has the documented type, like `tests.utils` of the official tests."""

from __future__ import annotations

from collections.abc import Sequence
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from scenario_async._internal.declare.converter import is_object, is_sequence
from scenario_async.pagination import CursorPage, OffsetPage


def assert_matches_type(kind: Any, value: object, *, path: Sequence[str]) -> None:
    """Fail unless a value and all its members have their declared types.

    Args:
        kind: The type: a class of this package, a page, a list, a dict, a union or a plain type.
        value: The result of the operation.
        path: The place of the value, for the error message.
    """
    assert _matches(kind, value), f"{'.'.join(path)}: {value!r} is not a {kind}"


def _matches(kind: Any, value: Any) -> bool:
    origin, args = get_origin(kind), get_args(kind)
    if kind in {object, Any}:
        return True
    if origin in {Union, UnionType}:
        return any(_matches(one, value) for one in args)
    if origin is Literal:
        return value in args
    if origin is list:
        return is_sequence(value) and all(_matches(args[0], one) for one in value)
    if origin is dict:
        return is_object(value) and all(_matches(args[1], one) for one in value.values())
    if origin in {CursorPage, OffsetPage}:
        return isinstance(value, origin) and all(_matches(args[0], one) for one in page_items(value))
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    cls: Any = origin or kind
    return isinstance(value, cls) and _members_match(cls, value)


def page_items(page: Any) -> list[Any]:
    """The items of a page."""
    return list(page.items)


def _members_match(cls: Any, value: Any) -> bool:
    if not attrs.has(cls):
        return True
    fields: Any = attrs.fields(attrs.resolve_types(cls))
    return all(_matches(one.type, getattr(value, one.name)) for one in fields)
