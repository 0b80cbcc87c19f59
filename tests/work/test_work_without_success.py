"""If paid work does not succeed, the error says why, what it costs, and how to continue."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario_async import AsyncScenario
from scenario_async.errors import (
    AuthenticationError,
    BudgetError,
    JobCanceledError,
    JobFailedError,
    JobInDoubtError,
    TrainingFailedError,
)
from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import Drop, JobFails, ServerError, Unauthorized

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


@pytest.mark.parametrize("route", ["GET /jobs/{jobId}", "POST /assets/get-bulk"])
async def test_an_error_after_the_payment_of_a_generation_says_that_it_is_paid(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, route: str
) -> None:
    sandbox.faults = Faults(Rule(Unauthorized(), on=route))
    with pytest.raises(AuthenticationError) as raised:
        await client.generate.run(BASE, "a fox", max_cost=None, to=tmp_path)
    assert raised.value.__notes__ == ["The work is paid. The same call continues without another payment"]
    with pytest.raises(AuthenticationError) as raised:
        await client.generate.run(BASE, "a fox", max_cost=None, to=tmp_path, ledger=False)
    [note] = raised.value.__notes__
    job_id = [*sandbox.state.jobs][-1]
    assert (
        note == f"The work is paid. Without a ledger, the same call may pay again: wait for {job_id} instead"
    )


async def test_an_error_after_the_payment_of_a_training_says_that_it_is_paid(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model
) -> None:
    sandbox.faults = Faults(Rule(Unauthorized(), on="GET /models/{modelId}", skip=1))
    for _ in range(2):
        with pytest.raises(AuthenticationError) as raised:
            await client.models.train.run(trainable.id, max_cost=None)
        assert raised.value.__notes__ == ["The work is paid. The same call continues without another payment"]


async def test_an_error_before_a_payment_does_not_say_that_it_is_paid(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    sandbox.faults = Faults(Rule(Unauthorized(), on=GENERATE, skip=1))
    with pytest.raises(AuthenticationError) as raised:
        await client.generate.run(BASE, "a fox", max_cost=None)
    assert not hasattr(raised.value, "__notes__")


async def test_a_request_in_doubt_without_a_ledger_is_not_searched_for_again(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    sandbox.faults = Faults(Rule(Drop("before"), on=GENERATE, skip=1))
    expected = "Without a ledger, the same call may pay again: look at the jobs of the service before$"
    with pytest.raises(JobInDoubtError, match=expected):
        await client.generate.run(BASE, "a fox", max_cost=None, ledger=False)


async def test_an_error_while_an_earlier_request_is_in_doubt_does_not_hide_that(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    sandbox.faults = Faults(Rule(Drop("before"), on=GENERATE, skip=1))
    with pytest.raises(JobInDoubtError):
        await client.generate.run(BASE, "a fox", max_cost=100)
    sandbox.faults = Faults()
    with pytest.raises(BudgetError) as over_budget:
        await client.generate.run(BASE, "a fox", max_cost=1, on_doubt="resend")
    sandbox.faults = Faults(Rule(Unauthorized(), on=GENERATE, skip=1))
    with pytest.raises(AuthenticationError) as refused:
        await client.generate.run(BASE, "a fox", max_cost=100, on_doubt="resend")
    for raised in (over_budget, refused):
        [note] = raised.value.__notes__
        assert note.startswith("An earlier request may have been carried out. The same call searches for it")
