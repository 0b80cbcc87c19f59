"""Sources of the credentials and of the base URL, and which of them are refused."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast
from unittest.mock import patch

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_async import AsyncScenario, Scenario
from scenario_async._internal.http.credentials import Credentials, Secret
from scenario_async._internal.http.credentials import find_credentials as find
from scenario_async._internal.http.destinations import DEFAULT_BASE_URL, is_loopback
from scenario_async._internal.http.destinations import find_base_url as find_url
from scenario_async.errors import InvalidArgumentError, MissingCredentialsError

KEY, SECRET, JWT = "SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET", "SCENARIO_SDK_JWT"
PAIR = {KEY: "env-key", SECRET: "env-secret"}


def find_credentials(
    api_key: str | None, api_secret: str | None, jwt: str | None, environment: dict[str, str] | None = None
) -> Credentials:
    """Find the credentials as the clients do, with these variables in the environment."""
    with patch.dict(os.environ, environment or {}):
        return find(Secret(api_key), Secret(api_secret), Secret(jwt))


def find_base_url(
    base_url: str | None, environment: dict[str, str] | None = None, *, allow_http: Sequence[str] = ()
) -> str:
    """Find the base URL as the clients do, with these variables in the environment."""
    with patch.dict(os.environ, environment or {}):
        return find_url(base_url, allow_http=allow_http)


def basic(user: str, password: str) -> str:
    """The header of HTTP Basic authentication."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("given", "environment", "expected"),
    [
        (("key", "secret", None), {}, basic("key", "secret")),
        (("key", "secret", None), PAIR | {JWT: "env-jwt"}, basic("key", "secret")),
        ((None, None, None), PAIR, basic("env-key", "env-secret")),
        ((None, None, None), PAIR | {JWT: "env-jwt"}, basic("env-key", "env-secret")),
        (("key", None, None), PAIR, basic("key", "env-secret")),
        ((None, "secret", None), PAIR, basic("env-key", "secret")),
        ((None, None, None), {JWT: "env-jwt"}, "Bearer env-jwt"),
        ((None, None, None), {KEY: "env-key", JWT: "env-jwt"}, "Bearer env-jwt"),
        ((None, None, "jwt"), PAIR | {JWT: "env-jwt"}, "Bearer jwt"),
        (("schlüssel", "päss wörd:!", None), {}, basic("schlüssel", "päss wörd:!")),
    ],
)
def test_sources_of_credentials(
    given: tuple[Any, Any, Any], environment: dict[str, str], expected: str
) -> None:
    """Arguments come before the environment, and a key with its secret comes before a token."""
    assert find_credentials(*given, environment=environment).authorization == expected


@pytest.mark.parametrize(
    ("given", "environment", "said"),
    [
        ((None, None), {}, "No credentials: set SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET"),
        (("key", None), {}, "The API key is there, but its secret is not"),
        ((None, None), {KEY: "env-key"}, "The API key is there, but its secret is not"),
        ((None, "secret"), {}, "The secret is there, but no API key"),
        ((None, None), {SECRET: "env-secret"}, "The secret is there, but no API key"),
        (("", "secret"), PAIR, "The secret is there, but no API key"),
        (("", ""), PAIR, "No credentials"),
        ((None, None), {KEY: "", SECRET: "", JWT: ""}, "No credentials"),
        (("key", None), {JWT: "env-jwt"}, "The API key is there, but its secret is not"),
    ],
)
def test_missing_credentials(given: tuple[Any, Any], environment: dict[str, str], said: str) -> None:
    """The error says whether both parts are missing or one of them; a token does not replace a part."""
    with pytest.raises(MissingCredentialsError) as caught:
        find_credentials(*given, jwt=None, environment=environment)
    assert str(caught.value).startswith(said)
    assert "which are set" not in str(caught.value)


@pytest.mark.parametrize("name", ["SCENARIO_API_KEY", "SCENARIO_API_SECRET"])
def test_wrong_names_in_the_environment(name: str) -> None:
    """The error names variables that many scripts set but the client does not read.

    It does not show their values.
    """
    with pytest.raises(MissingCredentialsError, match="are not the names that are read") as caught:
        find_credentials(None, None, None, {name: "s3cret"})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("pair", [("key", "secret"), ("key", None), (None, "secret"), ("", None)])
