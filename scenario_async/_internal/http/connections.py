"""The connections of a client's own aiohttp session: name look-up, connecting and reuse."""

from __future__ import annotations

import asyncio
import functools
import os
import select
import socket
import ssl
import sys
import warnings
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler

from scenario_async._internal.http.destinations import ForbiddenAddressError, address_of, is_this_machine
from scenario_async._internal.threads import in_thread

CONNECTIONS: Final = 100
"""The largest number of connections of a client's own session."""

CONNECT_TIMEOUT: Final = 10.0
"""Seconds to look up a name, connect (also through a proxy) and agree on TLS, together."""

# Numbers, because it takes a tenth of a microsecond to look up a member of `HTTPStatus`.
_SWITCHING_PROTOCOLS: Final = 101
_FIRST_FINAL: Final = 200
"""Responses with a lower status are followed by another one."""


class _Forks:
    """How many forks are between this process and the first one."""

    count = 0

    @classmethod
    def add(cls) -> None:
        """Called in a child process after a fork."""
        cls.count += 1


if hasattr(os, "register_at_fork"):  # not available on Windows
    os.register_at_fork(after_in_child=_Forks.add)


class Connector(aiohttp.TCPConnector):
    """A connector that limits the time to connect, and does not reuse connections that the server has closed.

    The connector counts as closed in a forked child process, and after its event loop was closed. A child
    process shares the sockets of its parent. aiohttp closes the sockets of a connector that is
    garbage-collected; if the child did this, the parent would wait for its responses forever. After the event
    loop was closed, its connections cannot be closed any more, so aiohttp must not warn that they are still
    open.
    """

    def __init__(self, *, ssl: ssl.SSLContext | bool, resolver: Resolver) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType] - partly typed in aiohttp
            limit=CONNECTIONS, ssl=ssl, resolver=resolver
        )
        self._forks = _Forks.count
        self._home = asyncio.get_running_loop()
        make: Any = Connection  # aiohttp's annotation allows only its own class
        self._factory = functools.partial(make, loop=self._home)

    @property
    def closed(self) -> bool:
        # Called twice for each request. `super().closed` and `os.getpid` would take longer.
        return self._closed or self._forks != _Forks.count or self._home.is_closed()

    def __del__(self, _warnings: Any = warnings) -> None:
        if not self.closed:
            super().__del__(_warnings)

    def abandon(self) -> None:
        """Close all connections without waiting until they have ended."""
        self._close()

    async def _create_connection(self, req: Any, traces: Any, timeout: Any) -> Any:  # noqa: ASYNC109 - inherited
        # aiohttp's `sock_connect` applies to each address. It does not apply to the lookup of a name or to
        # the response of a proxy.
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                return await super()._create_connection(req, traces, timeout)
        except (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError, TimeoutError):
            raise
        except (aiohttp.ClientConnectionError, aiohttp.ClientResponseError) as error:
            # A proxy failed; the same errors of a later response would mean that the request is in doubt.
            closed = isinstance(error, aiohttp.ClientConnectionError)
            said = "it closed the connection" if closed else "its response is not valid HTTP"
            raise aiohttp.ClientProxyConnectionError(req.connection_key, OSError(said)) from None

    async def _get(self, key: Any, traces: Any) -> Any:
        """Return a connection to reuse, or None. A connection that the server has closed is not reused.

        The event loop notices a closed connection only when it polls again. A request that is sent before
        that would be in doubt.
        """
        while (connection := await super()._get(key, traces)) is not None:
            protocol = connection.protocol
            if not isinstance(protocol, Connection):
                return connection
            if not protocol.has_something_to_read():
                protocol.awaits_headers = True
                return connection
            connection.close()
        return None


