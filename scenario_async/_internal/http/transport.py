"""The only place that sends anything: timeouts, attempts, and aiohttp's exceptions made ours."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, Generic, TypeVar

import aiohttp
from attrs import define
from multidict import CIMultiDict
from yarl import URL

from scenario_async._internal.declare.wire import Prepared
from scenario_async._internal.http.credentials import Credentials
from scenario_async._internal.http.failures import (
    HANDLED,
    NOT_CONNECTED,
    ConnectionBrokeError,
    connection_failure,
)
from scenario_async._internal.http.options import TransportOptions
from scenario_async._internal.http.pace import Pace
from scenario_async._internal.http.payload import payload_of
from scenario_async._internal.http.retries import wait_before_retry
from scenario_async._internal.http.sessions import Sessions
from scenario_async._internal.pictures.picture import Segment
from scenario_async.errors import APIError, APIStatusError, Response, status_error

T = TypeVar("T")

logger: Final = logging.getLogger("scenario_async")

_JSON: Final = "application/json"
_CHUNK: Final = 256 * 1024
"""Bytes of a download that are in memory at a time."""

WriteChunks = Callable[[AsyncIterator[bytes]], Awaitable[None]]
"""Takes the chunks of a download."""
# aiohttp sends these a second time by itself when a reused connection breaks, and says nothing of it.
_SILENTLY_REPEATED: Final = frozenset({"PUT", "DELETE"})


async def _once(
    request: aiohttp.ClientRequest,
    handler: Callable[[aiohttp.ClientRequest], Awaitable[aiohttp.ClientResponse]],
) -> aiohttp.ClientResponse:
    """Middleware: leave it to us whether a request is sent again, since it may have been carried out."""
    try:
        return await handler(request)
    except NOT_CONNECTED:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ConnectionBrokeError(str(error) or type(error).__name__) from error


@define(eq=False, repr=False)
class Outgoing(Generic[T]):
    """One request, and how its response is read.

    Attributes:
        method: The HTTP method.
        url: Where it goes, as it is sent.
        path: What errors and logs show of the URL: no query string, which may be a secret.
        headers: All headers but those that aiohttp adds.
        body: The whole body, or its pieces of which some are read from pictures, or None.
        read: Makes the value of a response; raises an `APIError` if it cannot.
        repeatable: Whether sending it twice has the effect of sending it once.
        to_service: Whether it goes to the service, and not to object storage.
        settle: Given a refusal that follows an attempt in doubt: the value, if the refusal shows that the
            attempt was carried out, and None if it does not.
        receive: Takes the body of a response as it comes, and gives what `Response.content` is to hold;
            called once for each attempt. None: the whole body is held in memory.
    """

    method: str
    url: URL
    path: str
    headers: Mapping[str, str]
    body: bytes | tuple[bytes | Segment, ...] | None
    read: Callable[[Response], T]
    repeatable: bool = True
    to_service: bool = False
    settle: Callable[[APIStatusError], T | None] | None = None
    receive: Callable[[aiohttp.ClientResponse], Awaitable[bytes]] | None = None


class Transport:
    """Sends requests to one base URL.

    Args:
        base_url: Where the service is.
        credentials: What every request to it carries.
        options: How requests are sent.
        sessions: The connections.
        pace: Shared by the requests of a batch; None for single calls.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        options: TransportOptions,
        sessions: Sessions,
        *,
        pace: Pace | None = None,
    ) -> None:
        self.base_url = base_url
        self.credentials = credentials
        self.options = options
        self.sessions = sessions
        self.pace = pace
        self._headers = CIMultiDict({"Accept": _JSON})
        self._headers.update(options.headers)
        self._headers["Authorization"] = credentials.authorization
        self._headers_with_body = CIMultiDict(self._headers)
        self._headers_with_body["Content-Type"] = _JSON

    def with_options(self, options: TransportOptions, *, pace: Pace | None = None) -> Transport:
        """The same connections with other options; in the same pace unless another one is given."""
        return Transport(
            self.base_url, self.credentials, options, self.sessions, pace=self.pace if pace is None else pace
        )

    def __repr__(self) -> str:
        return f"<Transport to {self.base_url}>"

    def to_service(
        self,
        prepared: Prepared,
        read: Callable[[Response], T],
        settle: Callable[[APIStatusError], T | None] | None = None,
    ) -> Outgoing[T]:
        """A request to the service, with credentials; see `Outgoing` for `read` and `settle`."""
        query, body = prepared.query, prepared.body
        return Outgoing(
            prepared.method,
            URL(f"{self.base_url}{prepared.path}{'?' if query else ''}{query}", encoded=True),
            prepared.path,
            self._headers if body is None else self._headers_with_body,
            body,
            read,
            prepared.repeatable,
            to_service=True,
            settle=settle,
        )

    async def store(self, url: str, segment: Segment, content_type: str) -> None:
        """Put a stretch of a picture to a presigned URL.

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
        await self.send(
            Outgoing("PUT", target, target.path, headers, (segment,), _content("PUT", target.path))
        )

    async def download(self, url: str) -> bytes:
        """Download what a presigned URL points to, without our credentials.

        Raises:
            APIError: It failed for good.
        """
        target = URL(url, encoded=True)
        return await self.send(Outgoing("GET", target, target.path, {}, None, _content("GET", target.path)))

    async def download_to(self, url: str, write: WriteChunks) -> None:
        """Download what a presigned URL points to, a chunk at a time and without our credentials.

        Args:
            url: The presigned URL, as the service gave it.
            write: Takes the chunks; called once for each attempt, so it begins anew each time.

        Raises:
            APIError: It failed for good.
        """
        target = URL(url, encoded=True)

        async def receive(answer: aiohttp.ClientResponse) -> bytes:
            if answer.status != HTTPStatus.OK:
                return await answer.read()
            try:
                await write(answer.content.iter_chunked(_CHUNK))
            except BaseException:
                answer.close()
                raise
            return b""

        read = _content("GET", target.path)
        await self.send(Outgoing("GET", target, target.path, {}, None, read, receive=receive))

    async def send(self, outgoing: Outgoing[T]) -> T:
        """Send a request until an attempt succeeds or none may follow, and read its response.

        Raises:
            APIConnectionError: No complete response came.
            APIError: What `outgoing.read` raises.
            InvalidArgumentError: A picture could not be read to its end.
            StoppedError: Its pace has stopped: nothing more is sent.
        """
        pace = self.pace
        attempt, started, in_doubt = 0, 0.0, False
        while True:
            attempt += 1
            try:
                if pace is None:
                    return outgoing.read(await self._exchange(outgoing))
                async with pace.gate.passing():
                    pace.check(in_doubt=in_doubt)
                    started = time.monotonic()
                    value = outgoing.read(await self._exchange(outgoing))
                    pace.gate.let_grow()
                    return value
            except APIError as error:
                failure = error
            if in_doubt and outgoing.settle is not None and isinstance(failure, APIStatusError):
                settled = outgoing.settle(failure)
                if settled is not None:
                    return settled
            in_doubt = failure.in_doubt = in_doubt or failure.in_doubt
            try:
                wait = self._wait_before_retry(failure, attempt, started, outgoing)
                if wait is None:
                    raise failure
                logger.info("%s; again in %.1f s", failure, wait)
            finally:
                del failure  # or it and this frame would hold each other, and all that was sent
            await asyncio.sleep(wait)

    def _wait_before_retry(
        self, failure: APIError, attempt: int, started: float, outgoing: Outgoing[Any]
    ) -> float | None:
        policy, repeatable = self.options.retries, outgoing.repeatable
        if self.pace is None:
            return wait_before_retry(failure, attempt, policy, repeatable=repeatable)
        wait = self.pace.wait_before_retry(failure, attempt, policy, repeatable=repeatable)
        self.pace.note_failure(failure, started, wait, policy, from_service=outgoing.to_service)
        return wait

    async def _exchange(self, outgoing: Outgoing[Any]) -> Response:
        """Send a request once, and receive the whole response.

        Raises:
            APIConnectionError: No complete response came.
            InvalidArgumentError: A picture could not be read to its end.
        """
        method, url = outgoing.method, outgoing.url
        payload = payload_of(outgoing.body)
        # A session that was passed in keeps its own middlewares, and so aiohttp's silent repeat.
        once = method in _SILENTLY_REPEATED and self.sessions.given is None
        started = time.perf_counter()
        try:
            # Not `async with`, which costs two coroutines more: reading all of it gives the connection back.
            answer = await self.sessions.current().request(
                method,
                url,
                data=payload,
                headers=outgoing.headers,
                timeout=self.options.timeout,
                proxy=self.sessions.proxy_for(url.scheme, url.host or ""),
                raise_for_status=False,
                # aiohttp would make a GET of a POST, and its answer would pass for the POST's.
                allow_redirects=method != "POST",
                middlewares=(_once,) if once else None,
            )
            # A copy, since a view of headers cannot be pickled with an error that carries it.
            received = answer.read() if outgoing.receive is None else outgoing.receive(answer)
            response = Response(answer.status, answer.headers.copy(), await received)
        except HANDLED as error:
            failure = connection_failure(
                error, payload, method=method, path=outgoing.path, host=url.host or ""
            )
        else:
            if logger.isEnabledFor(logging.DEBUG):
                seconds = time.perf_counter() - started
                logger.debug("%s %s: %d in %.3f s", method, outgoing.path, response.status_code, seconds)
            return response
        try:
            # Not where aiohttp's exception is handled: it would stay attached, with its secrets.
            raise failure
        finally:
            del failure


def _content(method: str, path: str) -> Callable[[Response], bytes]:
    """Reads a response of object storage."""

    def read(response: Response) -> bytes:
        if not response.is_success:
            raise status_error(response, method=method, path=path)
        return response.content

    return read
