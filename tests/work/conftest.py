"""Fixtures of the tests of training, generating, waiting and saving."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from scenario_async import AsyncScenario
from scenario_async.sandbox import Model, Sandbox
from scenario_async.work._internal import timing
from scenario_async.work._internal.timing import Polling, Timing

_QUICK = Polling(first=0.02, factor=1.2, most=0.1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, state_folder: Path) -> None:
    """Shorten the pauses, and use a ledger in the test's folder."""
    del state_folder
    quick = Timing(
        jobs=_QUICK, training=_QUICK, doubt=_QUICK, ceiling=_QUICK, doubt_seconds=0.6, outage_seconds=5.0
    )
    monkeypatch.setattr(timing, "TIMING", quick)


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncGenerator[AsyncScenario]:
    """An asynchronous client of the sandbox without retries."""
    async with AsyncScenario(
        base_url=sandbox.base_url, api_key=sandbox.api_key, api_secret=sandbox.api_secret, max_retries=0
    ) as client:
        yield client


@pytest.fixture
async def trainable(sandbox: Sandbox, client: AsyncScenario, folder_of: Callable[[int], Path]) -> Model:
    """A model with five training images."""
    model = sandbox.state.add_model(name="paper", type="flux.1-lora")
    await client.models.training_images.upload(model.id, folder_of(5), ledger=False)
    return model


def paid(sandbox: Sandbox, kind: str = "custom") -> int:
    """The number of paid jobs of a kind."""
    return sum(kind in job.type for job in sandbox.state.jobs.values())
