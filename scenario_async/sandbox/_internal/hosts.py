"""The host names that a sandbox accepts, and the address that it prints."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection

from attrs import field, frozen
from yarl import URL


def is_loopback(host: str) -> bool:
    """Whether a name or address always means this machine."""
    if host.rstrip(".").lower() == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def _checked_names(names: Collection[str]) -> frozenset[str]:
    for name in names:
        if not name or "/" in name or (":" in name and _address(name) is None):
            raise ValueError(f"allowed_hosts takes names without a port, such as 'sandbox': {name!r}")
    return frozenset(name.lower() for name in names)


@frozen
class Hosts:
    """The ``Host`` headers that a sandbox accepts.

    A web page can make its own host name point to this machine (DNS rebinding), and the sandbox's credentials
    are public. So the sandbox accepts only loopback names and allowed names. If it listens on every address,
    it also accepts IP addresses, because DNS rebinding needs a name.

    Attributes:
        listening: The address that the sandbox listens on.
        allowed: Additional names that it accepts, such as ``"sandbox"`` in a network of containers.

    Raises:
        ValueError: An allowed name is empty, or contains a port or a path.
    """

    listening: str
    allowed: frozenset[str] = field(converter=_checked_names)

    def answers_to(self, header: str) -> bool:
        """Whether a ``Host`` header, with or without a port, is accepted."""
        try:
            host = URL(f"http://{header}/").host
        except ValueError:
            return False
        if host is None or "@" in header or "/" in header:
            return False
        if is_loopback(host) or host == self.listening.lower() or host in self.allowed:
            return True
        return _listens_everywhere(self.listening) and _address(host) is not None


def origin(listening: str, port: int) -> str:
    """The origin of the URLs by which this machine reaches a sandbox."""
    address = _address(listening)
    if address is not None and address.is_unspecified:
        listening = "127.0.0.1" if address.version == 4 else "::1"  # noqa: PLR2004 - IP version
    return f"http://[{listening}]:{port}" if ":" in listening else f"http://{listening}:{port}"


def _listens_everywhere(host: str) -> bool:
    address = _address(host)
    return address is not None and address.is_unspecified


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
