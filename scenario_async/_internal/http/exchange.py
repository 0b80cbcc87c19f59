"""Make one attempt at a request: send it, follow safe redirects, and receive the whole response."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Mapping,
)
from contextlib import aclosing
from http import HTTPStatus
from typing import Any, Final, Generic, TypeVar
from urllib.parse import quote

import aiohttp
from attrs import define, evolve, field
from yarl import URL

from scenario_async._internal.http.credentials import key_and_secret
from scenario_async._internal.http.destinations import (
    MOST_REDIRECTS,
    REDIRECTS,
    RedirectError,
    host_that_named,
    redirect_target,
)
from scenario_async._internal.http.failures import (
    NOT_CONNECTED,
    ConnectionBrokeError,
    connection_failure,
)
from scenario_async._internal.http.options import TransportOptions
from scenario_async._internal.http.payload import STRETCH, StreamedPayload, payload_of
from scenario_async._internal.http.sessions import Sessions
from scenario_async._internal.http.unpacking import compression_in, unpacked
from scenario_async._internal.pictures.picture import Segment
from scenario_async._internal.response import Response
from scenario_async.errors import (
    APIResponseValidationError,
    APIStatusError,
    ResponseTooLargeError,
    ScenarioError,
)

T = TypeVar("T")

logger: Final = logging.getLogger("scenario_async")

# aiohttp silently sends these a second time if a reused connection breaks.
_SILENTLY_REPEATED: Final = frozenset({"PUT", "DELETE"})

_SHORTEST_SECRET: Final = 16
"""The fewest characters of credentials, and of a secret in the query of a presigned URL."""

_HARMLESS: Final = frozenset({"accept", "accept-encoding", "content-type", "user-agent"})
"""The headers that another host gets after a redirect."""

_FIRST_REDIRECT: Final = 300  # a number, because looking up a member of `HTTPStatus` takes a while

_CHUNK: Final = 256 * 1024
"""Bytes of a download that are in memory at a time."""

WriteChunks = Callable[[AsyncIterator[bytes]], Awaitable[None]]
"""Takes the chunks of a download."""


@define(eq=False, repr=False)
class Outgoing(Generic[T]):
    """One request, and how its response is read.

    Attributes:
        method: The HTTP method.
        url: The URL.
        path: The part of the URL that errors and logs show, without the query string, which may be a secret.
        headers: All headers except those that aiohttp adds.
        body: The whole body, or its pieces of which some are read from pictures, or None.
        read: Converts a response to the returned value, or raises an `APIError`.
        repeatable: Whether sending it twice has the effect of sending it once.
        to_service: Whether it goes to the service, and not to object storage.
        named_by: The service's host, if the service leads to the URL and its host must not be this machine.
        settle: Called with an error response after an attempt in doubt. It returns the value if the error
            shows that the attempt was carried out, and None otherwise.
        write: Called once for each attempt with the chunks of a body with the status 200. If it is None, the
            whole body is read into memory.
    """

    method: str
    url: URL = field(repr=False)  # also for displays of locals that read the fields of attrs classes
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | tuple[bytes | Segment, ...] | None = field(repr=False)
    read: Callable[[Response], T]
    repeatable: bool = True
    to_service: bool = False
    named_by: str | None = None
    settle: Callable[[APIStatusError], T | None] | None = None
    write: WriteChunks | None = None


async def exchange(outgoing: Outgoing[Any], options: TransportOptions, sessions: Sessions) -> Response:
    """Send a request once, and receive the whole response.

    Raises:
        APIConnectionError: No complete response was received.
        ResponseTooLargeError: It is larger than `options` allow.
        InvalidArgumentError: A picture could not be read to its end, or the proxy's URL cannot be used.
    """
    payloads = [payload_of(outgoing.body, stalled=options.timeout.sock_read)]
    started = time.perf_counter()
    outcome: int | str = "no complete response"
    try:
        if sessions.given is None:
            response = await _send(outgoing, payloads, options, sessions)
        else:
            response = await _send_bounded(outgoing, payloads, options, sessions)
        outcome = response.status_code
    except ScenarioError:
        raise
    except Exception as error:  # noqa: BLE001 - after any error, the request is in doubt
        failure = connection_failure(
            error, payloads[-1], method=outgoing.method, path=outgoing.path, host=outgoing.url.host or ""
        )
    else:
        return response
    finally:
        if logger.isEnabledFor(logging.DEBUG):
            seconds = time.perf_counter() - started
            logger.debug("%s %s: %s in %.3f s", outgoing.method, outgoing.path, outcome, seconds)
    try:
        # Not inside the `except` block: aiohttp's exception would be attached, with its secrets.
        raise failure
    finally:
        del failure


async def _send_bounded(
    outgoing: Outgoing[Any], payloads: list[Any], options: TransportOptions, sessions: Sessions
) -> Response:
    """Send a request through a caller's session, whose connections have no time limit for headers."""
    limit, clock, write = options.response_timeout, asyncio.get_running_loop().time, outgoing.write
    if limit is None:
        return await _send(outgoing, payloads, options, sessions)
    async with asyncio.timeout(limit) as timeout:
        if write is not None:

            async def write_without_limit(chunks: AsyncIterator[bytes]) -> None:
                timeout.reschedule(None)  # `_in_time` limits the time for the body
                await write(chunks)

            outgoing = evolve(outgoing, write=write_without_limit)
        if isinstance(payload := payloads[0], StreamedPayload):
            timeout.reschedule(None)  # until the last byte was sent
            payload.on_end = lambda: timeout.reschedule(clock() + limit)
        return await _send(outgoing, payloads, options, sessions)