def test_key_and_token_together_are_refused(pair: tuple[str | None, str | None]) -> None:
    with pytest.raises(InvalidArgumentError, match="not both") as caught:
        find_credentials(*pair, "jwt")
    assert caught.value.argument == "jwt"


def test_empty_token_is_refused() -> None:
    with pytest.raises(InvalidArgumentError, match="a token is needed"):
        find_credentials(None, None, "", PAIR)


@pytest.mark.parametrize("wrong", ["s3cret\n", "s3\rcret", "s3cret\0", "s3\u2028cret"])
def test_credentials_that_do_not_fit_in_a_header(wrong: str) -> None:
    """A line end, for example from a file, is refused without showing the secret."""
    wrong_ones: dict[str, tuple[Any, Any, Any]] = {
        "api_key": (wrong, "secret", None),
        "api_secret": ("key", wrong, None),
        "jwt": (None, None, wrong),
    }
    for argument, credentials in wrong_ones.items():
        with pytest.raises(InvalidArgumentError, match="printable") as caught:
            find_credentials(*credentials)
        assert caught.value.argument == argument
        assert "s3" not in str(caught.value)
        assert caught.value.value == "…"


@pytest.mark.parametrize("wrong", [" s3cret", "s3cret ", " "])
def test_credentials_with_a_space_at_an_end(wrong: str) -> None:
    """The service would only say that the credentials are wrong. A variable of spaces is refused too."""
    for name in (KEY, SECRET):
        with pytest.raises(InvalidArgumentError, match="without a space at either end") as caught:
            find_credentials(None, None, None, PAIR | {name: wrong})
        assert (caught.value.argument, caught.value.value) == (name, "…")
    with pytest.raises(InvalidArgumentError, match="jwt: a value without a space"):
        find_credentials(None, None, wrong)


@pytest.mark.parametrize(
    ("key", "environment", "argument"),
    [("s3:cret", PAIR, "api_key"), (None, PAIR | {KEY: "s3:cret"}, KEY)],
)
def test_a_key_with_a_colon_is_refused(key: str | None, environment: dict[str, str], argument: str) -> None:
    """HTTP Basic would take the rest as a part of the secret. The error shows no part of the key."""
    with pytest.raises(InvalidArgumentError, match="a key without a colon is needed") as caught:
        find_credentials(key, None, None, environment)
    assert (caught.value.argument, caught.value.value) == (argument, "…")
    assert "s3" not in str(caught.value)


def test_a_client_keeps_its_key_if_the_new_one_has_a_colon() -> None:
    client = AsyncScenario(api_key="key", api_secret="a:secret")
    with pytest.raises(InvalidArgumentError, match="api_key: a key without a colon"):
        client.copy(api_key="s3:cret")
    with pytest.raises(InvalidArgumentError, match="api_key: a key without a colon"):
        client.api_key = "s3:cret"
    assert (client.api_key, client.api_secret) == ("key", "a:secret")


@pytest.mark.parametrize("client", [AsyncScenario, Scenario])
def test_clients_read_the_environment(client: type[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingCredentialsError):
        client()
    monkeypatch.setenv(JWT, "env-jwt")
    monkeypatch.setenv("SCENARIO_BASE_URL", "https://scenario.example/v1/")
    assert "https://scenario.example/v1" in repr(client())


# --- the base URL -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given", ["https://h.example/v1 ", " https://h.example/v1", "https://h.example/v1/ \n"]
)
def test_spaces_around_a_base_url_are_ignored(given: str) -> None:
    """Otherwise ``%20`` at the end would be a part of every path."""
    assert find_base_url(given) == "https://h.example/v1"
    assert find_base_url(None, {"SCENARIO_BASE_URL": given}) == "https://h.example/v1"


