"""Derived clients: which options they share, change and refuse."""

from __future__ import annotations

import math
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
import pytest

from scenario_async import (
    APIResponseValidationError,
    APITimeoutError,
    AsyncScenario,
    ClientClosedError,
    InternalServerError,
    InvalidArgumentError,
    Scenario,
)

from .conftest import EitherClient
from .echo import Echo
from .gate import Gate


def test_the_connections_are_shared(gate: Gate, either: EitherClient, model_id: str) -> None:
    derived = either.client.with_options(timeout=5)
    either.wait(derived.models.retrieve(model_id))
    either.wait(either.client.models.retrieve(model_id))
    either.wait(derived.with_options(timeout=6).models.retrieve(model_id))
    gate.until(connections=1)


@pytest.mark.parametrize("entered", [True, False])
def test_closing_the_derived_client_leaves_the_first_one_open(
    sandbox: object, model_id: str, entered: bool
) -> None:
    del sandbox
    with Scenario() as client:
        derived = client.with_options(timeout=5)
        if entered:
            with derived:
                derived.models.retrieve(model_id)
        else:
            derived.close()
        assert derived.models.retrieve(model_id).model.id == model_id
        assert client.models.retrieve(model_id).model.id == model_id


async def test_closing_the_derived_asynchronous_client_leaves_the_first_one_open(
    sandbox: object, model_id: str
) -> None:
    del sandbox
    async with AsyncScenario() as client:
        async with client.with_options(timeout=5) as derived:
            await derived.models.retrieve(model_id)
        assert (await client.models.retrieve(model_id)).model.id == model_id


def test_closing_the_first_client_closes_the_derived_one(sandbox: object, model_id: str) -> None:
    del sandbox
    with Scenario() as client:
        derived = client.with_options(timeout=5)
        derived.models.retrieve(model_id)
    with pytest.raises(ClientClosedError):
        derived.models.retrieve(model_id)


async def test_a_derived_client_whose_origin_is_gone_closes_the_connections(
    sandbox: object, model_id: str
) -> None:
    """``with Scenario().with_options(…) as client`` leaves nothing open, and gives no warning."""
    del sandbox
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with Scenario().with_options(timeout=5) as blocking:
            with blocking.with_options(timeout=6) as derived:
                derived.models.retrieve(model_id)
            blocking.models.retrieve(model_id)
        async with AsyncScenario().with_options(timeout=5).with_options(timeout=6) as client:
            await client.models.retrieve(model_id)
    assert (blocking.is_closed(), client.is_closed()) == (True, True)


@pytest.mark.parametrize("timeout", [0.05, aiohttp.ClientTimeout(sock_read=0.05)])
def test_a_derived_client_has_its_own_timeout(gate: Gate, timeout: float | aiohttp.ClientTimeout) -> None:
    gate.holds = "GET"
    with ThreadPoolExecutor(1) as thread, Scenario() as client:
        patient = thread.submit(client.models.retrieve, "held")
        gate.until(held=1)
        derived = client.with_options(timeout=timeout).with_options(max_retries=0)
        with pytest.raises(APITimeoutError):
            derived.models.retrieve("held")
        gate.until(held=1)
        assert not patient.done()


def test_a_derived_client_has_its_own_number_of_retries(echo: Echo) -> None:
    def attempts(client: Scenario) -> int:
        echo.requests.clear()
        with pytest.raises(InternalServerError):
            client.models.retrieve("any")
        return len(echo.requests)

    with Scenario() as client:
        failing = client.with_options(extra_query={"status": "503"})
        assert attempts(failing) == 3
        assert attempts(failing.with_options(max_retries=0)) == 1
        assert attempts(failing.with_options(max_retries=5)) == 6
        assert attempts(failing) == 3


