"""Choose the proxy of a request: the client's own, or the environment's."""

from __future__ import annotations

import ipaddress
import os
from typing import Final, cast
from urllib.request import getproxies, proxy_bypass

from yarl import URL

from scenario_async._internal.http.destinations import host_of, is_loopback
from scenario_async.errors import InvalidArgumentError

_SOCKS: Final = (
    "a SOCKS proxy needs the package aiohttp-socks: pass session=aiohttp.ClientSession(connector="
    "aiohttp_socks.ProxyConnector.from_url(…)) to AsyncScenario, or name an http:// proxy"
)


def find_proxy(url: URL, given: str | None = None) -> URL | None:
    """Return the proxy for a URL; None if the request uses no proxy.

    Requests to this machine never use a proxy. `NO_PROXY` lists hosts, domains, addresses and networks, each
    with or without a port. It also applies to a proxy that was given.

    Args:
        url: The URL of the request.
        given: The client's own proxy. It has priority over ``HTTPS_PROXY``, ``HTTP_PROXY`` and ``ALL_PROXY``.

    Raises:
        InvalidArgumentError: The proxy's URL cannot be used.
    """
    host = url.host or ""
    if is_loopback(host):
        return None
    proxies = getproxies()
    excluded = proxies.get("no")
    if excluded is None:
        excluded = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    if excluded and is_excluded(host, url.port, excluded):
        return None
    if given is not None:
        return read_proxy(given, "proxy")
    # Without the variable, the settings of the system apply (Windows, macOS).
    if excluded is None and proxy_bypass(host):
        return None
    for scheme in (url.scheme, "all"):
        if found := proxies.get(scheme):
            return read_proxy(found, f"{scheme}_proxy".upper())
    return None


def check_proxy(given: str | None) -> None:
    """Check the `proxy` argument of a client.

    Raises:
        InvalidArgumentError: The proxy's URL cannot be used.
    """
    if given is not None:
        read_proxy(given, "proxy")


def read_proxy(text: str, argument: str) -> URL:
    """Read a proxy's URL; without a scheme it is ``http://``.

    Raises:
        InvalidArgumentError: The URL is not a valid proxy URL. The error shows neither user nor password.
    """
    expected = "a proxy's URL is needed: http://host:port"
    if not isinstance(cast("object", text), str):  # its repr may show a password
        raise InvalidArgumentError(argument, f"<{type(text).__name__}>", f"{expected}, as a string")
    text = text.strip()
    _, at, after = text.rpartition("@")
    shown = f"…@{after}" if at else text
    if "://" not in text:
        text = f"http://{text}"
    try:
        url = URL(text)
        usable = bool(host_of(url)) and url.port != 0
    except ValueError:
        raise InvalidArgumentError(argument, shown, expected) from None
    if at and "@" not in url.authority:
        # Otherwise the user would count as the host, and a part of the password as the port.
        quoting = f"{expected}; write the characters / ? # in a user or password as %2F %3F %23"
        raise InvalidArgumentError(argument, f"…@{after}", quoting)
    if url.scheme.startswith("socks"):
        raise InvalidArgumentError(argument, shown, _SOCKS)
    if url.scheme not in {"http", "https"} or not usable:
        raise InvalidArgumentError(argument, shown, expected)
    if ":" in (url.user or "") or not _is_latin(f"{url.user}{url.password}"):
        # aiohttp refuses them for every request, with an error that shows the password.
        characters = f"{expected}, with a user without a colon, and both user and password in Latin-1"
        raise InvalidArgumentError(argument, shown, characters)
    return url


def _is_latin(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def is_excluded(host: str, port: int | None, excluded: str) -> bool:
    """Whether ``NO_PROXY`` contains a host: ``*``, ``example.com``, ``.example.com:8443``, ``10.0.0.0/8``."""
    return any(_names(entry.strip().lower(), host.lower().rstrip("."), port) for entry in excluded.split(","))


def _names(entry: str, host: str, port: int | None) -> bool:
    if not entry:
        return False
    if entry == "*":
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        pass  # one of them is a host name, or the entry has a port
    name, colon, number = entry.rpartition(":")
    if colon and number.isdecimal():
        return int(number) == port and _names(name, host, port)
    domain = entry.removeprefix("*").lstrip(".").rstrip(".")
    return host == domain or host.endswith(f".{domain}")
