"""A generation and a training are paid once, also if requests or responses are lost."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from PIL import Image

from scenario_async import AsyncScenario
from scenario_async._internal.ledgers import default_ledger
from scenario_async.errors import (
    APIStatusError,
    BudgetError,
    InvalidArgumentError,
    JobInDoubtError,
    RateLimitError,
    WaitTimeoutError,
)
from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import Drop, EmptyBody, Fault, Garbled, HTMLPage, ServerError, Throttled
from scenario_async.work._internal import timing
from scenario_async.work._internal.doubts import find_generation
from scenario_async.work._internal.ledger import WorkEntry, WorkLedger

from .changed import Changed, set_at
from .conftest import paid

GENERATE = "POST /generate/custom/{modelId}"
TRAIN = "PUT /models/{modelId}/train"
BASE = "model_bfl-flux-1-dev"

LOST = [
    Drop("after"),
    ServerError(502, "after"),
    Garbled("after"),
    HTMLPage(200, "after"),
    EmptyBody("after"),
]
"""The request was processed, and its response is lost or cannot be read."""
NOT_CARRIED_OUT = [Drop("before"), ServerError(502, "before"), HTMLPage(200, "before")]
"""The client sees the same, but the request was not processed."""


def on_the_paid_request(fault: Fault, route: str, times: int = 1) -> Faults:
    """A fault that skips the dry run, which comes first."""
    return Faults(Rule(fault, on=route, skip=1, times=times))


@pytest.fixture(autouse=True)
async def _fast(sandbox: Sandbox) -> None:
    sandbox.job_duration = 0.05
    sandbox.training_duration = 0.1


@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_a_generation_whose_response_is_lost_is_found_and_not_sent_again(
    sandbox: Sandbox, client: AsyncScenario, fault: Fault, tmp_path: Path
) -> None:
    sandbox.faults = on_the_paid_request(fault, GENERATE)
    report = await client.generate.run(BASE, "a fox", count=2, max_cost=None, to=tmp_path / "out")
    assert sandbox.faults.count() == 1
    assert paid(sandbox) == 1
    assert len(report.paths) == 2
    for path in report.paths:
        Image.open(path).verify()
    assert report.seed is not None


@pytest.mark.parametrize("fault", NOT_CARRIED_OUT, ids=str)
async def test_a_generation_that_is_not_found_is_in_doubt_and_sent_again_only_on_request(
    sandbox: Sandbox, client: AsyncScenario, fault: Fault
) -> None:
    sandbox.faults = on_the_paid_request(fault, GENERATE)
    with pytest.raises(JobInDoubtError, match="not sent again"):
        await client.generate.run(BASE, "a fox", max_cost=None)
    assert paid(sandbox) == 0
    with pytest.raises(JobInDoubtError):
        await client.generate.run(BASE, "a fox", max_cost=None)
    assert paid(sandbox) == 0
    await client.generate.run(BASE, "a fox", max_cost=None, on_doubt="resend")
    assert paid(sandbox) == 1


async def test_a_job_that_could_not_be_searched_for_is_adopted_by_the_next_run(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    """The list of jobs fails during the whole search, so the generation is in doubt until the next run."""
    faults = Faults(
        Rule(Drop("after"), on=GENERATE, skip=1, times=1), Rule(ServerError(503, "before"), on="GET /jobs")
    )
    sandbox.faults = faults
    with pytest.raises(JobInDoubtError, match="could not be listed"):
        await client.generate.run(BASE, "a fox", max_cost=None, on_doubt="resend")
    assert paid(sandbox) == 1
    sandbox.faults = Faults()
    report = await client.generate.run(BASE, "a fox", max_cost=None)
    assert paid(sandbox) == 1
    assert report.resumed


async def test_a_lost_generation_is_found_although_the_clock_of_the_machine_is_ahead(
    sandbox: Sandbox, client: AsyncScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service created the job hours before the time at which the request seems to have been sent."""
    ahead = SimpleNamespace(time=lambda: time.time() + 3 * 3600, monotonic=time.monotonic)
    monkeypatch.setattr("scenario_async.work._internal.paying.time", ahead)
    sandbox.faults = Faults(Rule(Drop("after"), on=GENERATE, skip=1, times=1))
    report = await client.generate.run(BASE, "a fox", max_cost=None)
    assert paid(sandbox) == 1
    assert report.job.status == "success"


