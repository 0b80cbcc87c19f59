"""From a folder of pictures to a trained model; the call can be resumed at any point."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scenario_async import AsyncScenario
from scenario_async.errors import (
    APIConnectionError,
    BudgetError,
    DatasetError,
    InvalidArgumentError,
    ScenarioError,
)
from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Drop, ServerError
from scenario_async.work._internal.from_folder import (
    FolderOptions,
    TrainingOptions,
    prepare_model,
    train_prepared,
)
from scenario_async.work._internal.ledger import WorkLedger
from scenario_async.work._internal.progress import Reporter, WorkProgress

from .changed import Changed, set_at


@pytest.fixture
def folder(captioned_folder: Callable[[str], Path]) -> Path:
    """Five pictures with captions that have a placeholder for the trigger."""
    return captioned_folder("[trigger] with {} swords")


@pytest.fixture(autouse=True)
async def _fast(sandbox: Sandbox) -> None:
    sandbox.training_duration = 0.1
    sandbox.job_duration = 0.05


def trainings(sandbox: Sandbox) -> int:
    """The number of paid trainings."""
    return sum("training" in job.type for job in sandbox.state.jobs.values())


async def trained(client: AsyncScenario, folder: Path, **options: Any) -> Any:
    """Train on the folder."""
    given: dict[str, Any] = {"max_cost": None, "trigger": "KNGHT", **options}
    return await client.models.train.from_folder(folder, name="knights", type="flux.1-lora", **given)


async def test_one_call_checks_uploads_captions_pays_and_trains(
    sandbox: Sandbox, client: AsyncScenario, folder: Path
) -> None:
    seen: list[WorkProgress] = []
    report = await trained(client, folder, on_progress=seen.append)
    assert report.model.status == "trained"
    assert report.price is not None
    assert report.upload is not None
    assert len(report.upload.attached) == 5
    [model] = [one for one in sandbox.state.models.values() if one.name == "knights"]
    captions = sorted(image.asset.description or "" for image in model.training_images.values())
    assert captions == [f"KNGHT with {number} swords" for number in range(5)]
    stages = list(dict.fromkeys(one.stage for one in seen))
    assert stages[:4] == ["checking", "uploading", "captioning", "scoring"]
    assert stages[-1] == "done"
    assert trainings(sandbox) == 1


async def test_the_same_call_again_pays_nothing(
    sandbox: Sandbox, client: AsyncScenario, folder: Path
) -> None:
    first = await trained(client, folder)
    again = await trained(client, folder)
    assert again.resumed
    assert again.model_id == first.model_id
    assert trainings(sandbox) == 1
    other = await trained(client, folder, key="second")
    assert other.model_id != first.model_id
    assert trainings(sandbox) == 2


@pytest.mark.parametrize(
    "route",
    [
        "POST /models",
        "POST /assets",
        "POST /models/{modelId}/training-images",
        "PUT /assets/{assetId}",
        "PUT /models/{modelId}/train",
        "GET /models/{modelId}",
    ],
)
async def test_the_call_resumes_after_an_interruption(
    sandbox: Sandbox, client: AsyncScenario, folder: Path, route: str
) -> None:
    sandbox.faults = Faults(Rule([Drop("after"), ServerError(500, "before")], on=route, times=4))
    for _ in range(6):
        try:
            report = await trained(client, folder)
        except ScenarioError:
            continue
        break
    else:
        pytest.fail("it did not succeed in six calls")
    assert report.model.status == "trained"
    assert trainings(sandbox) == 1
    models = [one for one in sandbox.state.models.values() if one.training_images]
    assert len(models) == 1
    assert len(models[0].training_images) == 5


async def test_a_data_set_with_errors_is_refused_before_anything_is_sent(
    sandbox: Sandbox, client: AsyncScenario, folder: Path
) -> None:
    (folder / "6.png").write_bytes((folder / "0.png").read_bytes()[:500])
    with pytest.raises(DatasetError) as raised:
        await trained(client, folder)
    assert not raised.value.report.ok
    assert len(sandbox.requests) == 0


async def test_over_the_budget_nothing_is_paid_and_a_call_with_a_larger_budget_continues(
    sandbox: Sandbox, client: AsyncScenario, folder: Path
) -> None:
    with pytest.raises(BudgetError):
        await trained(client, folder, max_cost=1)
    assert trainings(sandbox) == 0
    uploads = sandbox.requests["POST /assets"]
    report = await trained(client, folder, max_cost=100_000)
    assert report.model.status == "trained"
    assert sandbox.requests["POST /assets"] == uploads


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": "x" * 65}, {"type": ""}, {"checks": "maybe"}])
async def test_wrong_arguments_are_refused(
    sandbox: Sandbox, client: AsyncScenario, folder: Path, wrong: dict[str, Any]
) -> None:
    given: dict[str, Any] = {"name": "knights", "type": "flux.1-lora", **wrong}
    with pytest.raises(InvalidArgumentError, match=f"{next(iter(wrong))}: "):
        await client.models.train.from_folder(folder, max_cost=None, **given)
    assert len(sandbox.requests) == 0


async def test_a_call_with_another_key_does_not_take_over_the_model_of_the_first(
    sandbox: Sandbox, client: AsyncScenario, folder: Path
) -> None:
    """Its own request for a model is lost, and the model of the first call has the same name and type."""
    first = await trained(client, folder, key="first")
    sandbox.faults = Faults(Rule(Drop("before"), on="POST /models", times=1))
    with pytest.raises(APIConnectionError):
        await trained(client, folder, key="second")
    second = await trained(client, folder, key="second")
    assert second.model_id != first.model_id
    assert second.upload.succeeded
    assert trainings(sandbox) == 2


async def test_a_call_that_finds_a_trained_model_warns_that_changes_are_not_used(
    client: AsyncScenario, folder: Path
) -> None:
    first = await trained(client, folder)
    assert not any("earlier call" in one for one in first.warnings)
    again = await trained(client, folder, parameters={"nbEpochs": 20})
    assert again.model_id == first.model_id
    assert "choose another name or key" in again.warnings[-1]


async def test_a_call_with_other_parameters_waits_for_the_training_that_runs(
    sandbox: Sandbox, client: AsyncScenario, folder: Path
) -> None:
    """The name, the type and the key identify the training."""
    sandbox.training_duration = 0.5
    first = asyncio.create_task(trained(client, folder))
    while not trainings(sandbox):  # noqa: ASYNC110 - the sandbox has only counts
        await asyncio.sleep(0.01)
    second = await trained(client, folder, parameters={"nbEpochs": 20})
    assert second.resumed
    assert second.model.status == "trained"
    assert second.model_id == (await first).model_id
    assert trainings(sandbox) == 1


async def test_a_model_that_another_call_trains_meanwhile_is_not_trained_again(
    sandbox: Sandbox, client: AsyncScenario, folder: Path
) -> None:
    """A command may wait for a confirmation between the upload and the payment."""
    options = FolderOptions(name="knights", type="flux.1-lora", trigger="KNGHT")
    ledger = WorkLedger.of(True, client.sender.target)
    prepared = await prepare_model(client.sender, folder, options, ledger, Reporter(None))
    first = await trained(client, folder, parameters={"nbEpochs": 20})
    training = TrainingOptions(parameters=None, max_cost=None, deadline=None)
    second = await train_prepared(client.sender, prepared, training, ledger, Reporter(None))
    assert second.resumed
    assert (second.model_id, second.job_id) == (first.model_id, first.job_id)
    assert trainings(sandbox) == 1


@pytest.mark.parametrize("status", ["created", "copying", "preparing", None, 5])
async def test_pictures_are_uploaded_before_a_payment_whatever_the_status_of_the_model(
    sandbox: Sandbox, client: AsyncScenario, folder: Path, status: Any
) -> None:
    """Only a model that is in training, or trained, has been paid."""
    odd = Changed(set_at("model", "status", value=status))
    sandbox.faults = Faults(Rule(odd, on="POST /models"), Rule(odd, on="GET /models/{modelId}", times=2))
    report = await trained(client, folder)
    assert report.upload is not None
    assert len(report.upload.attached) == 5
    assert trainings(sandbox) == 1
