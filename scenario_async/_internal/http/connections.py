"""The connections of a client's own aiohttp session: name look-up, connecting and reuse."""

from __future__ import annotations

import asyncio
import os
import select
import socket
import ssl
import sys
import warnings
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from scenario_async._internal.http.destinations import address_of
from scenario_async._internal.threads import in_thread

CONNECTIONS: Final = 100
"""The largest number of connections of a client's own session."""

CONNECT_TIMEOUT: Final = 10.0
"""Seconds to look up a name, connect (also through a proxy) and agree on TLS, together."""


class _Forks:
    """How many forks are between this process and the first one."""

    count = 0

    @classmethod
    def add(cls) -> None:
        """Called in a child process after a fork."""
        cls.count += 1


if hasattr(os, "register_at_fork"):  # where there is such a thing
    os.register_at_fork(after_in_child=_Forks.add)


class Connector(aiohttp.TCPConnector):
    """A connector that limits the time to connect, and does not reuse connections that the server has closed.

    The connector counts as closed in a forked child process, and after its event loop was closed. A child
    process shares the sockets of its parent. aiohttp closes the sockets of a connector that is
    garbage-collected; if the child did this, the parent would wait for its responses forever. After the event
    loop was closed, no connection is left to close, so aiohttp must not warn about one.
    """

    def __init__(self, *, ssl: ssl.SSLContext | bool) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType] - half typed there
            limit=CONNECTIONS, ssl=ssl, resolver=Resolver()
        )
        self._forks = _Forks.count
        self._home = asyncio.get_running_loop()

    @property
    def closed(self) -> bool:
        # Asked twice for each request, so neither by `super().closed` nor by `os.getpid`, which take longer.
        return self._closed or self._forks != _Forks.count or self._home.is_closed()

    def __del__(self, _warnings: Any = warnings) -> None:
        if not self.closed:
            super().__del__(_warnings)

    def abandon(self) -> None:
        """Close all connections without waiting until they have ended."""
        self._close()

    async def _create_connection(self, req: Any, traces: Any, timeout: Any) -> Any:  # noqa: ASYNC109 - as there
        # aiohttp's `sock_connect` holds for each address, and neither for the look-up of a name nor for a
        # proxy's answer.
        async with asyncio.timeout(CONNECT_TIMEOUT):
            return await super()._create_connection(req, traces, timeout)

    async def _get(self, key: Any, traces: Any) -> Any:
        """Return a connection to reuse, or None. A connection that the server has closed is not reused.

        The event loop notices a closed connection only when it polls again. A request that is sent before
        that would be in doubt.
        """
        while (connection := await super()._get(key, traces)) is not None:
            transport = connection.transport
            if transport is None or not _has_something_to_read(transport):
                return connection
            connection.close()
        return None


def _has_something_to_read(transport: asyncio.BaseTransport) -> bool:
    """Whether an idle connection has something to read: its end, or unexpected bytes."""
    connection = transport.get_extra_info("socket")
    if connection is None:
        return False
    try:
        if sys.platform == "win32":  # has no poll, but takes any number here
            return bool(select.select([connection], [], [], 0)[0])
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        return bool(poll.poll(0))
    except (OSError, ValueError):  # closed on this side
        return True


class Resolver(AbstractResolver):
    """Looks up host names in daemon threads, so that a hanging look-up does not keep a process alive."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host, without link-local ones, which clouds use for credentials of machines."""
        found = await in_thread(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM)
        results = [
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
        allowed = [result for result in results if not _is_link_local(result["host"])]
        if results and not allowed:
            raise OSError(None, f"{host} has a link-local address, to which nothing is sent")
        return allowed

    async def close(self) -> None:
        """Do nothing, since there is nothing to close."""


def _is_link_local(host: str) -> bool:
    address = address_of(host)
    return address is not None and address.is_link_local