async def test_the_error_of_a_training_in_doubt_advises_no_argument_that_a_training_does_not_take(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model
) -> None:
    """Only a generation takes `on_doubt`."""
    lost = Rule(Drop("after"), on=TRAIN, skip=1, times=1)
    sandbox.faults = Faults(lost, Rule(ServerError(503, "before"), on="GET /models/{modelId}", skip=1))
    with pytest.raises(JobInDoubtError, match="The same call searches for it again") as caught:
        await client.models.train.run(trainable.id, max_cost=None)
    assert "on_doubt" not in str(caught.value)


async def test_without_a_seed_only_a_single_untracked_job_of_that_time_is_adopted(
    client: AsyncScenario, tmp_path: Path
) -> None:
    sender, ledger = client.sender, WorkLedger(tmp_path / "ledger.sqlite3", client.sender.target)
    entry = WorkEntry(work_id="1", kind="generate", model_id=BASE, body={"prompt": "a"}, began=time.time())
    entry = await ledger.write(entry, state="submitting")
    assert await find_generation(sender, ledger, entry) is None
    job = (await client.generate.run_model(BASE, body={"prompt": "a"})).job
    assert await find_generation(sender, ledger, entry) == job.job_id
    assert await find_generation(sender, ledger, attrs.evolve(entry, began=time.time() - 600)) is None
    rival = await ledger.write(attrs.evolve(entry, work_id="2"))
    assert await find_generation(sender, ledger, entry) is None
    rival = await ledger.write(rival, state="submitted", job_id="job_of_the_rival")
    assert await find_generation(sender, ledger, entry) == job.job_id
    await client.generate.run_model(BASE, body={"prompt": "a"})
    assert await find_generation(sender, ledger, entry) is None
    await ledger.write(rival, job_id=job.job_id)
    assert await find_generation(sender, ledger, entry) not in {None, job.job_id}


async def test_a_price_over_the_budget_is_not_paid(sandbox: Sandbox, client: AsyncScenario) -> None:
    price = await client.generate.estimate(BASE, "a fox", count=2)
    assert price is not None
    with pytest.raises(BudgetError, match="nothing was paid") as raised:
        await client.generate.run(BASE, "a fox", count=2, max_cost=price.units - Decimal("0.25"))
    assert raised.value.price == price
    assert paid(sandbox) == 0
    await client.generate.run(BASE, "a fox", count=2, max_cost=price.units)
    assert paid(sandbox) == 1


async def test_an_outdated_quote_is_requested_again(
    sandbox: Sandbox, client: AsyncScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "TIMING", attrs.evolve(timing.TIMING, quote_seconds=0.0))
    await client.generate.run(BASE, "a fox", max_cost=None)
    assert sandbox.requests[GENERATE] == 3  # two quotes and the request


@pytest.mark.usefixtures("no_state_folder")
async def test_without_a_place_for_the_default_ledger_nothing_is_paid(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model, folder_of: Callable[[int], Path]
) -> None:
    """A payment has to be recorded; the message says where else."""
    before = sandbox.requests.changes.total()
    train = client.models.train
    calls: list[Callable[[], Awaitable[Any]]] = [
        partial(client.generate.run, BASE, "a fox", max_cost=None),
        partial(train.run, trainable.id, max_cost=None),
        partial(train.from_folder, folder_of(5), name="fox", type="flux.1-lora", max_cost=None),
    ]
    advice = r"^ledger: payments are recorded .*: pass `ledger=`, the path of a file, or False for none"
    for call in calls:
        with pytest.raises(InvalidArgumentError, match=advice):
            await call()
    assert sandbox.requests.changes.total() == before
    assert not sandbox.state.jobs
    await client.generate.run(BASE, "a fox", max_cost=None, ledger=False)
    assert paid(sandbox) == 1


