"""The only place that sends anything: timeouts, attempts, and aiohttp's exceptions made ours."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar, cast

import aiohttp
from attrs import field, frozen
from multidict import CIMultiDict
from yarl import URL

from scenario_async._internal.declare.wire import Prepared, parse
from scenario_async._internal.http.credentials import Credentials
from scenario_async._internal.http.payload import StreamedPayload, payload_of
from scenario_async._internal.http.retries import RetryPolicy, may_repeat, wait_before_repeating
from scenario_async._internal.http.sessions import Sessions
from scenario_async._internal.pictures.picture import Segment
from scenario_async.errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    InvalidArgumentError,
    Response,
    status_error,
)

T = TypeVar("T")

logger: Final = logging.getLogger("scenario_async")

DEFAULT_TIMEOUT: Final = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=60)
"""Ten seconds to connect, a minute without a byte of the answer; no limit for sending a large picture."""

_JSON: Final = "application/json"
_NOT_CONNECTED: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
# aiohttp sends these a second time by itself when a reused connection breaks, and says nothing of it.
_SILENTLY_REPEATED: Final = frozenset({"PUT", "DELETE"})


class _ConnectionBrokeError(Exception):
    """A connection broke after sending; not one of the exceptions upon which aiohttp repeats a request."""


async def _once(
    request: aiohttp.ClientRequest,
    handler: Callable[[aiohttp.ClientRequest], Awaitable[aiohttp.ClientResponse]],
) -> aiohttp.ClientResponse:
    """Middleware: leave it to us whether a request is sent again, since it may have been carried out."""
    try:
        return await handler(request)
    except _NOT_CONNECTED:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _ConnectionBrokeError(str(error) or type(error).__name__) from error


@frozen
class TransportOptions:
    """How requests are sent, apart from what is in them.

    Attributes:
        timeout: For one attempt.
        retries: How often and how long.
        headers: Sent with every request to the API, beside our own.
        query: Percent-encoded query parameters for every request to the API.
    """

    timeout: aiohttp.ClientTimeout = DEFAULT_TIMEOUT
    retries: RetryPolicy = field(factory=RetryPolicy)
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    query: str = field(default="", repr=False)


class Transport:
    """Sends prepared requests to one base URL."""

    def __init__(
        self, base_url: str, credentials: Credentials, options: TransportOptions, sessions: Sessions
    ) -> None:
        self.base_url = base_url
        self.credentials = credentials
        self.options = options
        self.sessions = sessions
        self._headers = CIMultiDict({"Accept": _JSON})
        self._headers.update(options.headers)
        self._headers["Authorization"] = credentials.authorization
        self._headers_with_body = CIMultiDict(self._headers)
        self._headers_with_body["Content-Type"] = _JSON

    def with_options(self, options: TransportOptions) -> Transport:
        """The same connections with other options."""
        return Transport(self.base_url, self.credentials, options, self.sessions)

    def __repr__(self) -> str:
        return f"<Transport to {self.base_url}>"

    def fetch(
        self, prepared: Prepared, settle: Callable[[int, str | None], Any] | None = None
    ) -> Awaitable[tuple[Any, Response]]:
        """Send a request and bring back the parsed JSON of its answer, and the answer itself.

        Args:
            prepared: The request.
            settle: Asked, after an attempt whose outcome is unknown, whether a refusal (its status and
                reason) shows that it was carried out; gives the answer's JSON if so, and None if not.

        Raises:
            APIError: It failed for good.
        """
        query, body = prepared.query, prepared.body
        url = URL(f"{self.base_url}{prepared.path}{'?' if query else ''}{query}", encoded=True)
        headers = self._headers if body is None else self._headers_with_body

        def read(response: Response) -> tuple[Any, Response]:
            return parse(response, prepared), response

        return self._send(
            prepared.method,
            url,
            headers,
            body,
            prepared.path,
            read=read,
            repeatable=prepared.repeatable,
            settle=settle,
        )

    async def store(self, url: str, segment: Segment, content_type: str) -> None:
        """Put a stretch of a picture where a presigned URL says.

        Object storage authorises by the URL alone and must not get our credentials. The URL is itself a
        secret: no error and no log line shows more of it than its path.

        Args:
            url: The presigned URL, as the service gave it.
            segment: What to put there.
            content_type: The MIME type of the file.

        Raises:
            APIError: It failed for good.
        """
        target = URL(url, encoded=True)
        headers = {"Content-Type": content_type}
        await self._send("PUT", target, headers, (segment,), target.path, read=_content("PUT", target))

    async def download(self, url: str) -> bytes:
        """Fetch what a download URL points to. It is presigned, so what `store` says holds here too.

        Raises:
            APIError: It failed for good.
        """
        target = URL(url, encoded=True)
        return await self._send("GET", target, {}, None, target.path, read=_content("GET", target))

    async def _send(
        self,
        method: str,
        url: URL,
        headers: Mapping[str, str],
        body: bytes | tuple[bytes | Segment, ...] | None,
        path: str,
        *,
        read: Callable[[Response], T],
        repeatable: bool = True,
        settle: Callable[[int, str | None], Any] | None = None,
    ) -> T:
        """Send a request until an attempt succeeds or none may follow, and read its answer.

        Raises:
            APIConnectionError: No complete answer came back.
            APIError: What `read` raises.
            InvalidArgumentError: A picture could not be read to its end.
        """
        attempts, in_doubt = 1, False
        failure: APIError | InvalidArgumentError
        while True:
            payload = payload_of(body)
            started = time.perf_counter()
            try:
                # Not `async with`, which costs two coroutines more: `read` itself gives the connection back.
                answer = await self._request(method, url, headers, payload)
                # A copy, since a view of headers cannot be pickled with an error that carries it.
                response = Response(answer.status, answer.headers.copy(), await answer.read())
            except (aiohttp.ClientError, _ConnectionBrokeError, TimeoutError, OSError) as error:
                failure = _failure(error, payload, method, path, url.host or "")
            else:
                if logger.isEnabledFor(logging.DEBUG):
                    seconds = time.perf_counter() - started
                    logger.debug("%s %s: %d in %.3f s", method, path, response.status_code, seconds)
                try:
                    return read(response)
                except APIError as error:
                    failure = error
                if in_doubt and (settled := _settled(failure, settle)) is not None:
                    return cast("T", (settled, response))
            wait = None
            if isinstance(failure, APIError):  # and not a picture that could not be read
                in_doubt = failure.in_doubt = in_doubt or failure.in_doubt
                if may_repeat(failure, repeatable=repeatable):
                    wait = wait_before_repeating(failure, attempts, self.options.retries)
            if wait is None:
                try:
                    # Not where aiohttp's exception is handled: it would stay attached, with its secrets.
                    raise failure
                finally:
                    del failure  # or it and this frame would hold each other, and all that was sent
            logger.info("%s; again in %.1f s", failure, wait)
            await asyncio.sleep(wait)
            attempts += 1

    def _request(
        self, method: str, url: URL, headers: Mapping[str, str], payload: Any
    ) -> Awaitable[aiohttp.ClientResponse]:
        """Send a request once."""
        # A session that was passed in keeps its own middlewares, and so aiohttp's silent repeat.
        once = method in _SILENTLY_REPEATED and self.sessions.given is None
        return self.sessions.current().request(
            method,
            url,
            data=payload,
            headers=headers,
            timeout=self.options.timeout,
            proxy=self.sessions.proxy_for(url.scheme, url.host or ""),
            raise_for_status=False,
            # aiohttp would make a GET of a POST, and its answer would pass for the POST's.
            allow_redirects=method != "POST",
            middlewares=(_once,) if once else None,
        )


def _content(method: str, url: URL) -> Callable[[Response], bytes]:
    """Reads the answer of object storage."""

    def read(response: Response) -> bytes:
        if not response.is_success:
            raise status_error(response, method=method, path=url.path)
        return response.content

    return read


def _settled(failure: APIError, settle: Callable[[int, str | None], Any] | None) -> Any:
    """The answer's JSON if a refusal shows that an earlier attempt was carried out."""
    if settle is None or not isinstance(failure, APIStatusError):
        return None
    return settle(failure.status_code, failure.reason)


