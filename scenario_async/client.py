"""The asynchronous and the blocking client, which have the same operations."""

from __future__ import annotations

import weakref
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from functools import cached_property, partial
from ssl import SSLContext
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Self, TypeVar, Unpack, cast, overload

import aiohttp

from scenario_async._internal.declare.call_options import taken
from scenario_async._internal.declare.omitted import NOT_GIVEN, is_omitted
from scenario_async._internal.declare.operation import Async, Blocking, Mode, Operation, Runner
from scenario_async._internal.http.certificates import Verify, find_ssl
from scenario_async._internal.http.core import Core
from scenario_async._internal.http.credentials import Secret, find_credentials, read_secretly
from scenario_async._internal.http.destinations import find_base_url
from scenario_async._internal.http.diagnostics import set_up_logging
from scenario_async._internal.http.official_options import (
    CUSTOM_HEADERS,
    ClientArguments,
    ClientSettings,
    CopyArguments,
    changed_transport,
    check_arguments,
    headers_of_environment,
    hide_secrets,
    strictness,
)
from scenario_async._internal.http.options import DEFAULT_TIMEOUT, LARGEST_RESPONSE, TransportOptions
from scenario_async._internal.http.proxies import check_proxy
from scenario_async._internal.http.retries import RetryPolicy
from scenario_async._internal.http.sessions import Sessions, check_given_session
from scenario_async._internal.http.transport import Transport
from scenario_async._internal.operation_tree import OperationTree
from scenario_async._internal.raw_requests import RawRequests
from scenario_async._internal.response import WithResponse, awaited_with_response, responses_kept
from scenario_async.errors import InvalidArgumentError, check_boolean, check_whole_number, is_encodable

_P = ParamSpec("_P")
_R = TypeVar("_R")

if TYPE_CHECKING:
    from scenario_async._internal.http.background import Background

DEFAULT_MAX_RETRIES: Final = RetryPolicy().max_retries


