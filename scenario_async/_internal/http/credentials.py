"""Find the credentials of a client."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from typing import TypeVar, cast

from attrs import frozen

from scenario_async.errors import InvalidArgumentError, MissingCredentialsError

R = TypeVar("R")


class Secret:
    """Stores a secret value that no repr shows."""

    __slots__ = ("_value",)

    def __init__(self, value: str | None) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "<secret>"

    def __bool__(self) -> bool:
        return bool(self._value)

    @property
    def is_given(self) -> bool:
        """Whether there is a value, even an empty one."""
        return self._value is not None

    def reveal(self) -> str:
        """The value; empty if there is none."""
        return self._value or ""


def read_secretly(read: Callable[[str | None], R], given: Secret) -> R:
    """Read a URL that may contain a password; displays of an error's frames do not show it.

    Raises:
        InvalidArgumentError: `read` raised it.
    """
    try:
        return read(given.reveal() if given.is_given else None)
    except InvalidArgumentError as error:
        failure = error.with_traceback(None)  # without the frames of `read`, whose locals have the URL
        failure.__context__ = None  # nor those of the error below it
    raise failure


@frozen
class Credentials:
    """An ``Authorization`` header, whose repr does not show its value."""

    _authorization: Secret

    @property
    def authorization(self) -> str:
        """The header's value."""
        return self._authorization.reveal()


def find_credentials(api_key: Secret, api_secret: Secret, jwt: Secret) -> Credentials:
    """Return the credentials from the arguments, or else from the environment.

    Args:
        api_key: The user of HTTP Basic; ``SCENARIO_SDK_API_KEY`` if not given.
        api_secret: The password of HTTP Basic; ``SCENARIO_SDK_API_SECRET`` if not given.
        jwt: A bearer token, instead of key and secret; ``SCENARIO_SDK_JWT`` if not given.

    Raises:
        InvalidArgumentError: Both kinds were given, or a header cannot contain the value.
        MissingCredentialsError: There are no credentials, or only a key or only a secret.
    """
    is_pair_given = api_key.is_given or api_secret.is_given
    if jwt.is_given and is_pair_given:
        raise InvalidArgumentError("jwt", "…", "pass either a JWT or an API key and its secret, not both")
    token, token_name = _or_variable(jwt, "jwt", "SCENARIO_SDK_JWT")
    if not jwt.is_given:
        key, key_name = _or_variable(api_key, "api_key", "SCENARIO_SDK_API_KEY")
        secret, secret_name = _or_variable(api_secret, "api_secret", "SCENARIO_SDK_API_SECRET")
        if key and secret:
            _check_key(key, key_name)
            _check_header(secret, secret_name)
            return Credentials(_basic(key, secret))
        if is_pair_given or not token:
            raise MissingCredentialsError(_missing(key, secret))
    if not token:
        raise InvalidArgumentError("jwt", "", "a token is needed: a string that is not empty")
    _check_header(token, token_name)
    return Credentials(Secret(f"Bearer {token.reveal()}"))


def _or_variable(given: Secret, argument: str, variable: str) -> tuple[Secret, str]:
    """Return an argument, or else an environment variable; and the name of the one that was returned."""
    return (given, argument) if given.is_given else (Secret(os.environ.get(variable)), variable)


def _basic(key: Secret, secret: Secret) -> Secret:
    return Secret("Basic " + base64.b64encode(f"{key.reveal()}:{secret.reveal()}".encode()).decode())


def key_and_secret(authorization: str) -> tuple[str, str] | None:
    """Return the API key and the secret of an ``Authorization`` header; None if it is not HTTP Basic."""
    scheme, _, token = authorization.partition(" ")
    if scheme != "Basic":
        return None
    key, _, secret = base64.b64decode(token).decode().partition(":")
    return key, secret


def _check_header(value: Secret, argument: str) -> None:
    if not isinstance(cast("object", value.reveal()), str) or not value.reveal().isprintable():
        # The value itself is a secret, so the error does not show it.
        raise InvalidArgumentError(argument, "…", "only printable characters can be sent in a header")
    if value.reveal() != value.reveal().strip():
        raise InvalidArgumentError(argument, "…", "a value without a space at either end is needed")


def _check_key(key: Secret, argument: str) -> None:
    _check_header(key, argument)
    if ":" in key.reveal():
        expected = "a key without a colon is needed, since HTTP Basic ends the key at the first colon"
        raise InvalidArgumentError(argument, "…", expected)


def _missing(key: Secret, secret: Secret) -> str:
    if key or secret:
        what = "The API key is there, but its secret is not" if key else "The secret is there, but no API key"
    else:
        what = "No credentials"
    hint = ""
    if not os.environ.keys().isdisjoint(("SCENARIO_API_KEY", "SCENARIO_API_SECRET")):
        hint = " (SCENARIO_API_KEY and SCENARIO_API_SECRET, which are set, are not the names that are read)"
    return (
        f"{what}: set SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET, or SCENARIO_SDK_JWT, in the "
        f"environment, or pass api_key= and api_secret=, or jwt={hint}"
    )
