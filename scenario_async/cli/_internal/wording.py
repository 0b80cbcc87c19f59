"""Messages of the library in the words of the command line."""

from __future__ import annotations

import re
from typing import Final

_PYTHON_WORDS: Final = (
    (re.compile(r"; got (None|True)$"), ""),
    (re.compile(r"`(ledger|report)=`"), r"--\1"),
    (re.compile(r"; None for no limit"), ""),
    (re.compile(r", or False for none"), ", or --no-ledger"),
    (re.compile(r"recursive=True takes"), "--recursive takes"),
    (re.compile(r", and to hosts that you allow with allow_http=\(.*?,\)"), ""),
)
"""Parts of messages for Python callers, and their replacements on the command line."""


def in_a_command(message: str) -> str:
    """Return a message of the library without the arguments and values that only Python has."""
    for pattern, replacement in _PYTHON_WORDS:
        message = pattern.sub(replacement, message)
    return message