class Client(ClientSettings, OperationTree[Mode]):
    """The common base class of both clients.

    Args:
        api_key: The API key; from ``SCENARIO_SDK_API_KEY`` if not given.
        api_secret: Its secret; from ``SCENARIO_SDK_API_SECRET`` if not given.
        jwt: A bearer token instead of the two; from ``SCENARIO_SDK_JWT`` if not given.
        project_id: The default project of all operations; not needed if the key belongs to a project.
        base_url: The base URL; from ``SCENARIO_BASE_URL`` if not given, or else the service's own.
        timeout: Seconds for one attempt at a request, from connecting to the last byte; or an
            `aiohttp.ClientTimeout`. The default: 10 seconds to connect, 60 without a byte in either
            direction, 180 for a whole response.
        max_retries: Attempts after the first one, if a retry is safe.
        strict: Raise an error for a response that is not exactly as documented, instead of accepting it.
        session: An aiohttp session to use. The client never closes it. Only for `AsyncScenario`. It sends its
            own headers and cookies to object storage too, so pass secret headers as `default_headers`.
        trace_configs: Trace hooks of aiohttp for every request. Not together with `session`.
        proxy: A proxy, e.g. ``"http://user:password@proxy:3128"``; from ``HTTPS_PROXY``, ``HTTP_PROXY`` or
            ``ALL_PROXY`` if not given. ``NO_PROXY`` excludes hosts. Not together with `session`.
        ssl: The context that verifies the service's certificate. Not together with `session`.
        verify: The path of a file or folder of CA certificates (PEM) to trust in addition to those of the
            system; from ``SSL_CERT_FILE``, ``SSL_CERT_DIR``, ``REQUESTS_CA_BUNDLE`` or ``CURL_CA_BUNDLE`` if
            not given. False turns verification off, which exposes your credentials. Not together with `ssl`.
        allow_http: Hosts in your own network to which credentials and pictures may be sent over plain http:
            ``("sandbox:8787",)``.
        max_response_size: The largest decompressed response in memory, in bytes; 64 MB if not given.
        official: Arguments of the official package; see `ClientArguments`.

    Raises:
        MissingCredentialsError: There are no credentials.
        InvalidArgumentError: An argument is wrong.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        api_secret: str | None = None,
        jwt: str | None = None,
        project_id: str | None = None,
        base_url: str | None = None,
        timeout: float | aiohttp.ClientTimeout | None = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        strict: bool = False,
        session: aiohttp.ClientSession | None = None,
        trace_configs: Sequence[aiohttp.TraceConfig] = (),
        proxy: str | None = None,
        ssl: SSLContext | None = None,
        verify: Verify = True,
        allow_http: Sequence[str] = (),
        max_response_size: int = LARGEST_RESPONSE,
        **official: Unpack[ClientArguments],
    ) -> None:
        bearer = official.pop("bearer_auth", None)
        secrets = Secret(api_key), Secret(api_secret), Secret(bearer if jwt is None else jwt)
        secret_url, secret_proxy = Secret(base_url), Secret(proxy)
        # So that no display of this frame's locals shows them after an error below.
        del api_key, api_secret, jwt, bearer, base_url, proxy
        check_arguments(official, ClientArguments, type(self).__name__)
        set_up_logging()
        read_secretly(check_proxy, secret_proxy)
        check_whole_number("max_response_size", max_response_size, at_least=1)
        check_boolean("strict", strict)
        _check_project(project_id)
        options = TransportOptions(max_response_size=max_response_size, allow_http=_hosts(allow_http))
        options = options.changed(headers=headers_of_environment(), headers_from=CUSTOM_HEADERS).changed(
            timeout=DEFAULT_TIMEOUT if is_omitted(timeout) else timeout,
            max_retries=max_retries,
            headers=official.get("default_headers"),
            default_query=official.get("default_query"),
            headers_from="default_headers",
        )
        transport = Transport(
            read_secretly(partial(find_base_url, allow_http=options.allow_http), secret_url),
            find_credentials(*secrets),
            options,
            Sessions(session, _traces(trace_configs), secret_proxy.reveal() or None, find_ssl(ssl, verify)),
        )
        beside = {"trace_configs": trace_configs, "proxy": secret_proxy, "ssl": ssl, "verify": verify}
        check_given_session(session, transport.base_url, **beside)
        strict = strictness(official, strict=strict)
        self._core = Core(transport, project_id=project_id, strict=strict)
        super().__init__(self._core, self._make_runner())

    _origins: tuple[weakref.ref[Client[Any]], ...] = ()
    """The clients whose `with_options` led to this one, whose session it shares."""

    @property
    def _owns_session(self) -> bool:
        """Whether closing this client closes the session: no client that it was derived from exists."""
        return all(origin() is None for origin in self._origins)

    def _make_runner(self) -> Runner | None:
        """Runs the coroutines of a blocking client; None for an asynchronous client."""
        return None

    def __repr__(self) -> str:
        if "_core" not in vars(self):  # a display of the locals of `__init__` after it failed
            return f"<{type(self).__name__}, not initialised>"
        project = f" project {self._core.project_id!r}" if self._core.project_id else ""
        return f"<{type(self).__name__} at {self._core.transport.base_url}{project}>"

    def with_options(
        self,
        *,
        timeout: float | aiohttp.ClientTimeout | None = NOT_GIVEN,
        max_retries: int | None = None,
        project_id: str | None = None,
        strict: bool | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        **official: Unpack[CopyArguments],
    ) -> Self:
        """Return a client with other options: ``client.with_options(timeout=5).models.list()``.

        The new client shares the session and the thread. If you close it, they stay open as long as this
        client exists.

        Args:
            timeout: As for the client.
            max_retries: As for the client.
            project_id: As for the client.
            strict: As for the client.
            extra_headers: Headers to send with every request, in addition to those of this client.
            extra_query: Query parameters to send with every request, in addition to those of this client.
            official: Other arguments of `with_options` in the official package; see `CopyArguments`.

        Raises:
            InvalidArgumentError: An argument is wrong.
        """
        changes = hide_secrets(official)
        check_arguments(changes, CopyArguments, "with_options")
        options = self._core.transport.options.changed(
            timeout=timeout, max_retries=max_retries, headers=extra_headers, query=extra_query
        )
        _check_project(project_id)
        if strict is not None:
            check_boolean("strict", strict)
        strict = strictness(official, strict=strict)
        core = self._core.with_options(options, project_id=project_id, strict=strict)
        if changes:
            core.transport = changed_transport(self._core.transport, core.transport.options, changes)
        other = object.__new__(type(self))
        # Attributes of a subclass are kept; operations are created again, because they refer to the sender.
        made_anew = (cached_property, Operation)
        vars(other).update(
            (name, value)
            for name, value in vars(self).items()
            if not isinstance(getattr(type(self), name, None), made_anew)
        )
        other._core = core
        existing: list[weakref.ref[Client[Any]]]
        existing = [origin for origin in self._origins if origin() is not None]
        other._origins = (*existing, weakref.ref(self))
        other.sender = core
        return other

    copy = with_options

    @cached_property
    def awaited(self) -> RawRequests[Async]:
        """The requests by method and path (`get`, `post` and others) as coroutine functions.

        A blocking client runs them on its own event loop. They cannot be awaited on another one.
        """
        return RawRequests(self.sender)

    @overload
    def with_response(
        self: Client[Async], call: Callable[_P, Awaitable[_R]], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Coroutine[Any, Any, WithResponse[_R]]: ...
    @overload
    def with_response(
        self: Client[Blocking], call: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> WithResponse[_R]: ...
    def with_response(self, call: Callable[_P, Any], /, *args: _P.args, **kwargs: _P.kwargs) -> Any:
        """Call an operation, and return its value together with its HTTP responses.

        For example: ``client.with_response(client.models.retrieve, "model_1").response.headers``.

        Returns:
            A `WithResponse` with the operation's value and the responses; on `AsyncScenario`, it has to be
            awaited.

        Raises:
            InvalidArgumentError: `call` is not a function, for example because it was called already.
        """
        if not callable(call):
            expected = "the operation and its arguments are needed: client.models.list, page_size=1"
            raise InvalidArgumentError("call", call, expected)
        if self.runner is None:
            return awaited_with_response(call, *args, **kwargs)
        with responses_kept() as responses:
            return WithResponse(cast("Callable[..., Any]", call)(*args, **taken(kwargs)), responses)


class AsyncScenario(Client[Async]):
    """The client whose operations are awaited: ``async with AsyncScenario() as client:``.

    It takes the arguments of `Client`. It belongs to the event loop on which it is first used.
    """

    async def close(self) -> None:
        """Close the session, unless the caller passed it. A second call does nothing."""
        if self._owns_session:
            await self._core.transport.sessions.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class Scenario(Client[Blocking]):
    """The client whose operations block: ``with Scenario() as client:``.

    It takes the arguments of `Client` except `session`. It runs the coroutines of `AsyncScenario` in its own
    thread, which starts with the first operation. You can use it from several threads at the same time, and
    in a notebook, where an event loop is already running.
    """

    def _make_runner(self) -> Background:
        sessions = self._core.transport.sessions
        if sessions.given is not None:
            expected = "a session belongs to one event loop; the blocking client has its own: leave it out"
            raise InvalidArgumentError("session", sessions.given, expected)
        from scenario_async._internal.http.background import Background

        return Background(sessions.close)

    def close(self) -> None:
        """Close the session and end the thread. A second call does nothing."""
        if self._owns_session:
            self._core.transport.sessions.closed = True
            cast("Background", self.runner).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _hosts(given: Sequence[str]) -> tuple[str, ...]:
    if isinstance(given, str):
        raise InvalidArgumentError("allow_http", given, f"a list of hosts is needed: ({given!r},)")
    return _all_of(str, "allow_http", given, 'a list of hosts is needed: ("sandbox:8787",)')


def _traces(given: Sequence[aiohttp.TraceConfig]) -> tuple[aiohttp.TraceConfig, ...]:
    expected = "a list of trace hooks is needed: [aiohttp.TraceConfig()]"
    return _all_of(aiohttp.TraceConfig, "trace_configs", given, expected)


def _all_of(kind: type[_R], argument: str, given: Iterable[_R], expected: str) -> tuple[_R, ...]:
    """The items of an argument, if it has items and all of them are of this type."""
    items = tuple(given) if isinstance(cast("object", given), Iterable) else None
    if items is None or not all(isinstance(cast("object", one), kind) for one in items):
        raise InvalidArgumentError(argument, given, expected)
    return items


def _check_project(given: object) -> None:
    if given is not None and not (isinstance(given, str) and is_encodable(given)):
        raise InvalidArgumentError("project_id", given, "the id of a project is needed, as a string")
