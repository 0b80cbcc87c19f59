"""The asynchronous and blocking clients of both packages send and read the same."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest
import pytest_asyncio
import scenario_sdk

import scenario_async

from .answers import Answers
from .arguments import all_arguments
from .official import Operation
from .pair import Pair, each_operation
from .readings import differences

# One loop for all, because a client belongs to the loop of its first use.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def awaited(
    credentials: dict[str, Any],
) -> AsyncGenerator[tuple[scenario_sdk.AsyncScenario, scenario_async.AsyncScenario]]:
    """The official package's asynchronous client, and ours."""
    async with (
        scenario_sdk.AsyncScenario(**credentials) as official,
        scenario_async.AsyncScenario(**credentials) as ours,
    ):
        yield official, ours


@each_operation
async def test_asynchronous_and_blocking(
    pair: Pair,
    awaited: tuple[scenario_sdk.AsyncScenario, scenario_async.AsyncScenario],
    operation: Operation,
) -> None:
    """All four send the same request and read the same response, with every argument and field."""
    pair.server.answer(Answers().of(operation))
    pair.server.taken()
    arguments = all_arguments(operation)
    _, ours = pair.call(operation, **arguments)
    official_awaited, ours_awaited = [await operation.on(client)(**arguments) for client in awaited]
    first, *others = pair.server.taken()
    assert others == [first] * 3
    assert ours_awaited == ours
    assert list(differences(official_awaited, ours_awaited)) == []
