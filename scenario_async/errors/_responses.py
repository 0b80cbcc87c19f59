"""The errors of requests: no connection, no readable response, or an error status."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final, cast

import orjson

from scenario_async._internal.response import Response, SentRequest, number
from scenario_async.errors._base import (
    LONGEST_MESSAGE,
    LONGEST_REASON,
    LONGEST_VALUE,
    ScenarioError,
    cut,
    printable,
)

_XML_CODE: Final = re.compile(r"<Code>\s*(\w+)\s*</Code>")
"""The pattern of the error code in a response of object storage."""

_XML_MESSAGE: Final = re.compile(r"<Message>([^<]+)</Message>")

_PLAN_LIMIT: Final = "PlanLimitReachedError"
"""The service's name for an error about the quota of the plan."""

_NOT_PROCESSED: Final = (304, 307, 308)
"""Statuses below 400 that say that the request was not processed."""


class APIError(ScenarioError):
    """A request failed: it got no response, an error status, or an unreadable response.

    Attributes:
        method: The HTTP method, e.g. ``"POST"``.
        path: The path below the base URL, e.g. ``"/models/model_1"``; no query string.
        in_doubt: Whether the service may have carried out the request. False means that it certainly did not.
        body: The body of the response, parsed if it is JSON; None without a response.
    """

    default_message: ClassVar[str] = "the request failed"
    body: Any = None

    def __init__(
        self,
        message: str | None = None,
        request: Any = None,
        *,
        body: Any = None,
        method: str = "",
        path: str = "",
        in_doubt: bool = False,
    ) -> None:
        # Users' tests create errors as in the official package: with a request of httpx, by position or by
        # name.
        if message is not None and not isinstance(cast("object", message), str):
            message, request = None, message
        # A path or a host from a response may be very long.
        self.message: str = self.default_message if message is None else cut(message, LONGEST_MESSAGE)
        super().__init__(self.message)
        self.method: str = method or str(getattr(request, "method", ""))
        self.path = path
        self.in_doubt = in_doubt
        self._request = request
        if body is not None:
            self.body = body

    @property
    def request(self) -> Any:
        """The request with `method` and `url`; the URL is the path if no more is known."""
        return SentRequest(self.method, self.path, {}) if self._request is None else self._request


class APIConnectionError(APIError):
    """There was no connection, or it broke before the whole response arrived.

    `in_doubt` says whether the service may have carried out the request.
    """

    default_message = "the connection failed"


class APITimeoutError(APIConnectionError):
    """There was no connection or no response within the time limit; see `timeout`."""

    default_message = "no response in time"


class APIResponseValidationError(APIError):
    """A response with a successful status cannot be read.

    Its body is HTML, empty or cut off; or the client is strict and the body is not as documented.

    Attributes:
        response: Status, headers and raw body.
        body: The raw body, in bytes.
    """

    default_message = "the response is not as documented"

    def __init__(
        self,
        first: Any = None,
        second: Any = None,
        /,
        *,
        response: Response | None = None,
        body: Any = None,
        message: str | None = None,
        method: str = "",
        path: str = "",
    ) -> None:
        # A message and `response=`; or, as in the official package, a response, its body and `message=`.
        body = second if body is None else body
        if response is None:
            response = first
        else:
            message = first if message is None else message
        self.response: Response = _as_response(response)
        request = getattr(response, "_request", None)
        super().__init__(message, request, method=method, path=path, in_doubt=True)
        self.status_code: int = self.response.status_code
        self.body: Any = self.response.content if body is None else body


class IncompleteResponseError(APIError):
    """A successful response lacks what the next step needs, such as the requested model."""


class ResponseTooLargeError(APIResponseValidationError):
    """The decompressed response is larger than `max_response_size` of the client."""


class APIStatusError(APIError):
    """The service returned a status of 400 or above.

    Attributes:
        response: Status, headers and raw body.
        status_code: The HTTP status.
        body: The parsed body if it is JSON, its text otherwise.
        reason: The service's error message, or None.
        code: The error code of the service or of object storage, e.g. ``"ExpiredToken"``; or None.
        trace_id: The service's id of this request, which its support can use; or None.
        retry_after: Seconds to wait according to the response; None if it does not say.
    """

    status_name: ClassVar[str] = "refused"

    def __init__(
        self,
        message: str | None = None,
        *,
        response: Response,
        body: Any = None,
        method: str = "",
        path: str = "",
        in_doubt: bool = False,
    ) -> None:
        request = getattr(response, "_request", None)
        self.response: Response = _as_response(response)
        response = self.response
        self.status_code: int = response.status_code
        try:
            self.body: Any = response.json() if body is None else body
        except ValueError:
            self.body = response.text
        self.reason: str | None = self._said("reason", "message", "detail", "error") or self._found(
            _XML_MESSAGE
        )
        self.code: str | None = self._said("name", "code") or self._found(_XML_CODE)
        self.trace_id: str | None = self._said("traceId")
        self.retry_after: float | None = _longest(response.retry_after, remaining_seconds(self.body))
        what = f"{method} {path} returned {self.status_code} ({self.status_name})".strip()
        because = f": {printable(self.reason, LONGEST_REASON)}" if self.reason else _glimpse(self.body)
        wait = f"; it asks to wait {_seconds(self.retry_after)} s" if self.retry_after else ""
        trace = f" [trace {printable(self.trace_id, LONGEST_VALUE)}]" if self.trace_id else ""
        shown = f"{what}{because}{wait}{trace}" if message is None else message
        super().__init__(shown, request, method=method, path=path, in_doubt=in_doubt)

    @property
    def details(self) -> Mapping[str, Any]:
        """The ``details`` of the body; empty if there are none."""
        return _members(_error_members(self.body).get("details"))

    def _said(self, *names: str) -> str | None:
        members = _error_members(self.body)
        values = (members.get(name) for name in names)
        return next((value for value in values if isinstance(value, str) and value), None)

    def _found(self, pattern: re.Pattern[str]) -> str | None:
        """Return what a pattern finds in an XML body of object storage."""
        found = pattern.search(self.body[:10_000]) if isinstance(self.body, str) else None
        return None if found is None else found[1].strip() or None


