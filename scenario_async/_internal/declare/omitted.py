"""`NOT_GIVEN` and `omit`: values that mean "this argument was not passed".

For the arguments of operations, None has the same meaning. These values exist for two reasons. Code for the
official package passes them. And ``timeout=None`` means "no limit", while ``timeout=NOT_GIVEN`` means "the
client's timeout".
"""

from __future__ import annotations

from typing import Any, Final, Literal


class NotGiven:
    """The type of `NOT_GIVEN`."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "NOT_GIVEN"


class Omit:
    """The type of `omit`."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "omit"


# Typed as Any, so that type checkers accept these values for every argument.
NOT_GIVEN: Final[Any] = NotGiven()
not_given: Final[Any] = NOT_GIVEN
omit: Final[Any] = Omit()

_TYPES: Final = frozenset({NotGiven, Omit})


def is_omitted(value: object) -> bool:
    """Whether a value is `NOT_GIVEN` or `omit`."""
    return type(value) in _TYPES


def drop_omitted(arguments: dict[str, object]) -> None:
    """Remove the arguments that are `NOT_GIVEN` or `omit`."""
    if not _TYPES.isdisjoint(map(type, arguments.values())):
        for name in [name for name, value in arguments.items() if type(value) in _TYPES]:
            del arguments[name]