class Connection(ResponseHandler):
    """A connection whose read timeout takes one timer, and not one for each request and each packet.

    aiohttp cancels a timer and starts another one whenever bytes arrive. Here the end of the time allowed is
    a number, and the timer compares it with the clock when it goes off, once for each time allowed.

    The whole status line and all headers of a response must arrive within the time allowed. A server that
    sends one byte of them now and then does not extend it, nor does one that sends interim responses (1xx).
    """

    _read_until: float | None = None
    """The event loop's time at which reading times out; None while no bytes are expected."""
    awaits_headers: bool = True
    """Whether the headers of the response to the present request are not complete."""
    _poll: Any = None
    """Asks the system whether there is something to read; made once for each connection."""

    def feed_data(self, data: Any, size: int = 0) -> None:
        code = data[0].code
        self.awaits_headers = code < _FIRST_FINAL and code != _SWITCHING_PROTOCOLS
        super().feed_data(data, size)

    def _reschedule_timeout(self) -> None:
        if not self.awaits_headers:
            self.start_timeout()

    def start_timeout(self) -> None:
        allowed = self._read_timeout
        if not allowed:
            self._read_until = None
            return
        self._read_until = until = self._loop.time() + allowed
        timer = self._read_timeout_handle
        if timer is None:
            self._read_timeout_handle = self._loop.call_at(until, self._look_at_clock)
        elif timer.when() > until:  # the timer was started for a request with a longer timeout
            timer.cancel()
            self._read_timeout_handle = self._loop.call_at(until, self._look_at_clock)

    def _drop_timeout(self) -> None:
        if not self.awaits_headers:  # aiohttp calls this after an interim response too
            self._read_until = None

    def _look_at_clock(self) -> None:
        until = self._read_until
        if until is None:
            self._read_timeout_handle = None
        elif until > self._loop.time():
            self._read_timeout_handle = self._loop.call_at(until, self._look_at_clock)
        else:
            self._read_timeout_handle = None
            self._on_read_timeout()

    def close(self) -> None:
        # aiohttp would wait until the rest of a request is sent, which a server may never read.
        transport = self.transport
        super().close()
        if transport is not None and transport.get_write_buffer_size():
            transport.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        waiter = self._drain_waiter
        super().connection_lost(exc)
        if waiter is not None and waiter.done() and not waiter.cancelled():
            waiter.exception()  # a cancelled request does not read it, and asyncio would print it
        if self._read_timeout_handle is not None:
            self._read_timeout_handle.cancel()
            self._read_timeout_handle = None

    def has_something_to_read(self) -> bool:
        """Whether an idle connection has anything to read: its end, or bytes that belong to no request."""
        if self._poll is None:
            connection = None if self.transport is None else self.transport.get_extra_info("socket")
            if connection is None:
                return False
            if sys.platform == "win32":  # Windows has no poll and accepts any number here
                self._poll = functools.partial(select.select, [connection], [], [], 0)
            else:
                poll = select.poll()
                poll.register(connection, select.POLLIN)
                self._poll = functools.partial(poll.poll, 0)
        try:
            found = self._poll()
        except (OSError, ValueError):  # this side closed the socket
            return True
        return bool(found[0] if sys.platform == "win32" else found)


class Resolver(AbstractResolver):
    """Looks up host names in daemon threads, so that a hanging look-up does not keep a process alive.

    Args:
        named: The hosts to which the service leads, and which the caller did not name, with the host of the
            service.
    """

    def __init__(self, named: Mapping[str, str]) -> None:
        self._named = named

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a host, except those to which nothing is sent.

        These are link-local addresses, which clouds use for credentials of machines, and the addresses of
        this machine, if the service leads to the host and is itself elsewhere. Private addresses are allowed,
        because the DNS of a company may return them for object storage.

        Raises:
            ForbiddenAddressError: The host has only addresses to which nothing is sent.
            OSError: The host was not found.
        """
        found = await _addresses_of(host, port, family)
        results = [result for result in found if not _is_link_local(result["host"])]
        if found and not results:
            raise ForbiddenAddressError(f"{host} has a link-local address, to which nothing is sent")
        by = self._named.get(host.rstrip("."))
        if by is None or not _any_here(results):
            return results
        with suppress(OSError):  # a service behind a proxy may have no address here
            if _any_here(await _addresses_of(by, port, family)):
                return results
        elsewhere = [result for result in results if not is_this_machine(result["host"])]
        if not elsewhere:
            raise ForbiddenAddressError(f"{host} is this machine, and the service is not: nothing is sent")
        return elsewhere

    async def close(self) -> None:
        """Do nothing, since there is nothing to close."""


async def _addresses_of(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    found = await in_thread(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM)
    return [
        ResolveResult(
            hostname=host,
            host=str(address[0]),
            port=port,
            family=family,
            proto=protocol,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for family, _, protocol, _, address in found
    ]


def _any_here(results: list[ResolveResult]) -> bool:
    return any(is_this_machine(result["host"]) for result in results)


def _is_link_local(host: str) -> bool:
    address = address_of(host)
    return address is not None and address.is_link_local