@pytest.mark.skipif(os.name == "nt", reason="folders have no such permission there")
async def test_a_ledger_in_a_folder_that_cannot_be_written_is_refused(
    client: AsyncScenario, tmp_path: Path
) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    if os.access(folder, os.W_OK):
        pytest.skip("this user can write to every folder")
    with pytest.raises(InvalidArgumentError, match=r"^ledger: a ledger or the path of a new file is needed"):
        await client.generate.run(BASE, "a fox", max_cost=None, ledger=folder / "ledger.sqlite3")


@pytest.mark.parametrize("cost", [-1, "much", float("nan"), True, [5]])
async def test_a_wrong_budget_is_refused(sandbox: Sandbox, client: AsyncScenario, cost: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="max_cost: "):
        await client.generate.run(BASE, "a fox", max_cost=cost)
    assert len(sandbox.requests) == 0


async def test_a_refusal_raises_and_nothing_is_paid(sandbox: Sandbox, client: AsyncScenario) -> None:
    sandbox.faults = on_the_paid_request(HTMLPage(403, "before"), GENERATE)
    with pytest.raises(APIStatusError, match="403"):
        await client.generate.run(BASE, "a fox", max_cost=None)
    assert sandbox.requests["GET /jobs"] == 0
    [entry] = await WorkLedger(default_ledger(), client.sender.target).all()
    assert entry.state == "rejected"


async def test_throttled_requests_are_retried_after_the_wait(sandbox: Sandbox, client: AsyncScenario) -> None:
    sandbox.faults = on_the_paid_request(Throttled(retry_after=0), GENERATE, times=3)
    await client.generate.run(BASE, "a fox", max_cost=None)
    assert paid(sandbox) == 1


