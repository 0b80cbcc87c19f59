"""If paid work does not succeed, the error says why, what it costs, and how to continue."""

from __future__ import annotations

import pytest

from scenario_async import AsyncScenario
from scenario_async.errors import JobCanceledError, JobFailedError, TrainingFailedError
from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import JobFails, ServerError

from .changed import Changed, set_at

GENERATE = "POST /generate/custom/{modelId}"
TRAIN = "PUT /models/{modelId}/train"
BASE = "model_bfl-flux-1-dev"


@pytest.fixture(autouse=True)
def _fast(sandbox: Sandbox) -> None:
    sandbox.job_duration = sandbox.training_duration = 0.2


@pytest.mark.parametrize(("refunded", "cost"), [(True, "0"), (False, "10.75")])
async def test_the_error_of_a_failed_generation_has_its_reason_and_its_cost(
    sandbox: Sandbox, client: AsyncScenario, refunded: bool, cost: str
) -> None:
    sandbox.faults = Faults(Rule(JobFails("Blocked by moderation", refunded=refunded), on=GENERATE, skip=1))
    expected = f"failed: Blocked by moderation; the job states a cost of {cost} creative units$"
    with pytest.raises(JobFailedError, match=expected):
        await client.generate.run(BASE, "a fox", max_cost=None, ledger=False)


async def test_the_error_of_a_canceled_generation_has_its_cost(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    canceled = Changed(set_at("job", "status", value="canceled"))
    sandbox.faults = Faults(Rule(canceled, on="GET /jobs/{jobId}"))
    with pytest.raises(
        JobCanceledError, match=r"was canceled; the job states a cost of 10.75 creative units$"
    ):
        await client.generate.run(BASE, "a fox", max_cost=None, ledger=False)


async def test_the_error_of_a_failed_training_has_the_reason_and_the_cost_of_its_job(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model
) -> None:
    sandbox.faults = Faults(Rule(JobFails("Out of memory"), on=TRAIN, skip=1))
    with pytest.raises(
        TrainingFailedError, match=r"failed: Out of memory; the job states a cost of 0 creative units$"
    ):
        await client.models.train.run(trainable.id, max_cost=None, ledger=False)


async def test_a_training_failed_also_if_its_job_cannot_be_looked_up(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model
) -> None:
    sandbox.faults = Faults(
        Rule(JobFails(), on=TRAIN, skip=1), Rule(ServerError(500, "before"), on="GET /jobs/{jobId}")
    )
    with pytest.raises(TrainingFailedError, match=f"the training of model {trainable.id} failed$"):
        await client.models.train.run(trainable.id, max_cost=None, ledger=False)
