"""Check arguments that several calls have."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import orjson

from scenario_async._internal.declare.converter import is_mapping
from scenario_async.errors import InvalidArgumentError
from scenario_async.upload._internal.arguments import read_path


def ids_of(argument: str, given: object) -> list[str]:
    """Return the ids in an argument that takes one or several.

    Raises:
        InvalidArgumentError: It has no id, or is something else.
    """
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
        InvalidArgumentError: It is no list of strings.
    """
    try:
        texts: tuple[Any, ...] = tuple(cast("Sequence[Any]", given))
    except TypeError:
        raise InvalidArgumentError(argument, given, expected) from None
    if isinstance(given, str) or not all(isinstance(one, str) for one in texts):
        raise InvalidArgumentError(argument, given, expected)
    return texts


def check_key(key: object) -> None:
    """Check the argument `key`, which may be None.

    Raises:
        InvalidArgumentError: It is no text, or blank.
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


def check_sendable(argument: str, value: object) -> None:
    """Check that a value can be written as JSON; what is neither a number nor a text is ignored.

    Raises:
        InvalidArgumentError: It contains a number of more than 64 bits or a lone surrogate.
    """
    try:
        orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS, default=str)
    except TypeError as error:
        expected = f"only JSON values can be sent ({error})"
        raise InvalidArgumentError(argument, value, expected) from None


def read_folder(given: object) -> Path:
    """Return the folder in the argument `to`.

    Raises:
        InvalidArgumentError: It is no path, or an empty one.
    """
    return read_path("to", given, "the path of a folder is needed; '.' is the current folder")
