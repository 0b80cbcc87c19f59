"""What requests and answers are: frozen values, equal by their members, shown with those that they have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

__all__ = ["frozen"]

T = TypeVar("T")

if TYPE_CHECKING:
    from attrs import frozen
else:

    def frozen(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
        """Make a frozen attrs class, at half of what `attrs.frozen` takes.

        attrs would compile a comparison, a hash and a repr for each of some four hundred classes, and hold an
        event loop for as long when a noun is first used. Here they are written once, and the repr leaves out
        what is None: an asset has sixty members, of which most answers have a dozen.
        """

        def decorate(cls: Any) -> Any:
            cls.__eq__, cls.__hash__, cls.__repr__ = _equal, _hash, _shown
            return attrs.frozen(cls, kw_only=kw_only, eq=False, repr=False)

        return decorate


def _members(of: Any) -> tuple[Any, ...]:
    fields: Any = attrs.fields(of.__class__)
    return tuple(getattr(of, one.name) for one in fields if one.eq)


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _members(self) == _members(other)


def _hash(self: Any) -> int:
    return hash((self.__class__, _members(self)))


def _shown(self: Any) -> str:
    fields: Any = attrs.fields(self.__class__)
    shown = [
        f"{one.name}={member!r}"
        for one in fields
        if one.repr and (member := getattr(self, one.name)) is not None
    ]
    return f"{self.__class__.__qualname__}({', '.join(shown)})"
