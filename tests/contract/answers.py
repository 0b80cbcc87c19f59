"""Responses that the service may send, created from the response classes of the official package."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, Literal, get_args, get_origin

import pydantic
from attrs import field, frozen
from pydantic.fields import FieldInfo

from .official import Operation, without_none

_FREE_FORM: Final[dict[str, Any]] = {"someName": [1, 2.5, None, {"innerName": "text"}], "other_name": {}}

UNKNOWN_FIELD: Final = "notYetDocumented"
UNKNOWN_VALUE: Final = "not-yet-documented"


@frozen
class Answers:
    """Creates responses of one kind. All values in a response differ, so that none can be confused.

    Attributes:
        optional: Whether optional fields are present.
        null: Whether the optional fields are null.
        unknown: Whether there are undocumented fields and undocumented values of enumerations.
        choice: The index of the value of each enumeration; the last value if the index is too large.
    """

    optional: bool = True
    null: bool = False
    unknown: bool = False
    choice: int = 0
    _numbers: Iterator[int] = field(factory=lambda: itertools.count(1), init=False)

    def of(self, operation: Operation) -> Any:
        """A response of an operation."""
        return self._value(operation.answer, operation.name, ())

    def _value(self, kind: Any, name: str, inside: tuple[Any, ...]) -> Any:
        if is_model(kind):
            return self._object(kind, name, (*inside, kind))
        if get_origin(kind) is list:
            one = self._value(get_args(kind)[0], f"{name}[0]", inside)
            # One object is enough; with several, the size of a response would grow with each level.
            return [one] if isinstance(one, dict | list) else [one, self._scalar(get_args(kind)[0], name)]
        if get_origin(kind) is dict:
            return {"someName": self._value(get_args(kind)[1], f"{name}.someName", inside)}
        return self._scalar(kind, name)

    def _object(self, model: type[pydantic.BaseModel], name: str, inside: tuple[Any, ...]) -> dict[str, Any]:
        made: dict[str, Any] = {UNKNOWN_FIELD: _FREE_FORM} if self.unknown else {}
        for attribute, one in model.model_fields.items():
            wire_name = one.alias or attribute
            kind = without_none(one.annotation)
            if one.is_required():
                made[wire_name] = self._value(kind, f"{name}.{wire_name}", inside)
            elif self.null:
                made[wire_name] = None
            elif self.optional and kind not in inside:
                made[wire_name] = self._value(kind, f"{name}.{wire_name}", inside)
        return made

    def _scalar(self, kind: Any, name: str) -> Any:
        number = next(self._numbers)
        if get_origin(kind) is Literal:
            return self._choice(get_args(kind))
        if kind is datetime:
            return f"2025-01-01T00:00:{number % 60:02}.{number % 1000:03}Z"
        by_kind: dict[Any, Any] = {
            str: f"{name} {number}",
            bool: number % 2 == 0,
            int: number,
            float: number / 2,
            object: _FREE_FORM,
        }
        return by_kind[kind]

    def _choice(self, values: Sequence[Any]) -> Any:
        if not self.unknown:
            return values[min(self.choice, len(values) - 1)]
        if isinstance(values[0], str):
            return UNKNOWN_VALUE
        return not values[0] if isinstance(values[0], bool) else max(values) + 1


def is_model(kind: Any) -> bool:
    """Whether a type is one of the official package's response classes."""
    return isinstance(kind, type) and issubclass(kind, pydantic.BaseModel)


def longest_enumeration(operation: Operation) -> int:
    """The number of values of the longest enumeration in an operation's response; 1 if there is none."""
    return max(_sizes(operation.answer, set()), default=1)


def _sizes(kind: Any, seen: set[Any]) -> Iterator[int]:
    if get_origin(kind) is Literal:
        yield len(get_args(kind))
    elif is_model(kind):
        if kind not in seen:
            seen.add(kind)
            fields: Iterator[FieldInfo] = iter(kind.model_fields.values())
            for one in fields:
                yield from _sizes(without_none(one.annotation), seen)
    else:
        for inner in get_args(kind):
            yield from _sizes(inner, seen)
