"""Make file names that can be sent, and compare names."""

from __future__ import annotations

import unicodedata
from typing import Final

_REPLACEMENT: Final = "_"
_LONGEST: Final = 255
"""The longest name that is sent, in characters: the limit of file systems."""

_UNSENDABLE: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of characters that are replaced: controls, surrogates, unassigned ones, line separators."""

_DIRECTIONS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of text, so that a name looks like another name."""


def sendable_name(name: str) -> str:
    """Replace each character of a name that JSON or a terminal cannot represent by ``_``.

    A file name can contain bytes that are not UTF-8, which Python represents as lone surrogates. Letters of
    any script, emoji and spaces are not changed.
    """
    if name.isascii() and name.isprintable():
        return name if len(name) <= _LONGEST else _shortened(name)
    cleaned = "".join(
        _REPLACEMENT if unicodedata.category(letter) in _UNSENDABLE or letter in _DIRECTIONS else letter
        for letter in name
    )
    return _shortened(cleaned)


def encodable_text(value: object) -> str:
    """Return a path, a name or an error as text for JSON, with escapes for its lone surrogates."""
    return str(value).encode(errors="backslashreplace").decode()


def plain_name(name: str) -> str:
    """Return a file name in the form in which names are compared.

    A Mac stores an accented letter as a letter and an accent, and other programs write it as one character.
    """
    return unicodedata.normalize("NFC", name.replace("\\", "/").removeprefix("./"))


def _shortened(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > _LONGEST // 8:
        return name[:_LONGEST]
    return f"{stem[: _LONGEST - len(suffix) - 1]}.{suffix}"
