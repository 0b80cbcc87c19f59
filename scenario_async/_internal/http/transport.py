"""Send all requests to the service and to object storage, and retry them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeVar

from attrs import evolve
from multidict import CIMultiDict
from yarl import URL

from scenario_async._internal.declare.wire import Prepared
from scenario_async._internal.http.credentials import Credentials
from scenario_async._internal.http.destinations import host_that_named, presigned_url
from scenario_async._internal.http.exchange import Outgoing, WriteChunks, exchange
from scenario_async._internal.http.options import TransportOptions
from scenario_async._internal.http.pace import Pace
from scenario_async._internal.http.retries import wait_before_retry
from scenario_async._internal.http.sessions import Sessions, user_agent
from scenario_async._internal.pictures.picture import Segment
from scenario_async._internal.response import Response, kept_responses, with_request
from scenario_async.errors import APIError, APIResponseValidationError, APIStatusError, status_error

T = TypeVar("T")

logger: Final = logging.getLogger("scenario_async")

_JSON: Final = "application/json"
_WITHOUT_BODY: Final = ("GET", "DELETE")
_UNCOMPRESSED: Final = {"Accept-Encoding": "identity"}
"""The headers of a download, because the length of a compressed file would not show that it was cut off."""


class Transport:
    """Sends requests to one base URL.

    Args:
        base_url: The base URL of the service.
        credentials: The credentials to send with every request to the service.
        options: How requests are sent.
        sessions: The connections.
        pace: Controls the rate of the requests of a batch; None for single calls.
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
        self._headers_with_body.setdefault("Content-Type", _JSON)

    def with_options(self, options: TransportOptions, *, pace: Pace | None = None) -> Transport:
        """Return a transport with the same connections and other options; None does not change the pace."""
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
        """Make a request to the service, with credentials; see `Outgoing` for `read` and `settle`."""
        query, body = prepared.query, prepared.body
        return Outgoing(
            prepared.method,
            URL(f"{self.base_url}{prepared.path}{'?' if query else ''}{query}", encoded=True),
            prepared.path,
            # For a POST without a body, aiohttp would otherwise name binary content.
            self._headers if body is None and prepared.method in _WITHOUT_BODY else self._headers_with_body,
            body,
            read,
            prepared.repeatable,
            to_service=True,
            settle=settle,
        )

    async def store(self, url: str, segment: Segment, content_type: str) -> None:
        """Upload a segment of a picture to a presigned URL.

        Object storage authorises a request by its URL and must not get the client's credentials. The URL is
        itself a secret, so errors and log lines show only its path.

        Args:
            url: The presigned URL from the service.
            segment: The segment to upload.
            content_type: The MIME type of the file.

        Raises:
            APIError: The upload failed after all retries.
        """
        await self.send(self._storage("PUT", url, {"Content-Type": content_type}, (segment,)))

    async def download(self, url: str) -> bytes:
        """Download from a presigned URL, without the client's credentials.

        Raises:
            APIError: It failed for good.
        """
        return await self.send(self._storage("GET", url, _UNCOMPRESSED))

    async def download_to(self, url: str, write: WriteChunks) -> None:
        """Download a file from a presigned URL, one chunk at a time and without the client's credentials.

        Args:
            url: The presigned URL from the service.
            write: Called once for each attempt with the chunks of the file from the beginning.

        Raises:
            APIError: The download failed after all retries.
        """
        await self.send(evolve(self._storage("GET", url, _UNCOMPRESSED), write=write))

    def _storage(
        self, method: str, url: str, headers: Mapping[str, str], body: tuple[Segment, ...] | None = None
    ) -> Outgoing[bytes]:
        allow_http = self.options.allow_http
        target = presigned_url(url, self.base_url, method, allow_http=allow_http)
        named_by = host_that_named(target, URL(self.base_url), allow_http)
        read = _content(method, target.path)
        return Outgoing(method, target, target.path, headers, body, read, named_by=named_by)

    async def send(self, outgoing: Outgoing[T]) -> T:
        """Send a request until an attempt succeeds or no retry is allowed, and read its response.

        Raises:
            APIConnectionError: No complete response was received.
            APIError: `outgoing.read` raised it.
            InvalidArgumentError: A picture could not be read to its end.
            StoppedError: The batch has stopped.
        """
        pace = self.pace
        attempt, started, in_doubt = 0, 0.0, False
        while True:
            attempt += 1
            try:
                if pace is None:
                    return _value(await exchange(outgoing, self.options, self.sessions), outgoing)
                async with pace.gate_to(service=outgoing.to_service).passing():
                    pace.check(in_doubt=in_doubt)
                    started = time.monotonic()
                    value = _value(await exchange(outgoing, self.options, self.sessions), outgoing)
                    has_body = outgoing.body is not None
                    pace.note_success(has_body=has_body, from_service=outgoing.to_service)
                    return value
            except APIError as error:
                # Its traceback would show internal frames of this package, and their values.
                failure = error.with_traceback(None)
            except BaseException as error:  # noqa: BLE001 - also a cancellation, whose frames have headers
                raise error.with_traceback(None)  # noqa: B904 - the same error is raised again
            if in_doubt and outgoing.settle is not None and isinstance(failure, APIStatusError):
                settled = outgoing.settle(failure)
                if settled is not None:
                    _keep(failure.response, outgoing)
                    return settled
            in_doubt = failure.in_doubt = in_doubt or failure.in_doubt
            try:
                wait = self._wait_before_retry(failure, attempt, started, outgoing)
                if wait is None:
                    raise failure
                logger.info("%s; again in %.1f s", failure, wait)
            finally:
                del failure  # otherwise a reference cycle would keep the sent data
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


def _value(response: Response, outgoing: Outgoing[T]) -> T:
    value = outgoing.read(response)
    _keep(response, outgoing)
    return value


def _keep(response: Response, outgoing: Outgoing[Any]) -> None:
    """Keep a response for `with_response` and `with_raw_response`, if the current context asks for it.

    This is not done in `Outgoing.read`, because that function would refer to its own request. This reference
    cycle would keep the request and its pictures in memory until the garbage collector runs.
    """
    kept = kept_responses() if outgoing.to_service else None
    if kept is not None:
        headers = {"User-Agent": user_agent(), **outgoing.headers}
        kept.append(with_request(response, outgoing.method, str(outgoing.url), headers))


def _content(method: str, path: str) -> Callable[[Response], bytes]:
    """Reads a response of object storage; a download needs the whole file."""

    def read(response: Response) -> bytes:
        if not response.is_success:
            raise status_error(response, method=method, path=path)
        if method == "GET" and response.status_code != HTTPStatus.OK:
            message = f"GET {path} returned {response.status_code} instead of the whole file"
            raise APIResponseValidationError(message, response=response, method=method, path=path)
        return response.content

    return read
