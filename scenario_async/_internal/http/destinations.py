"""Check the targets of requests: the base URL, presigned URLs and redirects."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Collection
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from yarl import URL

from scenario_async.errors import APIError, InvalidArgumentError

DEFAULT_BASE_URL: Final = "https://api.cloud.scenario.com/v1"
_VARIABLE: Final = "SCENARIO_BASE_URL"

MOST_REDIRECTS: Final = 10

_KEEPING_METHOD: Final = (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)
REDIRECTS: Final = (
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    *_KEEPING_METHOD,
)

_LONGEST_NAME, _LONGEST_LABEL = 254, 63
"""The most characters of a host's name with a dot at its end, and of each part, according to DNS."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")
_SPECIAL: Final = frozenset({ipaddress.IPv6Address("::"), ipaddress.IPv6Address("::1")})
"""Addresses of the IPv4-compatible range that hold no IPv4 address."""


class ForbiddenAddressError(OSError):
    """All addresses of a host are ones to which nothing is sent; the message says why."""


class RedirectError(Exception):
    """A redirect that is not followed, after the server has received the request."""


def find_base_url(base_url: str | None, *, allow_http: Collection[str] = ()) -> str:
    """Return the base URL without a slash at its end: the given one, ``SCENARIO_BASE_URL``, or the service's.

    Args:
        base_url: The base URL that was given.
        allow_http: Hosts, each with its port if it has one (``"sandbox:8787"``), to which credentials may be
            sent over plain http.

    Raises:
        InvalidArgumentError: Credentials must not be sent to this URL.
    """
    given = base_url if base_url is not None else os.environ.get(_VARIABLE) or DEFAULT_BASE_URL
    argument = _VARIABLE if base_url is None else "base_url"
    # Shown without credentials, which a user may have written into the URL.
    shown = str(given).partition("?")[0].partition("#")[0]
    shown = "…@" + shown.rpartition("@")[2] if "@" in shown else shown
    try:
        url = URL(str(given).strip())  # the official package also accepts a URL of httpx
        host = host_of(url)
    except ValueError:
        raise InvalidArgumentError(argument, shown, "a URL is needed") from None
    if url.user or url.password:
        raise InvalidArgumentError(argument, shown, "pass the credentials as api_key= and api_secret=")
    if url.scheme not in {"http", "https"} or not host:
        raise InvalidArgumentError(argument, shown, "an https:// URL with a host is needed")
    if url.query_string or url.fragment:
        raise InvalidArgumentError(argument, shown, "a URL without a query and a fragment is needed")
    if url.scheme == "http" and not (is_loopback(host) or _is_named(url, allow_http)):
        raise InvalidArgumentError(
            argument,
            shown,
            "https:// is needed: credentials are sent over http:// only to this machine, and to hosts that "
            f"you allow with allow_http=({url.host_port_subcomponent!r},)",
        )
    return str(url).rstrip("/")


def presigned_url(text: str, base_url: str, method: str, *, allow_http: Collection[str] = ()) -> URL:
    """Check a presigned URL from the service before anything is sent to it.

    Args:
        text: The URL.
        base_url: The service's base URL. If it is on this machine or in a private network, the presigned URL
            may be there too.
        method: The HTTP method, for the error.
        allow_http: As for `find_base_url`.

    Raises:
        APIError: The URL is not allowed. The error does not show the query string, which is a secret.
    """
    try:
        url = URL(text, encoded=True)
        host = host_of(url)
    except (TypeError, ValueError):
        raise _refused(method, "", "the URL for it cannot be read") from None
    path, base = url.path, URL(base_url)
    if url.scheme not in {"http", "https"} or not host:
        raise _refused(method, path, "the URL for it is not an https:// URL")
    if url.user is not None or url.password is not None:
        raise _refused(method, path, "the URL for it contains a user")
    if url.scheme == "http" and not (is_loopback(base.host or "") or _is_named(url, allow_http)):
        raise _refused(method, path, f"the URL for it leads to {host} over plain http")
    address = address_of(host)
    if address is not None and address.is_link_local:
        raise _refused(method, path, f"the URL for it leads to the link-local address {host}")
    if (is_loopback(host) or _is_private(address)) and not _is_inside(base, allow_http):
        raise _refused(method, path, f"the URL for it leads to the private address {host}")
    return url


