"""Read the path of a file or a folder in an argument."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final, cast

from scenario_async.errors import InvalidArgumentError

_URL: Final = re.compile("([a-z][a-z0-9+.-]+):/", re.IGNORECASE)
"""The beginning of a URL, also after `Path` has removed a slash. A drive has only one letter."""

_HOME: Final = re.compile(r"~[^/\\]*[/\\]|~$")


def read_path(argument: str, given: object, expected: str) -> Path:
    """Return the path in an argument.

    Raises:
        InvalidArgumentError: It is not a path, or an empty one, which would be the current folder. Or it is a
            URL, or begins with ``~``, which would be the name of a new folder. Or it is relative to a current
            folder that was removed.
    """
    path: object = None
    try:
        path = os.fspath(cast("os.PathLike[str]", given))
        os.fsencode(path)  # a lone surrogate cannot be in a name
    except Exception:  # noqa: BLE001 - the `__fspath__` of a caller's object may raise any error
        path = None
    if not isinstance(path, str) or not path.strip() or "\0" in path:
        raise InvalidArgumentError(argument, given, expected)
    if (url := _URL.match(path)) is not None:
        # It may contain a password, so it is not shown.
        raise InvalidArgumentError(argument, f"{url[1]}://…", f"{expected}. This path is a URL")
    if _HOME.match(path) is not None:
        raise InvalidArgumentError(argument, path, f"{expected}. ~ is not replaced: use Path.expanduser()")
    if not Path(path).is_absolute() and _is_current_folder_removed():
        raise InvalidArgumentError(argument, path, f"{expected}. The current folder was removed")
    return Path(path)


def _is_current_folder_removed() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False