def _failure(
    error: Exception, payload: Any, method: str, path: str, host: str
) -> APIConnectionError | InvalidArgumentError:
    """What an exception of aiohttp's means; an unreadable picture breaks a connection too."""
    if isinstance(payload, StreamedPayload) and payload.failure is not None:
        return payload.failure
    unsent = isinstance(payload, StreamedPayload) and not payload.sent_whole
    # Who redirects had the request.
    connected = isinstance(error, aiohttp.RedirectClientError) or not isinstance(error, _NOT_CONNECTED)
    kind = APITimeoutError if isinstance(error, TimeoutError) else APIConnectionError
    what = "no answer in time" if kind is APITimeoutError else _said(error) or type(error).__name__
    message = f"{method} {path} to {host}: {what}"
    made = kind(message, method=method, path=path, in_doubt=connected and not unsent)
    made.__cause__ = _cause(error)
    return made


def _said(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"no connection ({error.os_error.strerror or error.os_error})"
    said = error.message if isinstance(error, aiohttp.ClientResponseError) else str(error)
    # The query string of a presigned URL is a secret.
    return said.partition("?")[0]


def _cause(error: BaseException | None) -> BaseException | None:
    """What is behind aiohttp's exceptions, which show URLs and headers as they were sent."""
    while isinstance(error, aiohttp.ClientError | _ConnectionBrokeError):
        error = error.__cause__
    return error
