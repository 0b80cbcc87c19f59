"""Read fields of responses and ledgers, which may be missing or have a value of another type."""

from __future__ import annotations

from typing import Final, TypeGuard

from scenario_async._internal.declare.converter import is_number

_LONGEST_ID: Final = 256

_LARGEST_NUMBER: Final = 2**53
"""The largest whole number that JSON keeps exactly."""


def text_of(value: object, field: str) -> str | None:
    """Return a field that is a non-empty string; None for anything else."""
    text: object = getattr(value, field, None)
    return text if isinstance(text, str) and text else None


def number_of(value: object, field: str) -> float | None:
    """Return a field that is a whole number, 0 or more; None for anything else, such as NaN."""
    number: object = getattr(value, field, None)
    return number if is_number(number) and 0 <= number <= _LARGEST_NUMBER and number % 1 == 0 else None


def is_id(value: object) -> TypeGuard[str]:
    """Whether a value can be an id: printable text of at most 256 characters that is not blank."""
    return (
        isinstance(value, str) and len(value) <= _LONGEST_ID and value.isprintable() and bool(value.strip())
    )


def id_of(value: object, field: str = "id") -> str | None:
    """Return a field that can be an id; None for anything else."""
    identifier: object = getattr(value, field, None)
    return identifier if is_id(identifier) else None
