"""Where the credentials and the base URL come from, and where they may go."""

from __future__ import annotations

import base64
import ipaddress
import os
from collections.abc import Mapping
from typing import Final

from attrs import field, frozen
from yarl import URL

from scenario_async.errors import InvalidArgumentError, MissingCredentialsError

DEFAULT_BASE_URL: Final = "https://api.cloud.scenario.com/v1"


@frozen
class Credentials:
    """An ``Authorization`` header; its value is in no repr."""

    authorization: str = field(repr=False)


def find_credentials(
    api_key: str | None,
    api_secret: str | None,
    jwt: str | None,
    environment: Mapping[str, str] | None = None,
) -> Credentials:
    """Take the credentials passed in, or else those of the environment.

    Args:
        api_key: The user of HTTP Basic; ``SCENARIO_SDK_API_KEY`` if None.
        api_secret: The password of HTTP Basic; ``SCENARIO_SDK_API_SECRET`` if None.
        jwt: A bearer token, instead of key and secret; ``SCENARIO_SDK_JWT`` if None.
        environment: Instead of `os.environ`.

    Raises:
        InvalidArgumentError: Both kinds were passed in, or a value that no header can hold.
        MissingCredentialsError: There are none, or one half of a pair.
    """
    found = os.environ if environment is None else environment
    if jwt is not None and (api_key is not None or api_secret is not None):
        raise InvalidArgumentError("jwt", "…", "pass either a JWT or an API key and its secret, not both")
    if jwt is None:
        key = api_key if api_key is not None else found.get("SCENARIO_SDK_API_KEY")
        secret = api_secret if api_secret is not None else found.get("SCENARIO_SDK_API_SECRET")
        if key and secret:
            _check_header(key, "api_key")
            _check_header(secret, "api_secret")
            return Credentials("Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode())
        jwt = found.get("SCENARIO_SDK_JWT") if api_key is None and api_secret is None else None
        if not jwt:
            raise MissingCredentialsError(_missing(key, secret, found))
    if not jwt:
        raise InvalidArgumentError("jwt", jwt, "a token is needed: a string that is not empty")
    _check_header(jwt, "jwt")
    return Credentials(f"Bearer {jwt}")


def _check_header(value: str, argument: str) -> None:
    if not value.isprintable():
        # The value itself is a secret, so the error does not show it.
        raise InvalidArgumentError(argument, "…", "only printable characters can travel in a header")


def _missing(key: str | None, secret: str | None, found: Mapping[str, str]) -> str:
    if key or secret:
        what = "The API key is there, but its secret is not" if key else "The secret is there, but no API key"
    else:
        what = "No credentials"
    hint = ""
    if "SCENARIO_API_KEY" in found or "SCENARIO_API_SECRET" in found:
        hint = " (SCENARIO_API_KEY and SCENARIO_API_SECRET, which are set, are not the names that are read)"
    return (
        f"{what}: set SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET, or SCENARIO_SDK_JWT, in the "
        f"environment, or pass api_key= and api_secret=, or jwt={hint}"
    )


def find_base_url(base_url: str | None, environment: Mapping[str, str] | None = None) -> str:
    """Take the base URL passed in, that of ``SCENARIO_BASE_URL``, or the service's own; no slash at its end.

    Raises:
        InvalidArgumentError: Credentials may not go there: neither `https`, nor `http` to this machine.
    """
    found = os.environ if environment is None else environment
    given = base_url if base_url is not None else found.get("SCENARIO_BASE_URL") or DEFAULT_BASE_URL
    # Shown without the credentials that somebody may have put into it.
    shown = "…@" + str(given).rpartition("@")[2] if "@" in str(given) else given
    try:
        url = URL(given)
    except (TypeError, ValueError):
        raise InvalidArgumentError("base_url", shown, "a URL is needed") from None
    if url.user or url.password:
        raise InvalidArgumentError("base_url", shown, "credentials belong into api_key and api_secret")
    if url.scheme not in {"http", "https"} or not url.host:
        raise InvalidArgumentError("base_url", shown, "an https:// URL with a host is needed")
    if url.query_string or url.fragment:
        raise InvalidArgumentError("base_url", shown, "no query and no fragment can be part of it")
    if url.scheme == "http" and not is_loopback(url.host):
        raise InvalidArgumentError(
            "base_url", shown, "https:// is needed: credentials over http:// go to this machine only"
        )
    return str(url).rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
