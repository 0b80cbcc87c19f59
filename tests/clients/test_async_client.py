"""The asynchronous client: closing, cancelling, concurrent calls, and sessions of the caller."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from scenario_async import AsyncScenario, ClientClosedError, NotFoundError
from scenario_async.sandbox import Sandbox

from .gate import Gate

pytestmark = pytest.mark.usefixtures("sandbox")


async def test_async_with_closes(model_id: str) -> None:
    async with AsyncScenario() as client:
        assert (await client.models.retrieve(model_id)).model.name == "paper"
    with pytest.raises(ClientClosedError, match="was closed"):
        await client.models.retrieve(model_id)


async def test_async_with_closes_after_an_error(model_id: str) -> None:
    client = AsyncScenario()
    with contextlib.suppress(NotFoundError):
        async with client:
            await client.models.retrieve("none")
    with pytest.raises(ClientClosedError, match="was closed"):
        await client.models.retrieve(model_id)


@pytest.mark.parametrize("used", [True, False])
async def test_closing_twice_has_no_further_effect(gate: Gate, model_id: str, used: bool) -> None:
    client = AsyncScenario()
    if used:
        await client.models.retrieve(model_id)
    await client.close()
    await client.close()
    await asyncio.to_thread(gate.until, connections=0)


async def test_a_cancelled_call_leaves_no_connection_and_a_usable_client(gate: Gate, model_id: str) -> None:
    gate.holds = "GET /v1/models/held"
    async with AsyncScenario() as client:
        call = asyncio.create_task(client.models.retrieve("held"))
        await asyncio.to_thread(gate.until, held=1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await asyncio.to_thread(gate.until, connections=0)
        assert (await client.models.retrieve(model_id)).model.id == model_id


async def test_a_timeout_of_the_caller_leaves_no_connection(gate: Gate, model_id: str) -> None:
    gate.holds = "GET /v1/models/held"
    async with AsyncScenario() as client:
        await client.models.retrieve(model_id)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await client.models.retrieve("held")
        await asyncio.to_thread(gate.until, connections=0)


async def test_closing_ends_calls_in_flight(gate: Gate) -> None:
    gate.holds = "GET"
    client = AsyncScenario()
    calls = [asyncio.create_task(client.models.retrieve("held")) for _ in range(3)]
    await asyncio.to_thread(gate.until, held=3)
    await client.close()
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(result) for result in results] == [ClientClosedError] * 3
    await asyncio.to_thread(gate.until, connections=0)


async def test_sixty_four_calls_run_at_the_same_time(gate: Gate, sandbox: Sandbox) -> None:
    models = [sandbox.state.add_model(name=str(number), type="flux.1-lora") for number in range(64)]
    gate.holds = "GET /v1/models/held"
    async with AsyncScenario() as client:
        held = [asyncio.create_task(client.models.retrieve("held")) for _ in range(64)]
        await asyncio.to_thread(gate.until, held=64)  # so all of them were running at the same time
        answers = await asyncio.gather(*(client.models.retrieve(model.id) for model in models))
        for call in held:
            call.cancel()
        await asyncio.wait(held)
    assert [answer.model.name for answer in answers] == [str(number) for number in range(64)]