def _as_response(response: Any) -> Response:
    """Return a response of this package; a response of httpx is converted."""
    if isinstance(response, Response):
        return response
    return Response(response.status_code, dict(response.headers), response.content)


def _glimpse(body: Any) -> str:
    """Return the beginning of a body that has no error message."""
    try:
        text = body if isinstance(body, str) else orjson.dumps(body, default=str).decode()
    except TypeError:  # nested more deeply than orjson can write
        text = f"<{type(body).__name__}, nested deeply>"
    text = " ".join(text[: 4 * LONGEST_VALUE].split())
    if not text:
        return ", with an empty body"
    return f": {printable(text, LONGEST_VALUE)}"


def _seconds(wait: float) -> str:
    return f"{wait:,.0f}" if wait < 1e9 else f"{wait:.1e}"  # noqa: PLR2004 - only the magnitude


def _longest(*waits: float | None) -> float | None:
    return max((wait for wait in waits if wait is not None), default=None)


class BadRequestError(APIStatusError):
    """400: the request is not valid."""

    status_name = "bad request"


class AuthenticationError(APIStatusError):
    """401: the credentials are wrong."""

    status_name = "wrong credentials"


class PermissionDeniedError(APIStatusError):
    """403: the credentials do not allow this."""

    status_name = "not allowed"


class NotFoundError(APIStatusError):
    """404: the object does not exist."""

    status_name = "not found"


class ConflictError(APIStatusError):
    """409: the request conflicts with the current state."""

    status_name = "conflict"


class UnprocessableEntityError(APIStatusError):
    """422: the request cannot be processed."""

    status_name = "unprocessable"


class RateLimitError(APIStatusError):
    """429: too many requests."""

    status_name = "too many requests"


class PlanLimitError(RateLimitError):
    """The plan's quota is used up, and waiting does not help. The status is usually 429, but can be another.

    Attributes:
        limit: The limit, or None if the service does not say.
        value: The current number, or None.
        action: What is limited, e.g. ``"add-training-image"``, or None.
        scope: Whose limit it is, e.g. ``"team"``, or None.
    """

    status_name = "plan limit reached"

    def __init__(
        self, *, response: Response, method: str = "", path: str = "", in_doubt: bool = False
    ) -> None:
        super().__init__(response=response, method=method, path=path, in_doubt=in_doubt)
        self.limit: float | None = number(self.details.get("actionLimit"))
        self.value: float | None = number(self.details.get("actionValue"))
        action, scope = self.details.get("actionName"), self.details.get("limitScope")
        self.action: str | None = action if isinstance(action, str) else None
        self.scope: str | None = scope if isinstance(scope, str) else None


class CooldownError(RateLimitError):
    """429: the service refuses the request until a waiting time has passed (`remainingSeconds`).

    Attributes:
        seconds: The seconds to wait.
    """

    status_name = "cooling down"

    def __init__(
        self, *, response: Response, method: str = "", path: str = "", in_doubt: bool = False
    ) -> None:
        super().__init__(response=response, method=method, path=path, in_doubt=in_doubt)
        self.seconds: float = self.retry_after or 0.0


class InternalServerError(APIStatusError):
    """5xx: the service or a gateway failed."""

    status_name = "the service failed"


_BY_STATUS: Final[Mapping[int, type[APIStatusError]]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
}


def status_error(response: Response, *, method: str = "", path: str = "") -> APIStatusError:
    """Return the error for an error response."""
    status = response.status_code
    kind = _BY_STATUS.get(status, APIStatusError)
    body = _json_or_none(response) if status >= 400 else None  # noqa: PLR2004 - any refusal
    members = _error_members(body)
    if _PLAN_LIMIT in (members.get("name"), members.get("code")):  # the name decides, whatever the status
        kind = PlanLimitError
    elif status == 429:  # noqa: PLR2004 - too many requests
        kind = RateLimitError if remaining_seconds(body) is None else CooldownError
    elif status >= 500:  # noqa: PLR2004 - server errors
        kind = InternalServerError
    # A gateway that times out (5xx) does not know whether the service processed the request. A status below
    # 400 is not a refusal either: 303 even says that the request was processed.
    in_doubt = kind is InternalServerError or (status < 400 and status not in _NOT_PROCESSED)  # noqa: PLR2004
    return kind(response=response, method=method, path=path, in_doubt=in_doubt)


def _json_or_none(response: Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def remaining_seconds(body: Any) -> float | None:
    """Return the seconds to wait from an error response, at the top level or in its details."""
    members = _error_members(body)
    for place in (members, _members(members.get("details"))):
        found = number(place.get("remainingSeconds"))
        if found is not None:
            return max(found, 0.0)
    return None


def _error_members(body: Any) -> Mapping[str, Any]:
    """Return the fields of an error; some layers of a service put them into an object ``error``."""
    members = _members(body)
    return {**_members(members.get("error")), **members}


def _members(value: Any) -> Mapping[str, Any]:
    """Return a JSON object as a dict; an empty dict for anything else."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
