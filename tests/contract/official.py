"""The operations of the official package, with their arguments and responses.

All of it is read from the installed package, so it is always up to date.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cache, reduce
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, Required, Union, cast, get_args, get_origin, get_type_hints

import scenario_sdk
from attrs import field, frozen

# The marker of an omitted argument and the base class of all resources are not public.
from scenario_sdk._resource import SyncAPIResource
from scenario_sdk._types import Omit

_OPTIONS: Final = frozenset({"self", "extra_headers", "extra_query", "extra_body", "timeout"})
"""Parameters of every function that are options of the call, not fields of the request."""


@frozen
class Argument:
    """An argument of an operation, or a member of a nested one.

    Attributes:
        name: Its name in Python.
        kind: Its type, without the marker of an omitted argument.
        required: Whether it is required.
        positional: Whether it may be passed by position.
    """

    name: str
    kind: Any
    required: bool
    positional: bool = False


@frozen
class Operation:
    """An operation of the API.

    Attributes:
        name: The Python name below the client, e.g. ``"models.training_images.add"``.
        method: The HTTP method.
        path: The path's template, with the API's names.
        arguments: Its arguments, in the order of the signature.
        answer: The type of its result; for a list, the type of the page.
    """

    name: str
    method: str
    path: str
    arguments: tuple[Argument, ...] = field(repr=False)
    answer: Any = field(repr=False)

    def on(self, client: object) -> Callable[..., Any]:
        """The function of this name on a client of either package."""
        return found(client, self.name)


def found(client: object, name: str) -> Callable[..., Any]:
    """The attribute of a client with this dotted name."""
    return cast("Callable[..., Any]", reduce(getattr, name.split("."), client))


def functions(client: object, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every function of an official client that sends a request, with its dotted name."""
    for name in dir(type(client)):
        if name.startswith(("_", "with_")):
            continue
        member = getattr(client, name)
        if isinstance(member, SyncAPIResource):
            yield from functions(member, f"{prefix}{name}.")
        elif prefix and "extra_query" in getattr(member, "__annotations__", {}):
            yield prefix + name, member


@cache
def documented() -> Mapping[str, tuple[str, str]]:
    """Method and path template of each operation that the package's documentation lists, by Python name."""
    text = Path(__file__).with_name("official_operations.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return {name: (method, path) for name, method, path in lines}


@cache
def operations() -> Mapping[str, Operation]:
    """All documented operations of the installed package, by Python name."""
    with scenario_sdk.Scenario(api_key="key", api_secret="secret", base_url="http://localhost") as client:
        return {
            name: _operation(name, method, path, found(client, name))
            for name, (method, path) in documented().items()
        }


def _operation(name: str, method: str, path: str, function: Callable[..., Any]) -> Operation:
    hints = get_type_hints(function)
    arguments = tuple(
        Argument(
            name=one.name,
            kind=_without(Omit, hints[one.name]),
            required=one.default is inspect.Parameter.empty,
            positional=one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD,
        )
        for one in inspect.signature(function).parameters.values()
        if one.name not in _OPTIONS
    )
    return Operation(name, method, path, arguments, hints["return"])


@cache
def members(typed_dict: Any) -> tuple[Argument, ...]:
    """The members of a nested argument."""
    hints = get_type_hints(typed_dict, include_extras=True)
    # `__required_keys__` is not used, because the annotations of these classes are strings.
    return tuple(
        Argument(name, _bare(kind), required=get_origin(kind) is Required) for name, kind in hints.items()
    )


def without_none(kind: Any) -> Any:
    """A type without None."""
    return _without(type(None), _bare(kind))


def _without(unwanted: Any, kind: Any) -> Any:
    if get_origin(kind) not in {Union, UnionType}:
        return kind
    (only,) = (one for one in get_args(kind) if one is not unwanted)
    return only


def _bare(kind: Any) -> Any:
    """A type without annotations."""
    return _bare(get_args(kind)[0]) if get_origin(kind) in {Annotated, Required} else kind
