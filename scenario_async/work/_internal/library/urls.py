"""Show URLs of sources without their credentials: in errors, reports, and as names in the ledger."""

from __future__ import annotations

import hashlib
import re
from typing import Final

_URL: Final = re.compile(r"[A-Za-z][\w.+-]*://[^\s'\"<>]+")

# A password that contains a slash ends the host too early, so everything before the last @ is removed then.
_USER: Final = re.compile(r"\A(?:[^/]*@|[^/]*:(?!\d*(?:/|\Z)).*@)", re.DOTALL)

_OTHERS_BEFORE_AT: Final = frozenset({"abfs", "abfss", "adl", "az", "github", "wasb", "wasbs"})
"""The protocols whose URLs have a container or a repository before the @, instead of a user."""


def has_query(protocol: str) -> bool:
    """Whether a question mark in a protocol's URLs begins a query; in S3 it is a part of the name."""
    return protocol.startswith("http")


def shown_url(url: str) -> str:
    """Return a URL without its user, password and query.

    A query may distinguish files, so it is replaced by a text that is computed from it.
    """
    return "::".join(_shown_part(part) for part in url.split("::"))


def without_credentials(text: str, url: str) -> str:
    """Return an error's message, with each URL in it as `shown_url` returns it.

    Args:
        text: The message.
        url: The URL that caused the error, which the message may contain.
    """
    others = [_URL.sub(lambda found: shown_url(found[0]), part) for part in text.split(url)]
    shown = shown_url(url).join(others)
    for part in url.split("::"):
        protocol, _, rest = part.partition("://")
        # A file system without users shows them as a part of the name.
        if protocol not in _OTHERS_BEFORE_AT and (user := _USER.match(rest)):
            shown = shown.replace(user[0], "")
    return shown


def _shown_part(part: str) -> str:
    protocol, separator, rest = part.partition("://")
    if not separator:
        return part
    query = ""
    if has_query(protocol):
        rest, _, query = rest.partition("?")
    if protocol not in _OTHERS_BEFORE_AT:
        rest = _USER.sub("", rest)
    if query:
        rest = f"{rest}?query-{hashlib.sha256(query.encode('utf-8', 'replace')).hexdigest()[:8]}"
    return f"{protocol}://{rest}"
