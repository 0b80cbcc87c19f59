"""Values that are not usable paths."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final


class OddPath:
    """An object whose path is not text, or cannot be read.

    Args:
        path: What `__fspath__` returns, or the error that it raises.
    """

    def __init__(self, path: Any) -> None:
        self._path = path

    def __repr__(self) -> str:
        return f"OddPath({self._path!r})"

    def __fspath__(self) -> Any:
        """Return or raise what was given."""
        if isinstance(self._path, Exception):
            raise self._path
        return self._path


ODD_PATHS: Final[list[Any]] = [
    "a\0b",
    " ",
    "\ud800",
    OddPath(b"x"),
    OddPath(5),
    OddPath("a\0b"),
    OddPath(KeyError("no home")),
]

NO_PLACES: Final[list[Any]] = [
    Path("postgresql://user:password@host/database"),
    "s3:/user:password@bucket/folder",
    "~/folder/file",
    Path("~somebody", "file"),
    "~",
]
"""Paths that would be those of new folders with odd names, if something was written there."""