@pytest.mark.parametrize(
    ("given", "environment", "expected"),
    [
        (None, {}, DEFAULT_BASE_URL),
        (None, {"SCENARIO_BASE_URL": ""}, DEFAULT_BASE_URL),
        (None, {"SCENARIO_BASE_URL": "https://a.example/v2/"}, "https://a.example/v2"),
        ("https://b.example", {"SCENARIO_BASE_URL": "https://a.example"}, "https://b.example"),
        ("https://b.example:8443/x///", {}, "https://b.example:8443/x"),
        ("HTTPS://B.example/X", {}, "https://b.example/X"),
        ("http://127.0.0.1:8000/v1", {}, "http://127.0.0.1:8000/v1"),
        ("http://localhost:8000", {}, "http://localhost:8000"),
        ("http://api.localhost", {}, "http://api.localhost"),
        ("http://[::1]:8000", {}, "http://[::1]:8000"),
        ("http://127.9.9.9", {}, "http://127.9.9.9"),
    ],
)
def test_base_url(given: str | None, environment: dict[str, str], expected: str) -> None:
    """An argument comes before the environment and the default; a slash at the end is removed."""
    assert find_base_url(given, environment) == expected


@pytest.mark.parametrize(
    "given",
    [
        "http://api.cloud.scenario.com/v1",
        "http://0.0.0.0",
        "http://192.168.0.1",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://notlocalhost",
        "http://[::2]",
        "http://2130706433",
    ],
)
def test_plain_http(given: str) -> None:
    """Credentials are sent over http:// only to this machine, also if another host has a similar name."""
    with pytest.raises(InvalidArgumentError, match="https:// is needed") as caught:
        find_base_url(given)
    assert caught.value.argument == "base_url"
    with pytest.raises(InvalidArgumentError, match="https:// is needed"):
        find_base_url(None, {"SCENARIO_BASE_URL": given})


@pytest.mark.parametrize("host", ["fd00::5", "[fd00::5]:8787", "fd00::5:8787"])
def test_plain_http_to_an_ipv6_address(host: str) -> None:
    """`allow_http` takes the address as it is in a URL; the error shows this form."""
    assert find_base_url("http://[fd00::5]:8787/v1", allow_http=[host]) == "http://[fd00::5]:8787/v1"
    with pytest.raises(InvalidArgumentError, match=r"allow_http=\('\[fd00::5\]:8787',\)"):
        find_base_url("http://[fd00::5]:8787/v1")


@pytest.mark.parametrize(
    "given",
    ["", "api.cloud.scenario.com", "/v1", "ftp://host", "https://", "https:///v1", "https://xn--a", 5],
)
def test_invalid_base_url_is_refused(given: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"base_url: .*is needed"):
        find_base_url(given)


def test_a_url_of_httpx_is_a_base_url() -> None:
    assert find_base_url(cast("Any", httpx.URL("https://host/v1/"))) == "https://host/v1"


@pytest.mark.parametrize("given", ["https://host/v1?a=b", "https://host/v1#part"])
def test_query_in_a_base_url_is_refused(given: str) -> None:
    with pytest.raises(InvalidArgumentError, match="without a query and a fragment"):
        find_base_url(given)


@pytest.mark.parametrize(
    "given",
    [
        "https://key:s3cret@host/v1",
        "https://s3cret@host/v1",
        "https://:s3cret@host/v1",
        "http://key:s3cret@127.0.0.1/v1",
        "http://key:s3cret@host/v1",
        "ftp://key:s3cret@host/v1",
        "//key:s3cret@host/v1",
        "key:s3cret@host",
        "https://key:s3cret@",
        "https://key:s3cret@host:99999",
        "https://key:s3cret@host:port",
        "https://key:s3cret@[host",
        "https://key:s3cret@host/v1?a=b",
        "https://key:s3@cret@host",
    ],
)
def test_credentials_in_a_base_url(given: str) -> None:
    """They are refused in every part of the URL and never shown, also if the URL has other errors."""
    with pytest.raises(InvalidArgumentError) as caught:
        find_base_url(given)
    for shown in (str(caught.value), repr(caught.value), repr(caught.value.value)):
        assert "s3" not in shown
        assert "cret" not in shown.replace("credentials", "").replace("api_secret", "")


@given(st.text(alphabet="https:/@[]?#.%a1é\\ ", max_size=25))
def test_any_base_url(given: str) -> None:
    """Any text is either refused or becomes a URL without credentials and without a slash at its end."""
    with suppress(InvalidArgumentError):
        found = find_base_url(given)
        assert found.startswith(("https://", "http://"))
        assert not found.endswith("/")
        assert "@" not in found.split("/")[2]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("a.localhost", True),
        ("1.1.1.1", False),
        ("", False),
    ],
)
def test_which_host_names_mean_this_machine(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
