"""The same refusal raises the same error in both packages."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
import scenario_sdk

import scenario_async

from .clients import each_package
from .official import found
from .pair import Pair
from .server import RecordingServer

BODIES = [
    pytest.param({"name": "Refused", "reason": "because", "traceId": "1"}, id="object"),
    pytest.param(b"<html>gateway</html>", id="HTML"),
    pytest.param(b"", id="nothing"),
    pytest.param([1, 2], id="array"),
]


def error_of(package: ModuleType, client: Any) -> Any:
    """The error that a request raises."""
    with pytest.raises(package.APIError) as caught:
        found(client, "models.retrieve")("model_1")
    return caught.value


def ancestry(error: Exception) -> set[str]:
    """The names by which an error can be caught."""
    return {cls.__name__ for cls in type(error).__mro__}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 500, 502, 503, 599])
def test_statuses(pair: Pair, status: int, body: Any) -> None:
    """Each name that catches an error of the official package catches ours, which has the same attributes."""
    pair.server.refuse(status, body, X_Trace="here")
    official = error_of(scenario_sdk, pair.official)
    ours = error_of(scenario_async, pair.ours)
    assert ancestry(official) <= ancestry(ours)
    assert (ours.status_code, ours.body) == (official.status_code, official.body)
    assert ours.response.status_code == official.response.status_code
    assert ours.response.headers["x-trace"] == official.response.headers["x-trace"] == "here"
    assert ours.response.content == official.response.content
    assert ours.response.text == official.response.text


def test_no_connection(unused_tcp_port: int) -> None:
    """If no server is listening, both packages raise the error of the same name, with its cause."""
    for package in (scenario_sdk, scenario_async):
        with package.Scenario(
            api_key="key", api_secret="secret", base_url=f"http://127.0.0.1:{unused_tcp_port}", max_retries=0
        ) as client:
            error = error_of(package, client)
        assert type(error) is package.APIConnectionError
        assert error.__cause__ is not None


def test_a_connection_that_breaks(pair: Pair) -> None:
    """A connection that is closed without a response raises the same error in both packages."""
    pair.server.hang_up()
    for package, client in ((scenario_sdk, pair.official), (scenario_async, pair.ours)):
        assert type(error_of(package, client)) is package.APIConnectionError


@each_package
def test_no_response_in_time(
    package: ModuleType, server: RecordingServer, credentials: dict[str, Any]
) -> None:
    """The error is a connection error."""
    server.keep_silent()
    with package.Scenario(**credentials, timeout=0.05) as client:
        error = error_of(package, client)
    assert type(error) is package.APITimeoutError
    assert isinstance(error, package.APIConnectionError)
