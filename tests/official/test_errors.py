"""Errors can be created as in the official package, because users' tests do so."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import httpx
import pytest

import scenario_async
from tests.contract.clients import each_package

REQUEST = httpx.Request("POST", "https://api.example/v1/models")


@each_package
@pytest.mark.parametrize(
    ("name", "status"), [("RateLimitError", 429), ("NotFoundError", 404), ("APIStatusError", 418)]
)
def test_an_error_with_a_status(package: ModuleType, name: str, status: int) -> None:
    """With a message, a response of httpx and a body."""
    response = httpx.Response(status, request=REQUEST, json={"reason": "no"})
    error = getattr(package, name)("refused", response=response, body={"reason": "no"})
    assert (str(error), error.message, error.status_code) == ("refused", "refused", status)
    assert error.body == {"reason": "no"}
    assert error.response.json() == {"reason": "no"}
    assert (error.request.method, str(error.request.url)) == ("POST", "https://api.example/v1/models")


@each_package
def test_an_error_without_a_response(package: ModuleType) -> None:
    """With a request of httpx, by position or by name, and with or without a message."""
    errors = [
        package.APIConnectionError(request=REQUEST),
        package.APIConnectionError(message="gone", request=REQUEST),
        package.APITimeoutError(REQUEST),
        package.APITimeoutError(request=REQUEST),
        package.APIError("gone", REQUEST, body=None),
    ]
    assert all(error.request.method == "POST" and error.body is None and error.message for error in errors)
    assert (errors[1].message, errors[4].message) == ("gone", "gone")


@each_package
def test_an_error_about_a_response(package: ModuleType) -> None:
    """With a response and its body."""
    response = httpx.Response(200, request=REQUEST, text="<html>")
    error = package.APIResponseValidationError(response, "<html>", message="odd")
    assert (error.message, error.body, error.status_code) == ("odd", "<html>", 200)
    assert package.APIResponseValidationError(response=response, body=None).status_code == 200


async def test_an_error_has_its_request() -> None:
    """An error of a real call has the request without credentials."""
    async with scenario_async.AsyncScenario(
        api_key="key", api_secret="secret", base_url="http://127.0.0.1:1", max_retries=0
    ) as client:
        with pytest.raises(scenario_async.APIConnectionError) as caught:
            await client.models.retrieve("model_1")
    request: Any = caught.value.request
    assert (request.method, request.url) == ("GET", "/models/model_1")
    assert "secret" not in repr(vars(caught.value))
