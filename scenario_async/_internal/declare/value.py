"""The base class of requests and responses: frozen, compared by fields, and shown without None fields."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar, cast, dataclass_transform

import attrs

from scenario_async._internal.declare.conversions import Conversions
from scenario_async._internal.declare.converter import is_mapping

__all__ = ["Value"]


class _SlottedClass(type):
    """Makes each class a frozen attrs class with slots.

    This is a metaclass because a class needs its slots when it is created, and `__init_subclass__` runs
    later. Without slots, 200 assets need three times the memory (1,439 instead of 488 KiB).
    """

    def __new__(cls, name: str, bases: tuple[type[Any], ...], members: dict[str, Any], **options: Any) -> Any:
        made: Any = super().__new__(cls, name, bases, members, **options)
        if "__attrs_attrs__" in members:  # attrs creates each class with slots a second time
            return made
        return attrs.frozen(made, kw_only=True, eq=False, repr=False, getstate_setstate=False)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(attrs.field,))
class Value(Conversions, metaclass=_SlottedClass):
    """A frozen attrs class whose fields are keyword arguments; a subclass only declares its fields.

    attrs would compile a comparison, a hash and a repr for each of about four hundred classes, and would
    block the event loop for that time when a class is first used. Here these methods are written once. The
    repr leaves out fields that are None, because an asset has sixty fields and most responses have only a
    dozen of them.
    """

    __attrs_attrs__: ClassVar[Any]

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return _compared(self) == _compared(other)

    def __hash__(self) -> int:
        # So that responses can be members of a set although most of them have lists.
        return hash((self.__class__, _hashable(_compared(self))))

    def __repr__(self) -> str:
        shown = [
            f"{one.name}={value!r}"
            for one in attrs.fields(self.__class__)
            if one.repr and (value := getattr(self, one.name)) is not None
        ]
        return f"{self.__class__.__qualname__}({', '.join(shown)})"

    def _repr_html_(self) -> str | None:
        """Show the fields as a table in a notebook, without the signatures of URLs."""
        from scenario_async._internal.display.values import html_of_value

        return html_of_value(self)


def _hashable(value: Any) -> Any:
    """Return a value that has a hash and is the same for equal values."""
    if isinstance(value, list | tuple):
        return tuple(map(_hashable, cast("Sequence[Any]", value)))
    if is_mapping(value):
        return frozenset((name, _hashable(member)) for name, member in value.items())
    # Not `isinstance`, after which type checkers would not know the type of the items.
    return frozenset(value) if issubclass(type(value), AbstractSet) else value


def _compared(value: Any) -> tuple[Any, ...]:
    """Return the fields of a value, and the response fields that its class does not declare."""
    fields = (getattr(value, one.name) for one in attrs.fields(value.__class__) if one.eq)
    return (*fields, value.model_extra)
