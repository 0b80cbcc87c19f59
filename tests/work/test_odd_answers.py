"""Responses of another shape than documented do not end work that is paid, and do not pass a budget."""

from __future__ import annotations

import decimal
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from scenario_async import AsyncScenario
from scenario_async.errors import BudgetError, ScenarioError
from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.values.job import Job, JobMetadata
from scenario_async.work._internal import timing
from scenario_async.work._internal.documented import as_documented
from scenario_async.work._internal.progress import WorkProgress

from .changed import ODD, Changed, set_at

GENERATE = "POST /generate/custom/{modelId}"
BASE = "model_bfl-flux-1-dev"


@pytest.fixture(autouse=True)
def _fast(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.job_duration = 0.05
    monkeypatch.setattr(timing, "TIMING", attrs.evolve(timing.TIMING, late_seconds=0.2))


def paid(sandbox: Sandbox) -> int:
    return len(sandbox.state.jobs)


COSTS: list[Any] = [{"cuCost": value} for value in ODD]


@pytest.mark.parametrize("billing", [*ODD, *COSTS], ids=repr)
async def test_an_odd_cost_of_a_job_leaves_its_report(
    sandbox: Sandbox, client: AsyncScenario, billing: Any
) -> None:
    change = Changed(set_at("job", "billing", value=billing))
    sandbox.faults = Faults(Rule(change, on="GET /jobs/{jobId}"))
    report = await client.generate.run(BASE, "a fox", max_cost=None, ledger=False)
    assert len(report.asset_ids) == 1
    assert report.charged is None or report.charged.is_finite()


@pytest.mark.parametrize("field", ["progress", "metadata", "status", "jobId", "createdAt"])
@pytest.mark.parametrize("value", ODD, ids=repr)
async def test_an_odd_member_of_a_job_does_not_end_the_wait(
    sandbox: Sandbox, client: AsyncScenario, field: str, value: Any
) -> None:
    change = Changed(set_at("job", field, value=value))
    sandbox.faults = Faults(Rule(change, on="GET /jobs/{jobId}", times=2))
    await client.generate.run(BASE, "a fox", max_cost=None, ledger=False)
    assert paid(sandbox) == 1


@pytest.mark.parametrize("value", [*ODD, [{"jobId": ["x"], "status": "success"}]], ids=repr)
async def test_odd_lists_of_jobs_do_not_end_the_wait(
    sandbox: Sandbox, client: AsyncScenario, value: Any
) -> None:
    runs = [await client.generate.run_model(BASE, body={"prompt": f"{number}"}) for number in range(4)]
    sandbox.faults = Faults(Rule(Changed(set_at("jobs", value=value)), on="GET /jobs", times=2))
    jobs = await client.jobs.wait_all([run.job.job_id for run in runs])
    assert {job.status for job in jobs} == {"success"}


@pytest.mark.parametrize("value", [*ODD, [{"id": ["x"], "url": "x"}]], ids=repr)
async def test_an_odd_look_up_of_assets_is_an_error_of_this_package(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, value: Any
) -> None:
    sandbox.faults = Faults(Rule(Changed(set_at("assets", value=value)), on="POST /assets/get-bulk"))
    with pytest.raises(ScenarioError):
        await client.assets.save("asset_x", tmp_path)


async def test_a_paid_response_with_an_odd_job_is_in_doubt_and_its_job_is_found(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    for value in ODD:
        before = paid(sandbox)
        change = Changed(set_at("job", value=value))
        sandbox.faults = Faults(Rule(change, on=GENERATE, skip=1, times=1))
        report = await client.generate.run(BASE, "a fox", max_cost=None, ledger=False)
        assert report.asset_ids
        assert paid(sandbox) == before + 1


@pytest.mark.parametrize("cost", [*ODD, "-5", "1e999999999", "Infinity", {"a": 1}], ids=repr)
async def test_a_price_that_is_none_does_not_pass_a_budget(
    sandbox: Sandbox, client: AsyncScenario, cost: Any
) -> None:
    if cost == 3.5:
        pytest.skip("a price")
    change = Changed(set_at("creativeUnitsCost", value=cost))
    sandbox.faults = Faults(Rule(change, on=GENERATE, times=1))
    with pytest.raises(BudgetError, match="nothing was paid"):
        await client.generate.run(BASE, "a fox", max_cost=1000, ledger=False)
    assert paid(sandbox) == 0


@pytest.mark.parametrize("spelling", [{"estimatedCreativeUnits": 12.5}, *ODD], ids=repr)
async def test_a_price_in_the_form_of_the_page_about_training_is_read(
    sandbox: Sandbox, client: AsyncScenario, spelling: Any
) -> None:
    """Recorded responses have `creativeUnitsCost`, and the service's page another form."""

    def change(document: Any) -> None:
        del document["creativeUnitsCost"]
        document["creativeUnits"] = spelling

    sandbox.faults = Faults(Rule(Changed(change), on=GENERATE, times=1))
    price = await client.generate.estimate(BASE, "a fox")
    expected = Decimal("12.5") if isinstance(spelling, dict) and spelling else None
    assert (price and price.units) == expected


@pytest.mark.parametrize("details", ODD, ids=repr)
async def test_odd_details_of_a_price_are_left_out(
    sandbox: Sandbox, client: AsyncScenario, details: Any
) -> None:
    change = Changed(set_at("costDetails", value=details))
    sandbox.faults = Faults(Rule(change, on=GENERATE, times=1))
    price = await client.generate.estimate(BASE, "a fox")
    assert price is not None
    assert (price.units, price.details) == (Decimal("10.75"), {})


async def test_a_rough_decimal_context_of_the_caller_does_not_round_a_price(client: AsyncScenario) -> None:
    with decimal.localcontext() as context:
        context.prec = 1
        price = await client.generate.estimate(BASE, "a fox")
    assert price is not None
    assert price.units == Decimal("10.75")


PROGRESS = {"stage": "running-train", "progress": 0.5, "position": 1, "remainingTimeMs": 5}


@pytest.mark.parametrize("field", ["progress", "position", "remainingTimeMs", "stage"])
@pytest.mark.parametrize("value", [*ODD, 1.5], ids=repr)
async def test_an_odd_progress_does_not_end_the_wait_for_a_training(
    sandbox: Sandbox, client: AsyncScenario, field: str, value: Any
) -> None:
    seen: list[WorkProgress] = []
    await _trained(sandbox, client, {"trainingProgress": {**PROGRESS, field: value}}, seen)
    assert all(one.fraction is None or 0 <= one.fraction <= 1 for one in seen)


EPOCHS: list[Any] = [[{"assets": 5}], [{"assets": [None]}], [{"assets": [{"assetId": []}]}]]


@pytest.mark.parametrize("field", ["trainingProgress", "epochs", "status"])
@pytest.mark.parametrize("value", [*ODD, *EPOCHS], ids=repr)
async def test_an_odd_member_of_a_model_does_not_end_the_wait_for_its_training(
    sandbox: Sandbox, client: AsyncScenario, field: str, value: Any
) -> None:
    await _trained(sandbox, client, {field: value}, [])


async def _trained(
    sandbox: Sandbox, client: AsyncScenario, members: dict[str, Any], seen: list[WorkProgress]
) -> None:
    model = sandbox.state.add_model(name="paper", type="flux.1-lora")

    def during(document: Any) -> None:
        document["model"].update({"status": "training", **members})

    rules = [
        Rule(Changed(during), on="GET /models/{modelId}", times=2),
        Rule(Changed(set_at("model", "status", value="trained")), on="GET /models/{modelId}"),
    ]
    sandbox.faults = Faults(*rules)
    trained = await client.models.train.wait(model.id, on_progress=seen.append)
    assert trained.status == "trained"


def test_only_the_odd_parts_of_a_value_are_left_out() -> None:
    odd: Any = {"progress": "much", "status": "new state", "metadata": JobMetadata(asset_ids=["a", 5])}  # type: ignore[list-item]
    job = Job(job_id="job_1", job_type="custom", created_at="", status_history=[], updated_at="", **odd)
    object.__setattr__(job, "_extra", {"more": 1})
    found = as_documented(job, Job)
    assert found is not None
    assert (found.status, found.metadata.asset_ids) == ("new state", ["a"])
    assert getattr(found, "progress", 0) is None
    assert found.model_extra == {"more": 1}
    assert as_documented(found, Job | None) is not None  # type: ignore[arg-type]
    assert as_documented("a job", Job) is None
