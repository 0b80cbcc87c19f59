"""Clients have the attributes, arguments and raw responses of the official package."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Generator
from typing import Any, cast

import httpx
import pytest
import scenario_sdk

import scenario_async
from scenario_async import APITimeoutError, AsyncScenario, InvalidArgumentError, Scenario
from tests.contract.server import RecordingServer, recording_server


@pytest.fixture
def servers() -> Generator[tuple[RecordingServer, RecordingServer]]:
    """Two services."""
    with recording_server() as first, recording_server() as second:
        for server in (first, second):
            server.answer({"models": [{"id": "model_1"}], "model": {"id": "model_1"}})
        yield first, second


@pytest.fixture
def server(servers: tuple[RecordingServer, RecordingServer]) -> RecordingServer:
    """The first service."""
    return servers[0]


@pytest.fixture
def client(server: RecordingServer) -> Generator[Scenario]:
    """A client of the first service."""
    with Scenario(api_key="key", api_secret="secret", base_url=server.base_url, max_retries=0) as client:
        yield client


def test_base_url_can_be_set(client: Scenario, servers: tuple[RecordingServer, RecordingServer]) -> None:
    """After `client.base_url = …` requests are sent there, also by resources that were used before."""
    first, second = servers
    models = client.models
    models.list()
    client.base_url = second.base_url
    models.list()
    client.models.retrieve("model_1")
    assert (len(first.taken()), len(second.taken())) == (1, 2)
    with pytest.raises(InvalidArgumentError, match="https"):
        client.base_url = "http://example.com"
    assert client.base_url == second.base_url


def test_credentials_can_be_read_and_set(client: Scenario) -> None:
    """`api_key`, `api_secret` and `bearer_auth` are attributes; new values are sent from then on."""
    assert (client.api_key, client.api_secret, client.bearer_auth) == ("key", "secret", None)
    client.api_key = "other"
    assert sent_authorization(client) == basic("other", "secret")
    client.api_secret = "new"
    assert sent_authorization(client) == basic("other", "new")
    client.bearer_auth = "token"
    assert sent_authorization(client) == "Bearer token"
    assert (client.api_key, client.bearer_auth) == (None, "token")
    assert "token" not in repr(client)


def test_credentials_cannot_be_removed(client: Scenario) -> None:
    """An assignment of None would have no effect: the client would go on sending them."""
    for name in ("api_key", "api_secret"):
        with pytest.raises(InvalidArgumentError, match=f"{name}: a string is needed"):
            setattr(client, name, None)
    setattr(client, "bearer_auth", None)  # noqa: B010 - the attribute is typed as a string
    assert sent_authorization(client) == basic("key", "secret")
    client.bearer_auth = "token"
    setattr(client, "api_key", None)  # noqa: B010
    with pytest.raises(InvalidArgumentError, match="bearer_auth: a string is needed"):
        client.bearer_auth = ""
    assert sent_authorization(client) == "Bearer token"


def test_refused_headers_are_named_with_their_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the argument or the variable that contains the header, and not its value."""
    given: dict[str, Any] = {"api_key": "key", "api_secret": "secret"}
    headers = {"Authorization": "S3CRET"}
    with Scenario(**given) as client:
        for name in ("default_headers", "set_default_headers"):
            with pytest.raises(InvalidArgumentError, match=f"^{name}: pass credentials as api_key="):
                client.copy(**cast("Any", {name: headers}))
    with pytest.raises(InvalidArgumentError, match=r"^default_headers: pass credentials as api_key="):
        Scenario(**given, default_headers=headers)
    monkeypatch.setenv("SCENARIO_CUSTOM_HEADERS", "Authorization: S3CRET")
    with pytest.raises(InvalidArgumentError, match=r"^SCENARIO_CUSTOM_HEADERS: pass credentials") as caught:
        Scenario(**given)
    assert "S3CRET" not in str(caught.value)


def sent_authorization(client: Scenario) -> str:
    """The header of the next request."""
    core: Any = getattr(client, "_core")  # noqa: B009 - the test reads a private attribute
    authorization: str = core.transport.credentials.authorization
    return authorization