def redirect_target(method: str, url: URL, status: int, location: str | None) -> URL | None:
    """Return the URL that a response redirects an API request to; None if the response is not a redirect.

    A GET follows any redirect. Other methods follow only 307 and 308 within the same origin, because any
    other redirect could send a request body to a host that the caller did not choose.

    Raises:
        RedirectError: The redirect must not be followed.
    """
    if status not in REDIRECTS or location is None:
        return None
    if method != "GET" and status not in _KEEPING_METHOD:
        return None
    try:
        target = url.join(URL(location, encoded=True))
        host = host_of(target)
    except ValueError:
        raise RedirectError("redirected to a target that is not a valid URL") from None
    if target.scheme not in {"http", "https"} or not host or target.user is not None:
        raise RedirectError(f"redirected to a URL that is not followed ({target.scheme or 'no scheme'})")
    same_origin = target.origin() == url.origin()
    if not same_origin:
        if method != "GET":
            return None
        address = address_of(host)
        is_public = target.scheme == "https" and not is_loopback(host) and not _is_private(address)
        if (address is not None and address.is_link_local) or not (is_public or _is_inside(url, ())):
            raise RedirectError(f"redirected to {host}, which is not followed: not a public https:// URL")
    return target


def host_of(url: URL) -> str:
    """Return the host of a URL; an empty string if it has none.

    Raises:
        ValueError: The host or the port is not valid. The system would refuse the name with a `UnicodeError`.
    """
    host, _ = url.host or "", url.port
    name = url.raw_host or ""
    labels = name.removesuffix(".").split(".")
    if name and not (
        len(name) <= _LONGEST_NAME and all(0 < len(label) <= _LONGEST_LABEL for label in labels)
    ):
        raise ValueError("the host's name is too long, or a part of it is empty or too long")
    if not name.isascii():
        name.encode("idna")
    return host


def is_loopback(host: str) -> bool:
    """Whether a host is ``localhost``, a name below it, or a loopback address in its usual form."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:  # only the usual form of an address, because credentials may be sent there
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def address_of(host: str) -> Address | None:
    """The IP address of a host in any spelling that the system accepts (``127.1``); None for a name.

    For an IPv6 address that leads to an IPv4 address, this is the IPv4 address.
    """
    address: Address | None = None
    with suppress(ValueError):
        address = ipaddress.ip_address(host.partition("%")[0])
    if address is None:
        with suppress(OSError, ValueError):
            address = ipaddress.ip_address(socket.inet_aton(host))
    return _held_address(address) or address if isinstance(address, ipaddress.IPv6Address) else address


def _held_address(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address in a mapped, NAT64, 6to4 or IPv4-compatible address; None in all others."""
    if address in _NAT64 or (address in _IPV4_COMPATIBLE and address not in _SPECIAL):
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour


def is_this_machine(host: str) -> bool:
    """Whether an address, in any spelling, is one of this machine: a loopback address, or 0.0.0.0."""
    address = address_of(host)
    return address is not None and (address.is_loopback or address.is_unspecified)


def host_that_named(url: URL, base: URL, allow_http: Collection[str]) -> str | None:
    """Return the service's host if the name in a URL must not lead to this machine; None if it may.

    The addresses of the name are not known yet.

    Args:
        url: A presigned URL or the target of a redirect, which was checked.
        base: The URL of the service, which led to it.
        allow_http: As for `find_base_url`.
    """
    is_free = _is_inside(base, allow_http) or _is_named(url, allow_http) or url.host == base.host
    return None if is_free else base.raw_host


def _is_private(address: Address | None) -> bool:
    return address is not None and not address.is_global


def _is_inside(base: URL, allow_http: Collection[str]) -> bool:
    """Whether the service itself is on this machine or in a private network."""
    host = base.host or ""
    return is_loopback(host) or _is_private(address_of(host)) or _is_named(base, allow_http)


def _is_named(url: URL, hosts: Collection[str]) -> bool:
    # Of an IPv6 address with a port, only the last form has the brackets.
    return url.host in hosts or url.authority in hosts or url.host_port_subcomponent in hosts


def _refused(method: str, path: str, why: str) -> APIError:
    return APIError(f"{method} {path}: nothing is sent, since {why}", method=method, path=path)
