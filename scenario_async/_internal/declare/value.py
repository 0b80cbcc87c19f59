"""The base class of requests and responses: frozen, compared by their fields, shown without what is None."""

from __future__ import annotations

from typing import Any, ClassVar, dataclass_transform

import attrs

from scenario_async._internal.declare.conversions import Conversions

__all__ = ["Value"]


class _SlottedClass(type):
    """Makes each class a frozen attrs class with slots.

    A metaclass, because slots have to be there when a class is made: `__init_subclass__` comes too late for
    them, and without slots 200 assets take three times the memory (1,439 instead of 488 KiB).
    """

    def __new__(cls, name: str, bases: tuple[type[Any], ...], members: dict[str, Any], **options: Any) -> Any:
        made: Any = super().__new__(cls, name, bases, members, **options)
        if "__attrs_attrs__" in members:  # attrs makes each class with slots a second time
            return made
        return attrs.frozen(made, kw_only=True, eq=False, repr=False, getstate_setstate=False)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(attrs.field,))
class Value(Conversions, metaclass=_SlottedClass):
    """A frozen attrs class whose fields are keyword arguments: write the fields, nothing else is needed.

    attrs would compile a comparison, a hash and a repr for each of some four hundred classes, and hold an
    event loop for as long when one is first used. Here they are written once, and the repr leaves out what
    is None: an asset has sixty fields, of which most responses have a dozen.
    """

    __attrs_attrs__: ClassVar[Any]

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return _compared_fields(self) == _compared_fields(other)

    def __hash__(self) -> int:
        return hash((self.__class__, _compared_fields(self)))

    def __repr__(self) -> str:
        shown = [
            f"{one.name}={value!r}"
            for one in attrs.fields(self.__class__)
            if one.repr and (value := getattr(self, one.name)) is not None
        ]
        return f"{self.__class__.__qualname__}({', '.join(shown)})"

    def _repr_html_(self) -> str | None:
        """Show the fields as a table in a notebook, without what signs URLs."""
        from scenario_async._internal.display.values import html_of_value

        return html_of_value(self)


def _compared_fields(value: Any) -> tuple[Any, ...]:
    return tuple(getattr(value, one.name) for one in attrs.fields(value.__class__) if one.eq)
