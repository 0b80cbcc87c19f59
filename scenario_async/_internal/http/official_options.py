"""Arguments and attributes of clients under the names that they have in the official package.

Everything here is an alias of an option of `Client` or `TransportOptions`, and no other module depends on it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, TypedDict, cast, overload

import aiohttp

from scenario_async._internal.http.core import Core
from scenario_async._internal.http.credentials import (
    Credentials,
    Secret,
    find_credentials,
    key_and_secret,
    read_secretly,
)
from scenario_async._internal.http.destinations import find_base_url
from scenario_async._internal.http.options import TransportOptions
from scenario_async._internal.http.transport import Transport
from scenario_async.errors import InvalidArgumentError

CUSTOM_HEADERS: Final = "SCENARIO_CUSTOM_HEADERS"
"""The environment variable with headers for every request: a line for each, ``name: value``."""

_SECRET: Final = frozenset({"api_key", "api_secret", "bearer_auth", "base_url"})
"""The arguments that have a secret, or may have one by mistake."""

_NOTHING: Final = Secret(None)


class DefaultAioHttpClient:
    """Accepted as `http_client`, but has no effect, because every client uses aiohttp.

    Raises:
        InvalidArgumentError: Options for httpx were given.
    """

    def __init__(self, **options: Any) -> None:
        if options:
            expected = "options of httpx have no effect here; pass session=aiohttp.ClientSession(…)"
            raise InvalidArgumentError("DefaultAioHttpClient", sorted(options), expected)


class ClientArguments(TypedDict, total=False):
    """Additional arguments of clients, for code that was written for the official package.

    Attributes:
        bearer_auth: The same as `jwt`.
        default_headers: Headers to send with every request.
        default_query: Query parameters to send with every request.
        http_client: None or a `DefaultAioHttpClient`.
        _strict_response_validation: The same as `strict`.
    """

    bearer_auth: str | None
    default_headers: Mapping[str, str] | None
    default_query: Mapping[str, Any] | None
    http_client: DefaultAioHttpClient | None
    _strict_response_validation: bool


class CopyArguments(ClientArguments, total=False):
    """Additional arguments of `with_options` and `copy`, for code that was written for the official package.

    Attributes:
        api_key: Another API key.
        api_secret: Another secret.
        base_url: Another base URL.
        set_default_headers: Headers that replace all default headers of this client.
        set_default_query: Query parameters that replace all default query parameters of this client.
    """

    api_key: str | None
    api_secret: str | None
    base_url: str | None
    set_default_headers: Mapping[str, str] | None
    set_default_query: Mapping[str, Any] | None


def check_arguments(given: Mapping[str, Any], known: type[Any], function: str) -> None:
    """Refuse unknown names and HTTP clients of httpx.

    Raises:
        TypeError: A name is not in the typed dict `known`.
        InvalidArgumentError: `http_client` is a client of httpx.
    """
    for name in given:
        if name not in known.__optional_keys__:
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}")
    http_client = given.get("http_client")
    if http_client is not None and not isinstance(http_client, DefaultAioHttpClient):
        expected = "httpx is not used here; pass session=aiohttp.ClientSession(…) to AsyncScenario"
        raise InvalidArgumentError("http_client", f"<{type(http_client).__name__}>", expected)


def headers_of_environment() -> dict[str, str]:
    """The headers that ``SCENARIO_CUSTOM_HEADERS`` names; a line without a colon is left out."""
    lines = (line.partition(":") for line in os.environ.get(CUSTOM_HEADERS, "").splitlines())
    return {name.strip(): value.strip() for name, colon, value in lines if colon and name.strip()}


def hide_secrets(given: CopyArguments) -> Mapping[str, Any]:
    """Replace the credentials and the base URL by a `Secret`, which displays of locals do not show."""
    hidden = cast("dict[str, Any]", given)
    for name in _SECRET & hidden.keys():
        hidden[name] = Secret(hidden[name])
    return hidden


def changed_transport(transport: Transport, options: TransportOptions, given: Mapping[str, Any]) -> Transport:
    """The same connections with another base URL, other credentials, or headers and query replaced.

    Args:
        transport: The present transport.
        options: Its new options.
        given: The arguments, of which `hide_secrets` has hidden the secret ones.
    """
    for name in ("headers", "query"):
        if given.get(f"set_default_{name}") is None:
            continue
        if given.get(f"default_{name}") is not None:
            expected = f"`default_{name}` and `set_default_{name}` exclude one another"
            raise InvalidArgumentError(f"set_default_{name}", "…", expected)
        options = options.without(name)
    for prefix in ("set_default", "default"):
        options = options.changed(
            headers=given.get(f"{prefix}_headers"),
            default_query=given.get(f"{prefix}_query"),
            headers_from=f"{prefix}_headers",
            default_query_from=f"{prefix}_query",
        )
    base_url: Secret = given.get("base_url", _NOTHING)
    find = partial(find_base_url, allow_http=options.allow_http)
    return Transport(
        read_secretly(find, base_url) if base_url.is_given else transport.base_url,
        _changed_credentials(transport.credentials, given),
        options,
        transport.sessions,
        pace=transport.pace,
    )


def _changed_credentials(present: Credentials, given: Mapping[str, Any]) -> Credentials:
    api_key, api_secret, jwt = (
        given.get(name, _NOTHING) for name in ("api_key", "api_secret", "bearer_auth")
    )
    if jwt.is_given:
        return find_credentials(_NOTHING, _NOTHING, jwt)
    if not (api_key.is_given or api_secret.is_given):
        return present
    key, secret = _key_and_secret(present)
    return find_credentials(api_key or key, api_secret or secret, _NOTHING)


def _key_and_secret(credentials: Credentials) -> tuple[Secret, Secret]:
    key, secret = key_and_secret(credentials.authorization) or (None, None)
    return Secret(key), Secret(secret)


def _check_kept(name: str, value: str | None, *, present: bool) -> None:
    """Refuse to remove the credentials of a client, which would go on sending them."""
    if not value and present:
        expected = (
            "a string is needed, since a client always has credentials; "
            "set bearer_auth instead of api_key and api_secret, or pass both of these to copy()"
        )
        raise InvalidArgumentError(name, value, expected)


class ClientSettings:
    """The settings of a client. A change applies to this client and its resources."""

    _core: Core

    def _change(self, name: str, value: Secret) -> None:
        transport = self._core.transport
        self._core.transport = changed_transport(transport, transport.options, {name: value})

    @property
    def base_url(self) -> str:
        """The base URL of the requests."""
        return self._core.transport.base_url

    @base_url.setter
    def base_url(self, value: str) -> None:
        hidden = Secret(value)
        del value
        self._change("base_url", hidden)

    @property
    def api_key(self) -> str | None:
        """The API key; None with a bearer token."""
        return _key_and_secret(self._core.transport.credentials)[0].reveal() or None

    @api_key.setter
    def api_key(self, value: str) -> None:
        _check_kept("api_key", value, present=bool(self.api_key))
        hidden = Secret(value)
        del value  # from this frame, which a display of locals may show
        self._change("api_key", hidden)

    @property
    def api_secret(self) -> str | None:
        """The secret of the API key; None with a bearer token."""
        return _key_and_secret(self._core.transport.credentials)[1].reveal() or None

    @api_secret.setter
    def api_secret(self, value: str) -> None:
        _check_kept("api_secret", value, present=bool(self.api_secret))
        hidden = Secret(value)
        del value  # from this frame, which a display of locals may show
        self._change("api_secret", hidden)

    @property
    def bearer_auth(self) -> str | None:
        """The bearer token; None with an API key."""
        scheme, _, value = self._core.transport.credentials.authorization.partition(" ")
        return value if scheme == "Bearer" else None

    @bearer_auth.setter
    def bearer_auth(self, value: str) -> None:
        _check_kept("bearer_auth", value, present=bool(self.bearer_auth))
        hidden = Secret(value)
        del value  # from this frame, which a display of locals may show
        self._change("bearer_auth", hidden)

    @property
    def max_retries(self) -> int:
        """Attempts after the first one, if a retry is safe."""
        return self._core.transport.options.retries.max_retries

    @max_retries.setter
    def max_retries(self, value: int) -> None:
        transport = self._core.transport
        self._core.transport = transport.with_options(transport.options.changed(max_retries=value))

    @property
    def timeout(self) -> float | aiohttp.ClientTimeout | None:
        """The time limit of one attempt in seconds; None for no limit."""
        timeout = self._core.transport.options.timeout
        only_total = timeout == aiohttp.ClientTimeout(total=timeout.total)
        return timeout.total if only_total else timeout

    @timeout.setter
    def timeout(self, value: float | aiohttp.ClientTimeout | None) -> None:
        transport = self._core.transport
        self._core.transport = transport.with_options(transport.options.changed(timeout=value))

    @property
    def default_headers(self) -> dict[str, str]:
        """Headers of every request, without the credentials."""
        return {"Accept": "application/json", **self._core.transport.options.headers}

    @property
    def default_query(self) -> dict[str, str]:
        """Query parameters of every request."""
        options = self._core.transport.options
        return {**options.default_query, **options.query}

    def is_closed(self) -> bool:
        """Whether the client was closed."""
        return self._core.transport.sessions.closed


@overload
def strictness(given: Mapping[str, Any], *, strict: bool) -> bool: ...
@overload
def strictness(given: Mapping[str, Any], *, strict: bool | None) -> bool | None: ...
def strictness(given: Mapping[str, Any], *, strict: bool | None) -> bool | None:
    """`strict`, or what `_strict_response_validation` says."""
    official = given.get("_strict_response_validation")
    return strict if official is None else bool(official)
