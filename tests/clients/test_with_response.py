"""`with_response` returns the value of an operation together with its HTTP responses."""

from __future__ import annotations

from typing import Any

import pytest

from scenario_async import AsyncScenario, InvalidArgumentError, Scenario
from scenario_async.sandbox import Sandbox


async def test_the_last_response_and_the_value(sandbox: Sandbox) -> None:
    async with AsyncScenario() as client:
        kept = await client.with_response(client.models.create, name="paper")
    assert kept.value.model.name == "paper"
    assert kept.response is kept.responses[-1]
    assert kept.response.status_code == 200
    assert len(sandbox.requests) == 1


async def test_a_call_that_sends_no_request_has_no_response(sandbox: Sandbox) -> None:
    """The error says so; the value is there."""
    with Scenario() as client:
        kept = client.with_response(client.is_closed)
    assert kept.value is False
    assert kept.responses == []
    with pytest.raises(LookupError, match="the call sent no request"):
        _ = kept.response
    assert len(sandbox.requests) == 0


@pytest.mark.usefixtures("sandbox")
async def test_an_operation_that_was_called_already_is_refused() -> None:
    async with AsyncScenario() as client:
        listed: Any = client.models.list()
        with pytest.raises(InvalidArgumentError, match=r"call: the operation and its arguments are needed"):
            await client.with_response(listed)
