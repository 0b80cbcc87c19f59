"""Closing a blocking client, and using it afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from scenario_async import ClientClosedError, NotFoundError, Scenario
from scenario_async.sandbox import Sandbox

from .conftest import OwnThreads
from .gate import Gate

pytestmark = pytest.mark.usefixtures("sandbox")


def test_closing_twice_has_no_further_effect(model_id: str, own_threads: OwnThreads) -> None:
    client = Scenario()
    client.models.retrieve(model_id)
    client.close()
    client.close()
    assert own_threads() == []


def test_closing_an_unused_client_starts_nothing(own_threads: OwnThreads) -> None:
    client = Scenario()
    client.close()
    assert own_threads() == []


@pytest.mark.parametrize("used", [True, False])
def test_a_closed_client_raises_and_starts_no_thread(
    model_id: str, used: bool, own_threads: OwnThreads
) -> None:
    with Scenario() as client:
        if used:
            client.models.retrieve(model_id)
    with pytest.raises(ClientClosedError, match="was closed"):
        client.models.retrieve(model_id)
    assert own_threads() == []


def test_a_with_statement_closes_after_an_error(model_id: str, own_threads: OwnThreads) -> None:
    with pytest.raises(NotFoundError), Scenario() as client:
        client.models.retrieve(f"not {model_id}")
    assert own_threads() == []


def test_closing_ends_the_calls_of_other_threads(gate: Gate, own_threads: OwnThreads) -> None:
    gate.holds = "GET"
    client = Scenario()
    with ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(client.models.retrieve, "held") for _ in range(4)]
        gate.until(held=4)
        client.close()
        for call in calls:
            with pytest.raises(ClientClosedError, match="was closed"):
                call.result(30)
    gate.until(connections=0)
    assert own_threads() == []


def test_threads_that_call_while_the_client_is_closed_get_an_error(
    sandbox: Sandbox, model_id: str, own_threads: OwnThreads
) -> None:
    client = Scenario()

    def call_until_closed() -> int:
        for count in range(100_000):
            try:
                client.models.retrieve(model_id)
            except ClientClosedError:
                return count
        raise AssertionError("it was never shown")

    with ThreadPoolExecutor(8) as threads:
        calls = [threads.submit(call_until_closed) for _ in range(8)]
        while sandbox.requests.count("GET /models/{modelId}") < 100:
            client.models.retrieve(model_id)
        client.close()
        counts = [call.result(30) for call in calls]
    assert sum(counts) > 0
    assert own_threads() == []
