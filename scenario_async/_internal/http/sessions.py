"""The aiohttp session of a client: opened when it is first needed, on the event loop that needs it."""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any, Final
from urllib.request import getproxies, proxy_bypass

import aiohttp
from attrs import define, field

from scenario_async.errors import ClientClosedError

CONNECTIONS: Final = 100
"""Connections that a client's own session keeps at most."""


@define
class Sessions:
    """Holds the session that a client and all that were made of it with `with_options` share.

    Attributes:
        given: A session that the caller brought; it is used, never closed.
        trace_configs: aiohttp's hooks for a session of our own.
    """

    given: aiohttp.ClientSession | None = None
    trace_configs: Sequence[aiohttp.TraceConfig] = ()
    _session: aiohttp.ClientSession | None = field(default=None, init=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False)
    _closings: set[asyncio.Task[None]] = field(factory=set[asyncio.Task[None]], init=False)
    _proxies: dict[tuple[str, str], str | None] = field(factory=dict[tuple[str, str], str | None], init=False)
    closed: bool = field(default=False, init=False)

    def current(self) -> aiohttp.ClientSession:
        """The session for the running event loop.

        Raises:
            ClientClosedError: The client was closed, or works on another loop that is still open.
        """
        loop = asyncio.get_running_loop()
        if self.closed:
            raise ClientClosedError("this client was closed; make a new one")
        if self.given is not None:
            if self.given.closed:
                raise ClientClosedError("the aiohttp session that was passed in is closed")
            return self.given
        if self._session is not None and self._loop is not None:
            if self._loop is loop:
                return self._session
            if not self._session.closed:  # as it is in a forked child
                self._leave_behind(self._session, self._loop)
        self._session, self._loop = _open(self.trace_configs), loop
        return self._session

    def _leave_behind(self, session: aiohttp.ClientSession, loop: asyncio.AbstractEventLoop) -> None:
        """Part with a session whose loop has ended."""
        if not loop.is_closed():
            raise ClientClosedError(
                "this client works on another event loop, which is still open; "
                "make one client for each loop, or use the blocking Scenario"
            )
        # Nothing of it is left on its own loop; this is for aiohttp, which would complain of it.
        closing = asyncio.create_task(session.close())
        self._closings.add(closing)
        closing.add_done_callback(self._closings.discard)

    def proxy_for(self, scheme: str, host: str) -> str | None:
        """The proxy that the environment names for a host (``HTTPS_PROXY``, ``NO_PROXY`` …).

        Asked here once for each host, because aiohttp's own ``trust_env`` starts a thread for every request.
        """
        try:
            return self._proxies[scheme, host]
        except KeyError:
            bypassed = self.given is not None or proxy_bypass(host)
            proxy = self._proxies[scheme, host] = None if bypassed else getproxies().get(scheme)
            return proxy

    async def close(self) -> None:
        """Close the session, unless the caller brought it. Closing twice does nothing."""
        self.closed = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()


class _Forks:
    """How often this process is a fork of the one that began."""

    count = 0

    @classmethod
    def add(cls) -> None:
        """In a child that was just forked."""
        cls.count += 1


if hasattr(os, "register_at_fork"):  # where there is such a thing
    os.register_at_fork(after_in_child=_Forks.add)


class _Connector(aiohttp.TCPConnector):
    """A connector that counts as closed in every process but its own, and once its event loop is closed.

    A forked child shares its sockets, and what the parent's event loop waits for: were they closed there,
    as aiohttp does when a connector is garbage-collected, the parent would wait for its answers for ever.
    After the loop, there is nothing left that could be closed, and so nothing for aiohttp to complain of.
    """

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)  # pyright: ignore[reportUnknownMemberType] - half typed there
        self._forks = _Forks.count
        self._home = asyncio.get_running_loop()

    @property
    def closed(self) -> bool:
        # Asked twice for each request, so neither by `super().closed` nor by `os.getpid`, which take longer.
        return self._closed or self._forks != _Forks.count or self._home.is_closed()

    def __del__(self, _warnings: Any = warnings) -> None:
        if not self.closed:
            super().__del__(_warnings)


def _open(trace_configs: Sequence[aiohttp.TraceConfig]) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=_Connector(limit=CONNECTIONS),
        trace_configs=list(trace_configs),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": user_agent()},
    )


@cache
def user_agent() -> str:
    """What requests say that they are sent by."""
    from importlib.metadata import version  # reads a file, so only with the first request

    return f"scenario-async/{version('scenario-async')}"