async def test_a_call_that_is_cancelled_while_it_waits_for_a_free_place_is_not_in_doubt(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    """The service refused the request, so the same call starts anew and pays once."""
    sandbox.parallel_generations, sandbox.job_duration = 1, 60.0
    await client.generate.run_model(BASE, body={"prompt": "a long one"})
    call = asyncio.create_task(client.generate.run(BASE, "a fox", max_cost=None))
    while sandbox.requests[GENERATE] < 5:  # noqa: ASYNC110 - it is refused a few times
        await asyncio.sleep(0.005)
    call.cancel()
    await asyncio.wait([call])
    sandbox.parallel_generations, sandbox.job_duration = None, 0.05
    report = await client.generate.run(BASE, "a fox", max_cost=None)
    assert not report.resumed
    assert paid(sandbox) == 2


async def test_a_price_that_rises_during_the_wait_leaves_nothing_in_doubt(
    sandbox: Sandbox, client: AsyncScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The price is requested again for the second attempt, and is over the budget then."""
    monkeypatch.setattr(timing, "TIMING", attrs.evolve(timing.TIMING, quote_seconds=0.0))
    price = await client.generate.estimate(BASE, "a fox")
    assert price is not None
    dearer = Changed(set_at("creativeUnitsCost", value=1e6))
    refused = Rule(Throttled(retry_after=0), on=GENERATE, skip=2, times=1)
    sandbox.faults = Faults(refused, Rule(dearer, on=GENERATE, skip=2))
    with pytest.raises(BudgetError):
        await client.generate.run(BASE, "a fox", max_cost=price.units)
    sandbox.faults = Faults()
    assert not (await client.generate.run(BASE, "a fox", max_cost=price.units)).resumed
    assert paid(sandbox) == 1


async def test_a_wait_of_a_day_is_not_accepted(sandbox: Sandbox, client: AsyncScenario) -> None:
    sandbox.faults = on_the_paid_request(Throttled(retry_after=86_400), GENERATE)
    with pytest.raises(RateLimitError):
        await asyncio.wait_for(client.generate.run(BASE, "a fox", max_cost=None), 10)


async def test_with_a_key_a_generation_is_paid_once_and_without_a_key_each_time(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    first = await client.generate.run(BASE, "a fox", max_cost=None, key="cover")
    again = await client.generate.run(BASE, "a fox", max_cost=None, key="cover")
    assert again.resumed
    assert again.job.job_id == first.job.job_id
    assert paid(sandbox) == 1
    await client.generate.run(BASE, "a fox", max_cost=None)
    await client.generate.run(BASE, "a fox", max_cost=None)
    assert paid(sandbox) == 3


async def test_an_abandoned_run_is_resumed(sandbox: Sandbox, client: AsyncScenario, tmp_path: Path) -> None:
    sandbox.job_duration = 0.5
    with pytest.raises(WaitTimeoutError):
        await client.generate.run(BASE, "a fox", max_cost=None, to=tmp_path / "out", deadline=0.1)
    report = await client.generate.run(BASE, "a fox", max_cost=None, to=tmp_path / "out")
    assert report.resumed
    assert len(report.paths) == 1
    assert paid(sandbox) == 1


async def test_pictures_that_could_not_be_saved_are_saved_by_the_next_run(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    saving = "GET /storage/assets/{assetId}"
    sandbox.faults = Faults(Rule(Drop("before"), on=saving, times=3))
    with pytest.raises(Exception, match="assets saved"):
        await client.generate.run(BASE, "a fox", max_cost=None, to=tmp_path / "out")
    sandbox.faults = Faults()
    report = await client.generate.run(BASE, "a fox", max_cost=None, to=tmp_path / "out")
    assert len(report.paths) == 1
    assert paid(sandbox) == 1


async def test_a_cancelled_run_is_in_doubt_until_the_next_run_finds_the_job(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    from scenario_async.sandbox.faults import Hang

    sandbox.faults = on_the_paid_request(Hang("after"), GENERATE)
    running = asyncio.create_task(client.generate.run(BASE, "a fox", max_cost=None))
    while not sandbox.faults.count():  # noqa: ASYNC110 - the sandbox has only counts
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    report = await client.generate.run(BASE, "a fox", max_cost=None)
    assert report.resumed
    assert paid(sandbox) == 1


@pytest.mark.parametrize("fault", [*LOST, *NOT_CARRIED_OUT], ids=str)
async def test_a_training_is_paid_once(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model, fault: Fault
) -> None:
    """The model itself shows whether the training began, and refuses a second training."""
    sandbox.faults = on_the_paid_request(fault, TRAIN)
    report = await client.models.train.run(trainable.id, max_cost=None)
    assert report.model.status == "trained"
    assert sandbox.faults.count() == 1
    assert paid(sandbox, "training") == 1
    again = await client.models.train.run(trainable.id, max_cost=None)
    assert again.resumed
    assert paid(sandbox, "training") == 1


async def test_a_training_over_the_budget_is_not_paid(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model
) -> None:
    price = await client.models.train.estimate(trainable.id)
    assert price is not None
    with pytest.raises(BudgetError):
        await client.models.train.run(trainable.id, max_cost=price.units - 1)
    assert paid(sandbox, "training") == 0


async def test_a_training_that_another_client_started_is_not_paid_again(
    sandbox: Sandbox, client: AsyncScenario, trainable: Model
) -> None:
    sandbox.training_duration = 60
    await client.models.train.trigger(trainable.id)
    with pytest.raises(InvalidArgumentError, match="in training already"):
        await client.models.train.run(trainable.id, max_cost=None)
    assert paid(sandbox, "training") == 1