def basic(user: str, password: str) -> str:
    """The header of HTTP Basic."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def test_settings_can_be_read_and_set(client: Scenario) -> None:
    """`max_retries`, `timeout`, default headers and query are attributes; `is_closed` has the state."""
    client.max_retries, client.timeout = 5, 7.0
    assert (client.max_retries, client.timeout, client.with_options().timeout) == (5, 7.0, 7.0)
    client.timeout = None
    assert client.timeout is None
    assert not client.is_closed()
    client.close()
    assert client.is_closed()


def test_copy_accepts_the_arguments_of_the_official_package(
    client: Scenario, servers: tuple[RecordingServer, RecordingServer]
) -> None:
    """`copy` and `with_options` take another base URL, key, default headers and query."""
    _, second = servers
    other = client.copy(
        base_url=second.base_url, api_key="k2", default_query={"a": True}, default_headers={"X-A": "1"}
    )
    other = other.with_options(set_default_query={"b": 2})
    other.models.list()
    (request,) = second.taken()
    assert request.query == (("b", "2"),)
    assert (other.api_key, other.default_headers["X-A"], other.default_query) == ("k2", "1", {"b": "2"})
    assert (client.api_key, client.default_query) == ("key", {})
    with pytest.raises(InvalidArgumentError, match="exclude"):
        client.copy(default_headers={}, set_default_headers={})
    with pytest.raises(TypeError, match="colour"):
        client.copy(colour="red")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]


def test_a_subclass_keeps_its_attributes(server: RecordingServer) -> None:
    """A copy has the attributes of a subclass; its operations use the copy's options."""

    class Labelled(Scenario):
        def __init__(self, label: str) -> None:
            super().__init__(api_key="key", api_secret="secret", base_url=server.base_url)
            self.label = label

    with Labelled("mine") as client:
        client.models.list()
        copy = client.with_options(extra_query={"a": 1})
        copy.models.list()
        assert copy.label == "mine"
    assert [request.query for request in server.taken()] == [(), (("a", "1"),)]


def test_arguments_of_the_constructor(server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """`bearer_auth`, `default_headers`, `default_query`, `http_client`; headers of the environment."""
    monkeypatch.setenv("SCENARIO_CUSTOM_HEADERS", "X-Team: a\nno colon\nX-Run: 7")
    arguments: dict[str, Any] = {
        "bearer_auth": "t",
        "base_url": server.base_url,
        "default_query": {"q": True},
    }
    with scenario_sdk.Scenario(**arguments, default_headers={"X-Run": "8"}) as official:
        expected = official.default_headers
        official.models.list()
    http_client = scenario_async.DefaultAioHttpClient()
    with Scenario(**arguments, default_headers={"X-Run": "8"}, http_client=http_client) as client:
        ours = client.default_headers
        client.models.list()
    assert {name: expected[name] for name in ("X-Team", "X-Run")} == {"X-Team": "a", "X-Run": "8"}
    assert {name: ours[name] for name in ("X-Team", "X-Run")} == {"X-Team": "a", "X-Run": "8"}
    first, second = server.taken()
    assert first.query == second.query == (("q", "true"),)
    with httpx.Client() as of_httpx, pytest.raises(InvalidArgumentError, match="session="):
        Scenario(**arguments, http_client=of_httpx)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="colour"):
        Scenario(**arguments, colour="red")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]


def test_a_timeout_of_httpx_is_accepted(client: Scenario, server: RecordingServer) -> None:
    """Code that passes `httpx.Timeout` gets the same limits."""
    server.keep_silent()
    limits: Any = httpx.Timeout(60.0, read=0.2, write=10.0, connect=2.0)
    with pytest.raises(APITimeoutError):
        client.with_options(timeout=limits).models.list()
    with pytest.raises(APITimeoutError):
        client.models.list(timeout=limits)


def test_raw_responses(client: Scenario) -> None:
    """`with_raw_response` returns status, headers, the request without credentials, and the value."""
    raw = client.models.with_raw_response.list(page_size=1)
    assert (raw.status_code, raw.is_closed, raw.method) == (200, True, "GET")
    assert raw.headers["content-type"] == "application/json"
    assert raw.url.endswith("/v1/models?pageSize=1")
    assert raw.http_request.headers["User-Agent"].startswith("scenario-async/")
    assert "Authorization" not in raw.http_request.headers
    assert raw.parse().items[0].id == "model_1"
    assert raw.json()["models"] == [{"id": "model_1"}]
    assert client.with_raw_response.models.retrieve("model_1").parse().model.id == "model_1"
    assert [*raw.iter_lines()] == [raw.text()]
    with pytest.raises(AttributeError):
        client.models.with_raw_response.lits()


def test_streaming_responses(client: Scenario) -> None:
    """`with_streaming_response` is a context manager for the same response."""
    with client.models.with_streaming_response.list() as response:
        assert not response.is_closed
        assert b"".join(response.iter_bytes()) == response.read()
    assert response.is_closed


async def test_raw_responses_awaited(server: RecordingServer) -> None:
    """The call and the methods of the response are awaited."""
    async with AsyncScenario(api_key="key", api_secret="secret", base_url=server.base_url) as client:
        raw = await client.models.with_raw_response.list()
        assert (await raw.parse()).items[0].id == "model_1"
        assert (await raw.json())["models"] == [{"id": "model_1"}]
        async with client.models.with_streaming_response.list() as response:
            assert [line async for line in response.iter_lines()] == [await response.text()]
        assert response.is_closed
