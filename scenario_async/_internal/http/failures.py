"""Convert aiohttp's exceptions to errors of this package, without the URLs and headers in them."""

from __future__ import annotations

from typing import Any, Final

import aiohttp

from scenario_async._internal.http.certificates import advice
from scenario_async._internal.http.destinations import RedirectError
from scenario_async._internal.http.payload import StreamedPayload
from scenario_async.errors import APIConnectionError, APITimeoutError, InvalidArgumentError

NOT_CONNECTED: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
"""The exceptions that aiohttp raises if nothing was sent."""


class ConnectionBrokeError(Exception):
    """A connection broke after sending. After its own exceptions, aiohttp would send the request again."""


HANDLED: Final = (aiohttp.ClientError, ConnectionBrokeError, RedirectError, TimeoutError, OSError)
"""The exceptions that `connection_failure` converts."""


def connection_failure(
    error: Exception, payload: Any, *, method: str, path: str, host: str
) -> APIConnectionError | InvalidArgumentError:
    """Convert an exception of aiohttp to an error; an unreadable picture breaks a connection too."""
    if isinstance(payload, StreamedPayload) and payload.failure is not None:
        return payload.failure
    unsent = isinstance(payload, StreamedPayload) and not payload.sent_whole
    connected = not isinstance(error, (*NOT_CONNECTED, aiohttp.ClientHttpProxyError))
    kind = APITimeoutError if isinstance(error, TimeoutError) else APIConnectionError
    what = "no response in time" if kind is APITimeoutError else _words(error) or type(error).__name__
    message = f"{method} {path} to {host}: {what}"
    failure = kind(message, method=method, path=path, in_doubt=connected and not unsent)
    failure.__cause__ = _cause(error)
    return failure


def _words(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return (
            f"the host was not found; is this computer online? ({error.os_error.strerror or error.os_error})"
        )
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"its certificate is not trusted ({error.certificate_error}); {advice()}"
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return f"the proxy returned {error.status} ({error.message})"
    if isinstance(error, aiohttp.ClientConnectorError):
        where = "to the proxy " if isinstance(error, aiohttp.ClientProxyConnectionError) else ""
        return f"no connection {where}({error.os_error.strerror or error.os_error})"
    words = error.message if isinstance(error, aiohttp.ClientResponseError) else str(error)
    # The query string of a presigned URL is a secret.
    return words.partition("?")[0]


def _cause(error: BaseException | None) -> BaseException | None:
    """Return the cause of aiohttp's exceptions, which show URLs and headers unchanged."""
    while isinstance(error, aiohttp.ClientError | ConnectionBrokeError | RedirectError):
        error = error.__cause__
    # Without aiohttp's frames, whose locals have headers and URLs.
    return None if error is None else error.with_traceback(None)