async def _send(
    outgoing: Outgoing[Any], payloads: list[Any], options: TransportOptions, sessions: Sessions
) -> Response:
    """Send a request, follow redirects, and receive the body; each redirected request appends its payload."""
    answer = await _request(outgoing, payloads[0], options, sessions)
    if answer.status in REDIRECTS and outgoing.to_service:  # object storage sends no redirects
        answer = await _follow(answer, outgoing, payloads, options, sessions)
    try:
        if outgoing.write is not None and answer.status == HTTPStatus.OK:
            content = b""
            async with (
                aclosing(_in_time(answer, options)) as arriving,
                aclosing(_unpacked(arriving, answer, outgoing, options.max_response_size)) as chunks,
            ):
                await outgoing.write(chunks)
        else:
            content = await _read(answer, outgoing, options, sessions)
    except BaseException:
        answer.close()
        raise
    # A copy, because a view of headers cannot be pickled with an error.
    content = _without_credentials(content, answer.status, outgoing)
    response = Response(answer.status, answer.headers.copy(), content)
    sent = payloads[-1]
    if type(sent) is StreamedPayload and not sent.sent_whole and response.is_success:
        message = f"{outgoing.method} {outgoing.path} returned {answer.status} before the whole body was sent"
        raise APIResponseValidationError(
            message, response=response, method=outgoing.method, path=outgoing.path
        )
    return response


def _without_credentials(content: bytes, status: int, outgoing: Outgoing[Any]) -> bytes:
    """Return a body without the credentials of its request, which a server may echo and errors may show."""
    if status < _FIRST_REDIRECT and (not outgoing.to_service or content[:1] in b"{["):
        return content  # a file and the JSON of a success are never changed
    secrets = _credentials_in(outgoing.headers) if outgoing.to_service else _secrets_in(outgoing.url)
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            content = _any_spelling(secret).sub(b"...", content)
    return content


def _credentials_in(headers: Mapping[str, str]) -> Iterable[str]:
    """Return the value of an ``Authorization`` header, and the API key and the secret in it."""
    value = headers.get("Authorization", "")
    return (value.rpartition(" ")[2], *(key_and_secret(value) or ()))


def _secrets_in(url: URL) -> Iterable[str]:
    """Return the values in the query of a presigned URL, decoded and as they are."""
    return {*url.query.values(), *(pair.partition("=")[2] for pair in url.raw_query_string.split("&"))}


def _any_spelling(secret: str) -> re.Pattern[bytes]:
    """A pattern of a secret, of which JSON, HTML or a URL may escape some characters."""

    def pattern(character: str) -> str:
        if character.isascii() and character.isalnum():
            return character
        code, encoded = ord(character), re.escape(quote(character, safe=""))
        escapes = rf"{encoded}|\\u{code:04x}|&#x0*{code:x};|&#0*{code};|&[a-z]{{2,6}};"
        return rf"(?:\\?{re.escape(character)}|(?i:{escapes}))"

    return re.compile("".join(map(pattern, secret)).encode())


async def _follow(
    answer: aiohttp.ClientResponse,
    outgoing: Outgoing[Any],
    payloads: list[Any],
    options: TransportOptions,
    sessions: Sessions,
) -> aiohttp.ClientResponse:
    """Return the response after all redirects."""
    first = outgoing.url
    for _ in range(MOST_REDIRECTS):
        try:
            location = answer.headers.get("Location")
            target = redirect_target(outgoing.method, outgoing.url, answer.status, location)
        except RedirectError:
            answer.close()
            raise
        if target is None:
            return answer
        answer.release()
        headers = outgoing.headers
        if target.origin() != outgoing.url.origin():
            # Headers of the caller may have credentials too, such as a cookie.
            headers = {name: value for name, value in headers.items() if name.lower() in _HARMLESS}
        named_by = host_that_named(target, first, options.allow_http)
        outgoing = evolve(outgoing, url=target, headers=headers, named_by=named_by)
        payloads.append(payload_of(outgoing.body, stalled=options.timeout.sock_read))
        answer = await _request(outgoing, payloads[-1], options, sessions)
    answer.close()
    raise RedirectError(f"more than {MOST_REDIRECTS} redirects")


