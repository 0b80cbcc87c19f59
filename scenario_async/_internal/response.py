"""What the service sent back, before anything is made of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import orjson
from attrs import field, frozen

R = TypeVar("R")


@frozen
class Response:
    """A response of the service: status, headers and body."""

    status_code: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=lambda content: f"<{len(content):,} bytes>")

    @property
    def is_success(self) -> bool:
        """Whether the status is one of 2xx; the service answers a dry run with 269."""
        return 200 <= self.status_code < 300  # noqa: PLR2004 - the bounds of HTTP's success class

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 are replaced."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The parsed body.

        Raises:
            ValueError: The body is not JSON.
        """
        return orjson.loads(self.content)


@frozen
class WithResponse(Generic[R]):
    """What an operation returned, and the responses that it was made of.

    Attributes:
        value: What the operation returned.
        responses: The response to each request, in the order of arrival; an operation that is composed of
            others has several.
    """

    value: R
    responses: list[Response] = field(repr=lambda responses: f"<{len(responses)}>")

    @property
    def response(self) -> Response:
        """The last response."""
        return self.responses[-1]


def number(value: Any) -> float | None:
    """A number, also one that came as a string of digits; None for anything else, such as ``"nan"``."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None
