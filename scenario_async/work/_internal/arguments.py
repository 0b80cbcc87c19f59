"""Check arguments that several calls have."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

import orjson

from scenario_async._internal.declare.converter import is_mapping, is_sequence
from scenario_async._internal.paths import read_path
from scenario_async._internal.pictures.picture import Picture
from scenario_async.errors import InvalidArgumentError

_DEEPEST: Final = 100
"""The most lists and dicts within each other in an argument. orjson writes 254, with those around it."""


def ids_of(argument: str, given: object) -> list[str]:
    """Return the ids in an argument that takes one or several.

    Raises:
        InvalidArgumentError: It has no id, or is something else.
    """
    _refuse_mapping(argument, given, "an id is needed, or a list of ids, and not a mapping")
    try:
        ids: list[Any] = [given] if isinstance(given, str) else list(cast("Sequence[Any]", given))
    except TypeError:
        raise InvalidArgumentError(argument, given, "an id is needed, or a list of ids") from None
    for one in ids:
        if not isinstance(one, str) or not one.strip():
            raise InvalidArgumentError(argument, given, "every id has to be a string that is not empty")
    if not ids:
        raise InvalidArgumentError(argument, given, "at least one id is needed")
    return ids


def check_text(argument: str, given: object, expected: str) -> None:
    """Check that an argument is a string, and not blank.

    Raises:
        InvalidArgumentError: It is not.
    """
    if not isinstance(given, str) or not given.strip():
        raise InvalidArgumentError(argument, given, expected)


def check_texts(argument: str, given: object, expected: str) -> tuple[str, ...]:
    """Return the strings of a list.

    Raises:
        InvalidArgumentError: It is not a list of strings.
    """
    _refuse_mapping(argument, given, expected)
    try:
        texts: tuple[Any, ...] = tuple(cast("Sequence[Any]", given))
    except TypeError:
        raise InvalidArgumentError(argument, given, expected) from None
    if isinstance(given, str) or not all(isinstance(one, str) for one in texts):
        raise InvalidArgumentError(argument, given, expected)
    return texts


def _refuse_mapping(argument: str, given: object, expected: str) -> None:
    """Refuse a mapping, such as an object of a response, whose keys would be taken for the values."""
    if is_mapping(given):
        raise InvalidArgumentError(argument, given, expected)


def check_key(key: object) -> None:
    """Check the argument `key`, which may be None.

    Raises:
        InvalidArgumentError: It is not text, or blank.
    """
    if key is not None:
        check_text("key", key, "a text is needed, or None for no key")


def check_mapping(argument: str, given: object, expected: str) -> None:
    """Check that an argument is a dict whose keys are strings.

    Raises:
        InvalidArgumentError: It is not.
    """
    if not is_mapping(given) or not all(isinstance(name, str) for name in cast("Any", given)):
        raise InvalidArgumentError(argument, given, expected)


def check_sendable(argument: str, value: object, *, kinds: str = "JSON values") -> None:
    """Check that a value can be written as JSON, apart from files in it.

    Args:
        argument: The argument's name.
        value: Its value.
        kinds: What may be sent, for the error.

    Raises:
        InvalidArgumentError: It is nested too deeply, or contains a number of more than 64 bits or a lone
            surrogate.
    """
    if _is_nested_deeply(value):
        raise InvalidArgumentError(argument, value, f"at most {_DEEPEST} nested lists and dicts can be sent")
    try:
        orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS, default=_without_files)
    except TypeError as error:
        raise InvalidArgumentError(argument, value, f"only {kinds} can be sent ({error})") from None


def _is_nested_deeply(given: object) -> bool:
    """Whether too many lists and dicts are within each other; orjson itself has no limit for tuples."""
    waiting: list[tuple[Any, int]] = [(given, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _DEEPEST:
            return True
        if is_mapping(value):
            waiting += [(one, depth + 1) for one in value.values()]
        elif is_sequence(value) and not is_file(value):
            waiting += [(one, depth + 1) for one in value]
    return False


def _without_files(value: object) -> object:
    """Return a list or a dict for an object that is like one, None for a file, and a text for the others."""
    if is_mapping(value):
        return dict(value)
    if is_file(value):
        return None
    return list(value) if is_sequence(value) else str(value)


def is_file(value: Any) -> bool:
    """Whether a value is a picture, and not the id of an asset."""
    return isinstance(value, bytes | bytearray | memoryview | Path | Picture) or hasattr(value, "read")


def read_folder(argument: str, given: object) -> Path:
    """Return the path of a folder in an argument.

    Raises:
        InvalidArgumentError: It is not a path, or an empty one.
    """
    return read_path(argument, given, "the path of a folder is needed; '.' is the current folder")
