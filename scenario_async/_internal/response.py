"""The HTTP response of the service, and how to keep it together with the returned value."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Generic, ParamSpec, TypeVar, cast

import orjson
from attrs import evolve, field, frozen

P = ParamSpec("P")
R = TypeVar("R")


@frozen
class SentRequest:
    """A request that was sent, without its credentials and its body.

    Attributes:
        method: The HTTP method.
        url: The URL, with its query string.
        headers: The headers except ``Authorization``.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)


@frozen
class Response:
    """A response of the service: status, headers and body."""

    status_code: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=lambda content: f"<{len(content):,} bytes>")
    request: SentRequest | None = field(default=None, kw_only=True, eq=False, repr=False)
    """The request; only known if the response is kept together with its value."""

    @property
    def is_success(self) -> bool:
        """Whether the status is one of 2xx; the service returns 269 for a dry run."""
        return 200 <= self.status_code < 300  # noqa: PLR2004 - HTTP defines 2xx as success

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 are replaced."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The parsed body.

        Raises:
            ValueError: The body is not JSON.
        """
        return read_json(self.content)

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait according to ``retry-after-ms`` or ``Retry-After``; None without these headers.

        A date is compared with the response's ``Date`` header, since this machine's clock may be wrong.
        """
        milliseconds = number(self.headers.get("retry-after-ms"))
        if milliseconds is not None:
            return max(milliseconds / 1000, 0.0)
        value = self.headers.get("Retry-After")
        seconds = number(value)
        if seconds is None and (then := _date(value)) is not None:
            now = _date(self.headers.get("Date")) or datetime.now(UTC)
            seconds = (then - now).total_seconds()
        return None if seconds is None else max(seconds, 0.0)


@frozen
class WithResponse(Generic[R]):
    """The value that an operation returned, and the HTTP responses that it received.

    Attributes:
        value: The value that the operation returned.
        responses: The response to each request, in the order of arrival. Some operations send several
            requests.
    """

    value: R
    responses: list[Response] = field(repr=lambda responses: f"<{len(responses)}>")

    @property
    def response(self) -> Response:
        """The last response.

        Raises:
            LookupError: The call sent no request.
        """
        if not self.responses:
            raise LookupError("the call sent no request, so there is no response")
        return self.responses[-1]


_LONGEST_INTEGER: Final = 20
"""The most characters of an integer of 64 bits, with its sign."""

_kept: Final[ContextVar[list[Response] | None]] = ContextVar("kept_responses", default=None)
"""Collects the responses of all requests in the current context; None if they are not needed.

This is a context variable because an operation can send several requests in nested calls, while other
operations run at the same time.
"""


@contextmanager
def responses_kept() -> Generator[list[Response]]:
    """Collect the responses to all requests that are sent in this context."""
    responses: list[Response] = []
    outer = _kept.get()
    token = _kept.set(responses)
    try:
        yield responses
    finally:
        _kept.reset(token)
        if outer is not None:
            outer.extend(responses)


async def awaited_with_response(
    call: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs
) -> WithResponse[R]:
    """Await an operation and collect its responses."""
    with responses_kept() as responses:
        awaitable = call(*args, **kwargs)
        kwargs.clear()  # a display of this frame's locals would show extra_headers
        return WithResponse(await awaitable, responses)


def kept_responses() -> list[Response] | None:
    """The list in which the current context collects responses; None if it collects none."""
    return _kept.get()


def with_request(response: Response, method: str, url: str, headers: Mapping[str, str]) -> Response:
    """Return the response together with its request, without the credentials."""
    shown = {name: value for name, value in headers.items() if name.lower() != "authorization"}
    return evolve(response, request=SentRequest(method, url, shown))


def read_json(content: bytes) -> Any:
    """Parse JSON, even if it contains a byte order mark, ``NaN``, or text or numbers that JSON does not have.

    Control characters in strings are kept. Lone surrogates, which JavaScript's ``JSON.stringify`` writes, and
    bytes that are not UTF-8 are replaced, because they cannot be encoded as UTF-8. An integer of more than 64
    bits becomes a float.

    Raises:
        ValueError: It is not JSON.
    """
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        try:
            text = content.decode("utf-8-sig", "replace")
            return _without_surrogates(json.loads(text, strict=False, parse_int=_whole_number))
        except (ValueError, RecursionError):
            raise error from None


def _whole_number(digits: str) -> int | float:
    """Read an integer as orjson does: as a float, which may be infinite, if it has more than 64 bits."""
    # `int` would need quadratic time for the digits, and refuses more than 4,300 of them.
    if len(digits) > _LONGEST_INTEGER or not -(2**63) <= int(digits) < 2**64:
        return float(digits)
    return int(digits)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        items = cast("Sequence[Any]", value)
        return [_without_surrogates(item) for item in items]
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value).items()
        return {_without_surrogates(name): _without_surrogates(member) for name, member in members}
    return value


def _date(value: str | None) -> datetime | None:
    try:
        then = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):
        return None
    return then.replace(tzinfo=then.tzinfo or UTC)


def number(value: Any) -> float | None:
    """Return a number, even from a string of digits; None for anything else, such as ``"nan"``."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None
