"""Read ``NAME=VALUE`` from the command line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from scenario_async.errors import InvalidArgumentError


def named_values(given: Sequence[str], argument: str) -> dict[str, Any]:
    """Parse several ``NAME=VALUE`` arguments: a value is JSON if it can be parsed as such, or else text.

    A value ``@FILE`` is a file. If a name occurs several times, its value is a list.

    Raises:
        InvalidArgumentError: An argument has no ``=``, or its file does not exist.
    """
    values = dict[str, Any]()
    for one in given:
        name, equals, text = one.partition("=")
        if not equals or not name:
            raise InvalidArgumentError(argument, one, "NAME=VALUE is needed")
        value = _value(text, argument)
        if name not in values:
            values[name] = value
        else:
            before = values[name]
            values[name] = [*before, value] if isinstance(before, list) else [before, value]
    return values


def _value(text: str, argument: str) -> Any:
    if text.startswith("@"):
        path = Path(text[1:])
        if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises for a closed folder
            raise InvalidArgumentError(argument, text, "there is no such file")
        return path
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
