"""The aiohttp session of a client, which is opened by the first request, on its event loop."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import Sequence
from functools import cache
from typing import Final

import aiohttp
from aiohttp.helpers import basicauth_from_netrc, netrc_from_env
from attrs import define, field
from yarl import URL

from scenario_async._internal.http.connections import Connector, Resolver
from scenario_async._internal.http.proxies import find_proxy
from scenario_async._internal.threads import running_loop
from scenario_async._internal.version import installed_version
from scenario_async.errors import ClientClosedError, InvalidArgumentError

_SECRET_HEADERS: Final = {
    "Cookie": "pass it as default_headers=",
    "Proxy-Authorization": "write the user and the password into the URL of the proxy",
}
"""Headers that a caller's session must not have, besides ``Authorization``, and what to do instead."""

LONGEST_HEADER: Final = 128 * 1024
"""The longest response header in bytes. aiohttp's default of 8,190 made successful requests fail."""


@define
class Sessions:
    """Stores the session that a client shares with the clients that its `with_options` returned.

    Attributes:
        given: A session that the caller passed. It is used, but never closed.
        trace_configs: aiohttp's trace hooks for a session that the client makes itself.
        proxy: A proxy for all requests except those to this machine; None for the environment's proxy.
        verified_by: The `ssl` argument for a session that the client makes itself; see `find_ssl`.
        named: The hosts to which the service leads, and which the caller did not name; see `Resolver`.
    """

    given: aiohttp.ClientSession | None = None
    trace_configs: Sequence[aiohttp.TraceConfig] = ()
    proxy: str | None = field(default=None, repr=False)
    verified_by: ssl.SSLContext | bool = True
    _session: aiohttp.ClientSession | None = field(default=None, init=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False)
    _closings: set[asyncio.Task[None]] = field(factory=set[asyncio.Task[None]], init=False)
    _proxies: dict[tuple[str, str | None, int | None], URL | None] = field(
        factory=dict[tuple[str, str | None, int | None], URL | None], init=False, repr=False
    )
    named: dict[str, str] = field(factory=dict[str, str], init=False, repr=False)
    closed: bool = field(default=False, init=False)

    def current(self) -> aiohttp.ClientSession:
        """The session for the running event loop.

        Raises:
            ClientClosedError: The client was closed, or is used on another event loop that is still open.
        """
        loop = running_loop()
        if self.closed:
            raise ClientClosedError("this client was closed; make a new one")
        if self.given is not None:
            if self.given.closed:
                raise ClientClosedError("the aiohttp session that was passed in is closed")
            if getattr(self.given, "_loop", loop) is not loop:  # aiohttp deprecates its property `loop`
                raise ClientClosedError(
                    "the aiohttp session that was passed in belongs to another event loop; "
                    "make it on the event loop on which the client is used"
                )
            return self.given
        if self._session is not None and self._loop is not None:
            if self._loop is loop:
                return self._session
            if not self._session.closed:  # the case in a forked child
                self._leave_behind(self._session, self._loop)
        self._session, self._loop = self._open(), loop
        return self._session

    def _open(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=Connector(ssl=self.verified_by, resolver=Resolver(self.named)),
            trace_configs=list(self.trace_configs),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": user_agent()},
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
        )

    def _leave_behind(self, session: aiohttp.ClientSession, loop: asyncio.AbstractEventLoop) -> None:
        """Discard a session whose event loop has ended."""
        if not loop.is_closed():
            raise ClientClosedError(
                "this client works on another event loop, which is still open; "
                "make one client for each loop, or use the blocking Scenario"
            )
        # Nothing runs on its own loop any more; this only avoids a warning of aiohttp.
        closing = asyncio.create_task(session.close())
        self._closings.add(closing)
        closing.add_done_callback(self._closings.discard)

    @property
    def traced(self) -> bool:
        """Whether trace hooks may want to see the bodies of responses."""
        return self.given is not None or bool(self.trace_configs)

    def proxy_for(self, url: URL) -> URL | None:
        """Return the proxy for a URL; None for a caller's session, which has its own proxy settings.

        The result is cached for each origin. aiohttp's own ``trust_env`` would start a thread for every
        request.

        Raises:
            InvalidArgumentError: The proxy's URL cannot be used.
        """
        if self.given is not None:
            return None
        origin = url.scheme, url.raw_host, url.port
        try:
            return self._proxies[origin]
        except KeyError:
            proxy = self._proxies[origin] = find_proxy(url, self.proxy)
            return proxy

    def __del__(self) -> None:
        # Otherwise aiohttp would print warnings about its session and its connector to stderr.
        session = getattr(self, "_session", None)  # `__init__` was not called, or has failed
        if session is None or session.closed:
            return
        connector = session.connector
        session.detach()
        if isinstance(connector, Connector):
            connector.abandon()
        if not self.closed:
            warnings.warn(
                "a client was not closed: use it in a with block, or call close()", ResourceWarning, 2
            )

    async def close(self) -> None:
        """Close the session, unless the caller passed it. A second call does nothing."""
        self.closed = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def check_given_session(session: aiohttp.ClientSession | None, base_url: str, **beside: object) -> None:
    """Refuse a caller's session that has credentials, and arguments that cannot be combined with a session.

    Args:
        session: The session that was passed; None if none was.
        base_url: The base URL of the service.
        beside: The other arguments by name; True or an empty value for an argument that was not passed.

    Raises:
        InvalidArgumentError: It is not a session, or has credentials, or an argument cannot be combined with
            it.
    """
    if session is None:
        return
    if not isinstance(session, aiohttp.ClientSession):  # pyright: ignore[reportUnnecessaryIsInstance] - any type
        raise InvalidArgumentError(
            "session", f"<{type(session).__name__}>", "an aiohttp.ClientSession is needed"
        )
    if session.auth is not None or "Authorization" in session.headers:
        # aiohttp would refuse them together with the client's, or send them to object storage.
        expected = (
            "a session without its own `auth` and `Authorization` header is needed; pass the credentials to "
            "the client"
        )
        raise InvalidArgumentError("session", session, expected)
    for name, instead in _SECRET_HEADERS.items():
        if name in session.headers:
            expected = (
                f"a session without its own `{name}` header is needed, because a session sends its headers "
                f"to object storage too; {instead}"
            )
            raise InvalidArgumentError("session", session, expected)
    _check_netrc(session, base_url)
    for name, value in beside.items():
        if value is False or (value and value is not True):
            raise InvalidArgumentError(
                name, value, "session= has its own setting for this: leave one of the two out"
            )


def _check_netrc(session: aiohttp.ClientSession, base_url: str) -> None:
    """Refuse a session that reads credentials for the service from the file ``.netrc``.

    Depending on its version, aiohttp refuses them together with the client's, or sends them instead. It would
    also send those of a ``default`` entry to object storage.
    """
    if not session.trust_env:
        return
    try:
        basicauth_from_netrc(netrc_from_env(), URL(base_url).host or "")
    except LookupError:
        return
    expected = (
        "a session without trust_env=True is needed, because it would send the credentials that .netrc has "
        "for the service; to use the proxy of the environment, leave session= out"
    )
    raise InvalidArgumentError("session", session, expected)


@cache
def user_agent() -> str:
    """The ``User-Agent`` header; in a frozen application, the version may be missing."""
    version = installed_version()
    return f"scenario-async/{version}" if version else "scenario-async"