def _request(
    outgoing: Outgoing[Any], payload: Any, options: TransportOptions, sessions: Sessions
) -> Awaitable[aiohttp.ClientResponse]:
    # Not `async with`, which needs two more coroutines: reading the whole body releases the connection.
    # A session that was passed in keeps its own middlewares, and so aiohttp's silent retry.
    once = outgoing.method in _SILENTLY_REPEATED and sessions.given is None
    if outgoing.named_by is not None:
        sessions.named[(outgoing.url.raw_host or "").rstrip(".")] = outgoing.named_by
    return sessions.current().request(
        outgoing.method,
        outgoing.url,
        data=payload,
        headers=outgoing.headers,
        timeout=options.timeout,
        proxy=sessions.proxy_for(outgoing.url),
        raise_for_status=False,
        allow_redirects=False,
        auto_decompress=outgoing.to_service,
        middlewares=(_once,) if once else None,
    )


async def _once(
    request: aiohttp.ClientRequest,
    handler: Callable[[aiohttp.ClientRequest], Awaitable[aiohttp.ClientResponse]],
) -> aiohttp.ClientResponse:
    """Middleware that disables aiohttp's own retry, because the request may have been processed."""
    try:
        return await handler(request)
    except NOT_CONNECTED:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ConnectionBrokeError from error


async def _read(
    answer: aiohttp.ClientResponse, outgoing: Outgoing[Any], options: TransportOptions, sessions: Sessions
) -> bytes:
    """Receive and decompress a body, up to the largest allowed size."""
    content, largest = answer.content, options.max_response_size
    is_small = content.is_eof() and content.total_bytes <= largest  # it arrived together with its headers
    if is_small and not sessions.traced and (outgoing.to_service or "Content-Encoding" not in answer.headers):
        return content.read_nowait()
    async with asyncio.timeout(options.response_timeout):
        return await _receive(answer, outgoing, largest)


async def _receive(answer: aiohttp.ClientResponse, outgoing: Outgoing[Any], largest: int) -> bytes:
    announced = answer.content_length or 0
    if announced > largest:
        raise _too_large(answer, outgoing, largest)
    if announced and "Content-Encoding" not in answer.headers:
        return await answer.read()  # takes half as long as reading chunk by chunk
    chunks: list[bytes] = []
    size = 0
    async for chunk in _unpacked(answer.content.iter_any(), answer, outgoing, largest):
        chunks.append(chunk)
        size += len(chunk)
        if size > largest:
            raise _too_large(answer, outgoing, largest)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _in_time(answer: aiohttp.ClientResponse, options: TransportOptions) -> AsyncGenerator[bytes]:
    """Yield the chunks of a body of any size, of which each stretch must arrive within the time limit."""
    clock = asyncio.get_running_loop().time
    left, arrived = options.response_timeout, 0
    while True:
        started = clock()
        async with asyncio.timeout(left):
            chunk = await answer.content.read(_CHUNK)
        if not chunk:
            return
        arrived += len(chunk)
        if arrived >= STRETCH:
            left, arrived = options.response_timeout, 0
        elif left is not None:
            left -= clock() - started
        yield chunk


async def _unpacked(
    chunks: AsyncIterable[bytes], answer: aiohttp.ClientResponse, outgoing: Outgoing[Any], largest: int
) -> AsyncGenerator[bytes]:
    """Yield the chunks of a body, decompressed if object storage compressed it although it was asked not to.

    Such a file has the size limit of a body in memory, since it could fill the disk. aiohttp decompresses the
    responses of the service.
    """
    compression = None if outgoing.to_service else compression_in(answer.headers.get("Content-Encoding", ""))
    size = 0
    async for chunk in chunks if compression is None else unpacked(chunks, compression):
        size += len(chunk)
        if compression is not None and size > largest:
            raise _too_large(answer, outgoing, largest)
        yield chunk


def _too_large(
    answer: aiohttp.ClientResponse, outgoing: Outgoing[Any], largest: int
) -> ResponseTooLargeError:
    response = Response(answer.status, answer.headers.copy(), b"")
    message = (
        f"{outgoing.method} {outgoing.path} returned {answer.status} with more than {largest:,} bytes; "
        "pass max_response_size= to the client to take more"
    )
    return ResponseTooLargeError(message, response=response, method=outgoing.method, path=outgoing.path)
