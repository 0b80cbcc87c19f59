"""Read ``NAME=VALUE`` from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from scenario_async.errors import InvalidArgumentError


def named_values(given: Sequence[str], argument: str) -> dict[str, Any]:
    """Read several ``NAME=VALUE``: a value is JSON where it can be read as such, and text otherwise.

    ``@FILE`` is a file, and a name that is given several times is a list.

    Raises:
        InvalidArgumentError: One has no ``=``, or its file is not there.
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
        if not path.is_file():
            raise InvalidArgumentError(argument, text, "there is no such file")
        return path
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
