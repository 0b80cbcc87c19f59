"""Options for sending requests, checked in one place for clients and single calls."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal, cast

import aiohttp
from attrs import evolve, field, frozen
from multidict import CIMultiDict

from scenario_async._internal.declare.converter import is_mapping, is_number
from scenario_async._internal.declare.omitted import NOT_GIVEN, is_omitted
from scenario_async._internal.declare.wire import NO_SURROGATES, query_of
from scenario_async._internal.http.connections import CONNECT_TIMEOUT
from scenario_async._internal.http.retries import RetryPolicy
from scenario_async.errors import InvalidArgumentError, check_whole_number, is_encodable

DEFAULT_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT, sock_read=60)
"""The time to connect, and a minute without a byte in either direction; no limit for a large picture."""

RESPONSE_TIMEOUT: Final = 180.0
"""The default time limit in seconds from the headers of a response to its last byte.

In a session of the caller's, it begins with the last byte of the request.
"""

LARGEST_RESPONSE: Final = 64 * 1024 * 1024
"""The default limit for a decompressed response in memory, in bytes."""

LONGEST_TIME: Final = 1e12
"""Seconds; a longer time cannot be added to a time of the event loop."""

NO_TIMEOUT: Final = aiohttp.ClientTimeout(total=None)

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,1000}")
"""The names of headers that HTTP allows."""

_FRAMING: Final = "the client sets this header itself"
_RESERVED: Final = {
    "authorization": "pass credentials as api_key= and api_secret=, or as jwt=",
    "host": _FRAMING,
    "content-length": _FRAMING,
    "transfer-encoding": _FRAMING,
    "connection": _FRAMING,
}


@frozen
class TransportOptions:
    """Options for sending requests.

    Attributes:
        timeout: The time limits of one attempt.
        max_response_size: The largest decompressed response that is read into memory, in bytes.
        allow_http: Hosts other than this machine to which plain http is allowed; see `find_base_url`.
        retries: How many retries there are, and how long the waits are.
        headers: Headers to send with every request to the API, in addition to the client's own.
        query: Query parameters for every request to the API; they replace arguments of the same name.
        default_query: Query parameters for every request to the API, which arguments replace.
    """

    timeout: aiohttp.ClientTimeout = DEFAULT_TIMEOUT
    max_response_size: int = LARGEST_RESPONSE
    allow_http: tuple[str, ...] = ()
    retries: RetryPolicy = field(factory=RetryPolicy)
    headers: Mapping[str, str] = field(factory=CIMultiDict[str], repr=False)
    query: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    default_query: Mapping[str, str] = field(factory=dict[str, str], repr=False)

    @property
    def response_timeout(self) -> float | None:
        """See `RESPONSE_TIMEOUT`; None if the caller's own timeout replaces it."""
        return RESPONSE_TIMEOUT if self.timeout is DEFAULT_TIMEOUT else None

    def changed(
        self,
        *,
        timeout: Any = NOT_GIVEN,
        max_retries: int | None = None,
        headers: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        default_query: Mapping[str, Any] | None = None,
        headers_from: str = "extra_headers",
        default_query_from: str = "default_query",
    ) -> TransportOptions:
        """Return a copy of these options with the given changes.

        Args:
            timeout: Seconds, an `aiohttp.ClientTimeout`, or None for no limit.
            max_retries: Attempts after the first one.
            headers: Headers to add; `omit` as a value removes a header.
            query: Query parameters to add; `omit` as a value removes a parameter.
            default_query: Parameters to add to `default_query`; `omit` as a value removes a parameter.
            headers_from: The name of the argument or variable with the headers, for an error.
            default_query_from: The name of the argument with the default query, for an error.

        Raises:
            InvalidArgumentError: An argument is wrong.
        """
        changes: dict[str, Any] = {}
        if not is_omitted(timeout):
            changes["timeout"] = timeout_of(timeout)
        if max_retries is not None and not is_omitted(max_retries):
            check_whole_number("max_retries", max_retries, at_least=0)
            changes["retries"] = evolve(self.retries, max_retries=max_retries)
        if headers:
            check_mapping(headers_from, headers)
            changes["headers"] = _merged_headers(self.headers, headers, headers_from)
        if query:
            check_mapping("extra_query", query)
            changes["query"] = _merged_query(self.query, query, "extra_query")
        if default_query:
            check_mapping(default_query_from, default_query)
            merged = _merged_query(self.default_query, default_query, default_query_from)
            changes["default_query"] = merged
        return evolve(self, **changes) if changes else self

    def without(self, name: Literal["headers", "query"]) -> TransportOptions:
        """Return the same options without headers, or without query parameters."""
        if name == "headers":
            return evolve(self, headers=CIMultiDict[str]())
        return evolve(self, query={}, default_query={})


def check_mapping(argument: str, given: object) -> None:
    """Check that an argument is a mapping of names to values. The error does not show it: it may be a secret.

    Raises:
        InvalidArgumentError: It is not.
    """
    if not is_mapping(given):
        expected = "a mapping of names to values is needed: {name: value}"
        raise InvalidArgumentError(argument, f"<{type(given).__name__}>", expected)


def timeout_of(given: Any) -> aiohttp.ClientTimeout:
    """Convert an argument to a timeout of aiohttp.

    Args:
        given: Seconds for one attempt, an `aiohttp.ClientTimeout`, None for no limit, or a timeout of httpx,
            whose `connect` and `read` are used.

    Raises:
        InvalidArgumentError: It is none of these.
    """
    if given is None:
        return NO_TIMEOUT
    if isinstance(given, aiohttp.ClientTimeout):
        timeout = given
    elif all(hasattr(given, name) for name in ("connect", "read", "write", "pool")):  # a timeout of httpx
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=given.connect, sock_read=given.read)
    else:
        timeout = aiohttp.ClientTimeout(total=given)
    limits = timeout.total, timeout.connect, timeout.sock_connect, timeout.sock_read
    # aiohttp would read 0 as "no limit".
    if given == 0 or not all(one is None or _is_time(one) for one in limits):
        expected = "seconds are needed, more than 0 and not infinite; None for no limit"
        raise InvalidArgumentError("timeout", given, expected)
    return timeout


def _is_time(given: Any) -> bool:
    """Whether a value is a number of seconds, which callers of any type may pass at run time."""
    return is_number(given) and 0 <= given <= LONGEST_TIME


def _merged_query(present: Mapping[str, str], added: Mapping[str, Any], argument: str) -> dict[str, str]:
    kept = {name: value for name, value in present.items() if name not in added}
    return {**kept, **query_of(added, argument)}


def _merged_headers(present: Mapping[str, str], added: Mapping[str, Any], argument: str) -> CIMultiDict[str]:
    merged = CIMultiDict(present)
    for name, value in added.items():
        if not isinstance(cast("object", name), str) or not _NAME.fullmatch(name):
            expected = "names of headers are needed: letters, digits and hyphens"
            raise InvalidArgumentError(argument, name, expected)
        if (why := _RESERVED.get(name.lower())) is not None:
            raise InvalidArgumentError(argument, name, why)
        if value is None or is_omitted(value):
            merged.popall(name, None)
        elif not isinstance(cast("object", value), str) or {"\r", "\n", "\0"} & {*value}:
            raise InvalidArgumentError(f"{argument}[{name!r}]", "…", "a string without line breaks is needed")
        elif not is_encodable(value):
            raise InvalidArgumentError(f"{argument}[{name!r}]", "…", NO_SURROGATES)
        else:
            merged[name] = value
    return merged