def test_a_derived_client_has_its_own_project(echo: Echo) -> None:
    with Scenario(project_id="first") as client:
        client.models.delete("any")
        assert echo.query == "projectId=first"
        client.with_options(project_id="second").models.delete("any")
        assert echo.query == "projectId=second"
        client.with_options(project_id="second").models.delete("any", project_id="third")
        assert echo.query == "projectId=third"
        client.models.delete("any")
        assert echo.query == "projectId=first"


def test_a_strict_client_refuses_a_response_that_the_first_one_accepts(echo: Echo) -> None:
    del echo
    with Scenario() as client:
        strict = client.with_options(strict=True)
        client.models.retrieve("any")  # the response is {}, so the model is missing
        with pytest.raises(APIResponseValidationError, match="not as documented"):
            strict.models.retrieve("any")
        strict.with_options(strict=False).models.retrieve("any")
        with pytest.raises(APIResponseValidationError, match="not as documented"):
            strict.with_options(timeout=5).models.retrieve("any")


def test_extra_headers_and_query_parameters_are_merged(echo: Echo) -> None:
    with Scenario() as client:
        first = client.with_options(extra_headers={"X-One": "1"}, extra_query={"one": "1 &"})
        second = first.with_options(extra_headers={"X-Two": "2"}, extra_query={"two": "ü"})
        second.models.delete("any", project_id="p")
        assert (echo.headers["X-One"], echo.headers["X-Two"]) == ("1", "2")
        assert echo.query == "projectId=p&one=1%20%26&two=%C3%BC"
        first.models.delete("any")
        assert (echo.headers["X-One"], "X-Two" in echo.headers) == ("1", False)
        assert echo.query == "one=1%20%26"
        client.models.delete("any")
        assert "X-One" not in echo.headers
        assert echo.query == ""


def test_a_later_header_replaces_an_earlier_one_in_any_case(echo: Echo) -> None:
    with Scenario() as client:
        first = client.with_options(extra_headers={"X-One": "1"})
        first.with_options(extra_headers={"x-one": "2"}).models.delete("any")
    assert echo.requests[-1].headers.getall("X-One") == ["2"]


def test_all_options_together_and_in_a_chain(echo: Echo) -> None:
    with Scenario(project_id="first") as client:
        derived = (
            client.with_options(max_retries=0)
            .with_options(project_id="second")
            .with_options(extra_headers={"X-One": "1"})
            .with_options(extra_query={"status": "503"})
        )
        with pytest.raises(InternalServerError):
            derived.models.retrieve("any")
    assert len(echo.requests) == 1
    assert echo.query == "projectId=second&status=503"
    assert echo.headers["X-One"] == "1"


REFUSED: list[tuple[str, Any]] = [
    *(("timeout", value) for value in (0, -1, True, "5", math.nan, math.inf)),
    *(("max_retries", value) for value in (-1, True, "2", 1.5, math.nan)),
]


@pytest.mark.parametrize("kind", [Scenario, AsyncScenario])
@pytest.mark.parametrize(("argument", "value"), REFUSED)
def test_invalid_options_are_refused(
    sandbox: object, kind: type[Scenario | AsyncScenario], argument: str, value: object
) -> None:
    del sandbox
    options: dict[str, Any] = {argument: value}
    with pytest.raises(InvalidArgumentError) as caught:
        kind(**options)
    assert caught.value.argument == argument
    with pytest.raises(InvalidArgumentError) as caught:
        kind().with_options(**options)
    assert caught.value.argument == argument


@pytest.mark.parametrize("name", ["authorization", "Authorization", "AUTHORIZATION"])
def test_credentials_in_extra_headers_are_refused_and_not_shown(sandbox: object, name: str) -> None:
    del sandbox
    with pytest.raises(InvalidArgumentError, match="pass credentials as api_key=") as caught:
        Scenario().with_options(extra_headers={"X-One": "1", name: "Bearer very-secret"})
    assert caught.value.argument == "extra_headers"
    assert "very-secret" not in str(caught.value)
