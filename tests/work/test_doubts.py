"""A paid request in doubt is sent again only as often as allowed, and its jobs are not forgotten."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from scenario_async import AsyncScenario
from scenario_async.errors import JobInDoubtError, PlanLimitError
from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import Drop, PlanLimit, ServerError

from .changed import Changed
from .conftest import paid

GENERATE = "POST /generate/custom/{modelId}"
TRAIN = "PUT /models/{modelId}/train"
BASE = "model_bfl-flux-1-dev"


def without_jobs(document: Any) -> None:
    document["jobs"] = []


UNLISTED = Rule(Changed(without_jobs), on="GET /jobs")
"""The service lists no job yet."""


@pytest.fixture(autouse=True)
async def _fast(sandbox: Sandbox) -> None:
    sandbox.job_duration = 0.05
    sandbox.training_duration = 0.1


async def leave_in_doubt(sandbox: Sandbox, client: AsyncScenario) -> None:
    """Pay a generation whose response is lost and whose job is not listed."""
    sandbox.faults = Faults(Rule(Drop("after"), on=GENERATE, skip=1, times=1), UNLISTED)
    with pytest.raises(JobInDoubtError, match="not sent again"):
        await client.generate.run(BASE, "a fox", max_cost=None)


async def test_a_generation_in_doubt_is_sent_again_once(sandbox: Sandbox, client: AsyncScenario) -> None:
    sandbox.faults = Faults(Rule(Drop("after"), on=GENERATE, skip=1), UNLISTED)
    call = client.generate.run(BASE, "a fox", max_cost=None, on_doubt="resend")
    # The price is not requested again so soon, so each request after the first one pays.
    with pytest.raises(JobInDoubtError, match="was sent 2 times"):
        await asyncio.wait_for(call, 20)
    assert paid(sandbox) == 2


async def test_a_generation_that_was_carried_out_twice_is_found(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    """Both jobs have the seed that the client drew, so either of them is the generation."""
    await leave_in_doubt(sandbox, client)
    sandbox.faults = Faults(Rule(Drop("after"), on=GENERATE, skip=1, times=1), UNLISTED)
    with pytest.raises(JobInDoubtError):
        await client.generate.run(BASE, "a fox", max_cost=None, on_doubt="resend")
    sandbox.faults = Faults()
    report = await client.generate.run(BASE, "a fox", max_cost=None, on_doubt="resend")
    assert report.resumed
    assert paid(sandbox) == 2


async def test_a_refusal_of_the_second_attempt_leaves_the_first_in_doubt(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    await leave_in_doubt(sandbox, client)
    sandbox.faults = Faults(Rule(PlanLimit(25), on=GENERATE, skip=1), UNLISTED)
    with pytest.raises(PlanLimitError):
        await client.generate.run(BASE, "a fox", max_cost=None, on_doubt="resend")
    sandbox.faults = Faults()
    report = await client.generate.run(BASE, "a fox", max_cost=None)
    assert report.resumed
    assert paid(sandbox) == 1


@pytest.mark.parametrize(("deadline", "most"), [(0.1, 3), (None, 10)])
async def test_a_training_is_not_sent_again_without_end(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model, deadline: float | None, most: int
) -> None:
    sandbox.faults = Faults(Rule(ServerError(503, "before"), on=TRAIN, skip=1))
    call = client.models.train.run(trainable.id, max_cost=None, deadline=deadline)
    with pytest.raises(JobInDoubtError, match=f"was sent {most - 1} times"):
        await asyncio.wait_for(call, 60)
    assert sandbox.requests[TRAIN] == most  # with the request for the price
