"""Convert aiohttp's exceptions to errors of this package, without the URLs and headers in them."""

from __future__ import annotations

import re
from typing import Any, Final

import aiohttp
from aiohttp.http_exceptions import ContentLengthError, HttpProcessingError, TransferEncodingError

from scenario_async._internal.http.certificates import advice
from scenario_async._internal.http.destinations import ForbiddenAddressError, RedirectError
from scenario_async._internal.http.payload import StreamedPayload
from scenario_async.errors import APIConnectionError, APITimeoutError, InvalidArgumentError, printable

NOT_CONNECTED: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
"""The exceptions that aiohttp raises if nothing was sent."""


class ConnectionBrokeError(Exception):
    """A connection broke after sending. After its own exceptions, aiohttp would send the request again."""


_EXPECTED: Final = (aiohttp.ClientError, ConnectionBrokeError, RedirectError, TimeoutError, OSError)

_EXPIRED_OR_OF_ANOTHER_HOST: Final = (10, 62, 64)
"""OpenSSL's codes for a certificate that has expired, or is for another host or address."""

_SHOWN: Final = 200
"""The most characters of an exception's text that a message shows."""


def connection_failure(
    error: Exception, payload: Any, *, method: str, path: str, host: str
) -> APIConnectionError | InvalidArgumentError:
    """Convert any exception to an error, because a request that was sent is in doubt after each of them.

    An unreadable picture breaks a connection too.
    """
    if isinstance(payload, StreamedPayload) and payload.failure is not None:
        return payload.failure
    if isinstance(error, ConnectionBrokeError) and isinstance(error.__cause__, Exception):
        error = error.__cause__
    unsent = isinstance(payload, StreamedPayload) and not payload.sent_whole
    connected = not isinstance(error, (*NOT_CONNECTED, aiohttp.ClientHttpProxyError))
    kind = APITimeoutError if isinstance(error, TimeoutError) else APIConnectionError
    awaited = "response" if connected else "connection"
    what = f"no {awaited} in time" if kind is APITimeoutError else _words(error) or type(error).__name__
    message = f"{method} {path} to {host}: {what}"
    failure = kind(message, method=method, path=path, in_doubt=connected and not unsent)
    failure.__cause__ = _cause(error)
    return failure


def _words(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        if isinstance(error.os_error, ForbiddenAddressError):
            return str(error.os_error)
        return (
            f"the host was not found; is this computer online? ({error.os_error.strerror or error.os_error})"
        )
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        is_wrong = getattr(error.certificate_error, "verify_code", None) in _EXPIRED_OR_OF_ANOTHER_HOST
        return (
            f"its certificate is not trusted ({error.certificate_error}){'' if is_wrong else f'; {advice()}'}"
        )
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return f"the proxy returned {error.status} ({printable(error.message, _SHOWN)})"
    if isinstance(error, aiohttp.ClientConnectorError):
        if _is_without_tls(error.os_error):
            return "no connection: https:// needs TLS, and the server does not use it at this port"
        where = "to the proxy " if isinstance(error, aiohttp.ClientProxyConnectionError) else ""
        said = error.os_error.strerror or str(error.os_error) or "it was closed at once"
        return f"no connection {where}({said})"
    return _own_words(error) or printable(str(error).partition("?")[0], _SHOWN)  # a query may be a secret


def _is_without_tls(error: OSError) -> bool:
    """Whether a server answered a TLS handshake with something else; OpenSSL 3.2 has another word for it."""
    return getattr(error, "reason", None) in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}


def _own_words(error: Exception) -> str | None:
    """Return what happened, if aiohttp's words show a URL, a proxy or what a server sent; None otherwise."""
    if isinstance(error, aiohttp.ClientResponseError | aiohttp.ClientPayloadError):
        is_cut_off = isinstance(error.__cause__, ContentLengthError | TransferEncodingError)
        return f"the response {'was cut off' if is_cut_off else 'is not valid HTTP'} ({_reason(error)})"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "the server closed the connection without a response"
    if isinstance(error, aiohttp.ClientOSError) and error.errno is None:
        return "the connection ended before the whole request was sent"
    if type(error) is aiohttp.ClientConnectionError and error.__cause__ is not None:
        return f"the request could not be sent ({type(error.__cause__).__name__})"
    if isinstance(error, aiohttp.InvalidURL):
        return "the URL cannot be read"
    return None if isinstance(error, _EXPECTED) else f"unexpected error ({type(error).__name__})"


def _reason(error: aiohttp.ClientResponseError | aiohttp.ClientPayloadError) -> str:
    """Return what aiohttp says about a response, without what the server sent, which may echo credentials."""
    said: Any = error if isinstance(error, aiohttp.ClientResponseError) else error.__cause__ or error
    text = str(getattr(said, "message", said)).strip()
    return printable(re.split(r":?\s*\n|:? b['\"]", text)[0], _SHOWN)


def _cause(error: BaseException | None) -> BaseException | None:
    """Return the cause of aiohttp's exceptions, which show URLs and headers unchanged."""
    while isinstance(error, aiohttp.ClientError | HttpProcessingError | ConnectionBrokeError | RedirectError):
        error = error.__cause__
    # Without aiohttp's frames, whose locals have headers and URLs.
    return None if error is None else error.with_traceback(None)
