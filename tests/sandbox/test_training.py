"""The training of models."""

from __future__ import annotations

import asyncio
import io
import zipfile
from typing import Any

import pytest

from scenario_async.sandbox import Rule
from scenario_async.sandbox.faults import JobFails

from .wire import Wire, running


async def trainable(wire: Wire, **fields: Any) -> str:
    """A model with five training images; return its id."""
    model_id = await wire.model(**fields)
    await wire.attach(model_id, *[await wire.asset() for _ in range(5)])
    return model_id


async def model(wire: Wire, model_id: str) -> Any:
    """Get a model."""
    return (await wire.ask("GET", f"/models/{model_id}")).body["model"]


async def test_a_training_follows_the_clock() -> None:
    """A model goes from new to trained as the clock advances."""
    async with running(training_duration=1000) as wire:
        model_id = await trainable(wire)
        assert (await model(wire, model_id))["status"] == "new"
        answer = await wire.ask("PUT", f"/models/{model_id}/train", {"parameters": {"nbEpochs": 3}})
        assert (answer.status, answer.body["model"]["status"]) == (200, "training")
        assert answer.body["job"]["jobId"] == answer.body["model"]["jobId"]
        stages: list[str] = []
        for seconds in (10, 250, 250):
            wire.sandbox.advance_clock(seconds)
            progress = (await model(wire, model_id))["trainingProgress"]
            stages.append(progress["stage"])
        assert stages == ["queued-for-train", "starting-train", "running-train"]
        assert progress["progress"] == pytest.approx(0.02, abs=0.01)
        wire.sandbox.advance_clock(500)
        trained = await model(wire, model_id)
        assert (trained["status"], trained["parameters"]) == ("trained", {"nbEpochs": 3})
        assert [epoch["epoch"] for epoch in trained["epochs"]] == ["1", "2", "3"]
        assert "trainingProgress" not in trained
        assert (await wire.ask("PUT", f"/models/{model_id}/train")).status == 400


async def test_dry_run_is_read_only_from_the_query(wire: Wire) -> None:
    """In the query it returns the price and trains nothing; in the body it is ignored."""
    model_id = await trainable(wire)
    dry = await wire.ask("PUT", f"/models/{model_id}/train?dryRun=true", {})
    assert (dry.status, dry.body) == (
        269,
        {"creativeUnitsCost": 300, "creativeUnitsDiscount": 0, "costDetails": {"train-model": 300}},
    )
    assert (await model(wire, model_id))["status"] == "new"
    assert wire.sandbox.requests.changes["PUT /models/{modelId}/train"] == 0
    answer = await wire.ask("PUT", f"/models/{model_id}/train", {"dryRun": True})
    assert (answer.status, answer.body["creativeUnitsCost"]) == (200, dry.body["creativeUnitsCost"])
    assert (await model(wire, model_id))["status"] == "training"


async def test_refused_training_sets(wire: Wire) -> None:
    """An empty set is refused, and so is an edit model with fewer than two pairs."""
    assert (await wire.ask("PUT", f"/models/{await wire.model()}/train", {})).status == 400
    edit = await trainable(wire, type="qwen-image-edit-2511-lora")
    ids = await wire.training_set(edit)
    for pairs, status in ((1, 400), (2, 200)):
        body = [{"sourceId": ids[0], "targetId": target} for target in ids[1 : 1 + pairs]]
        assert (await wire.ask("PUT", f"/models/{edit}/training-images/pairs", body)).status == 200
        assert (await wire.ask("PUT", f"/models/{edit}/train", {})).status == status
    assert len(wire.sandbox.state.jobs) == 1


async def test_cancel_training(wire: Wire) -> None:
    """A canceled training never ends, and the model can be trained again."""
    model_id = await trainable(wire)
    action = f"/models/{model_id}/train/action"
    assert (await wire.ask("POST", action, {"action": "cancel"})).status == 400
    await wire.ask("PUT", f"/models/{model_id}/train", {})
    answer = await wire.ask("POST", action, {"action": "cancel"})
    assert (answer.status, answer.body["model"]["status"]) == (200, "training-canceled")
    wire.sandbox.advance_clock(60)
    assert (await model(wire, model_id))["status"] == "training-canceled"
    assert (await wire.ask("PUT", f"/models/{model_id}/train", {})).status == 200


async def test_only_a_trained_model_works() -> None:
    """A LoRA cannot generate or be downloaded before it is trained."""
    async with running(training_duration=0, job_duration=0) as wire:
        model_id = await trainable(wire)
        use = "/generate/custom/model_bfl-flux-1-dev", {"prompt": "a fox", "loras": [model_id]}
        uses: tuple[tuple[str, Any], ...] = (use, (f"/models/{model_id}/download", {}))
        assert [(await wire.ask("POST", path, body)).status for path, body in uses] == [400, 400]
        await wire.ask("PUT", f"/models/{model_id}/train", {})
        assert [(await wire.ask("POST", path, body)).status for path, body in uses] == [200, 200]
        (download,) = (await wire.ask("GET", "/jobs?type=model-download")).body["jobs"]
        status = (await wire.ask("GET", f"/assets/download/{download['jobId']}")).body
        archive = await wire.fetch("GET", status["downloadUrl"])
        names = zipfile.ZipFile(io.BytesIO(archive.content)).namelist()
        assert names == [f"{model_id}.safetensors", "model.json"]


async def test_the_price_of_a_training(wire: Wire) -> None:
    """The price grows with pictures, epochs and repeats; `trainingImagesCount` is used for empty models."""

    async def quote(model_id: str, query: str = "", **parameters: int) -> Any:
        path = f"/models/{model_id}/train?dryRun=true{query}"
        return (await wire.ask("PUT", path, {"parameters": parameters})).body.get("creativeUnitsCost")

    model_id, empty = await trainable(wire), await wire.model()
    assert await quote(model_id, nbEpochs=3, nbRepeats=7) == 31.5
    assert await quote(model_id, "&trainingImagesCount=9") == await quote(model_id) == 300
    assert await quote(empty, "&trainingImagesCount=18") == 1080
    assert await quote(empty) is None
    assert wire.sandbox.paid == ()


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("", {"nbEpochs": 0}),
        ("", {"nbEpochs": 101}),
        ("", {"nbRepeats": 10**18}),
        ("", {"learningRate": 1}),
        ("", {"rank": 128}),
        ("", {"batchSize": "2"}),
        ("", {"samplePrompts": ["a"] * 5}),
        ("", {"samplePrompts": ["a"], "sampleSourceImages": ["asset_x"]}),
        ("", {"wandbKey": "k" * 41}),
        ("?dryRun=api&trainingImagesCount=248014825054243553280", {}),
        ("?dryRun=true&trainingImagesCount=-1", {}),
    ],
)
async def test_parameters_are_refused(wire: Wire, query: str, parameters: dict[str, Any]) -> None:
    """A parameter outside its documented limits is refused, and nothing is charged."""
    model_id = await trainable(wire)
    answer = await wire.ask("PUT", f"/models/{model_id}/train{query}", {"parameters": parameters})
    assert (answer.status, answer.body["name"]) == (400, "BadRequestError")
    assert wire.sandbox.paid == ()


async def test_a_second_launch_is_refused_and_charged_nothing(wire: Wire) -> None:
    """A second training is refused with the service's message, and the model accepts no images meanwhile."""
    model_id, more = await trainable(wire), await wire.asset()
    await wire.ask("PUT", f"/models/{model_id}/train", {})
    again = await wire.ask("PUT", f"/models/{model_id}/train", {})
    assert (again.status, again.body["reason"]) == (400, "Model is already training")
    assert (len(wire.sandbox.paid), wire.sandbox.spent) == (1, 300)
    images = f"/models/{model_id}/training-images"
    assert (await wire.ask("POST", images, {"assetId": more})).status == 400
    wire.sandbox.advance_clock(100)
    assert (await wire.ask("POST", images, {"assetId": more})).status == 200


async def test_queue_limit_and_cooldown() -> None:
    """Trainings have a queue position and their own limit, and a model needs a pause between launches."""
    settings = {"training_duration": 1000, "parallel_trainings": 2, "training_cooldown": 5000}
    async with running(**settings) as wire:
        first, second, third = [await trainable(wire) for _ in range(3)]
        for model_id in (first, second):
            assert (await wire.ask("PUT", f"/models/{model_id}/train", {})).status == 200
        assert [(await model(wire, one))["trainingProgress"]["position"] for one in (first, second)] == [1, 2]
        refused = await wire.ask("PUT", f"/models/{third}/train", {})
        assert (refused.status, refused.body["details"]["actionName"]) == (429, "parallel-training")
        await wire.ask("POST", f"/models/{first}/train/action", {"action": "cancel"})
        cooling = await wire.ask("PUT", f"/models/{first}/train", {})
        assert (cooling.status, cooling.body["details"]) == (429, {"remainingSeconds": 5000})
        wire.sandbox.advance_clock(5001)
        assert (await wire.ask("PUT", f"/models/{first}/train", {})).status == 200


async def test_a_failed_training_is_refunded(wire: Wire) -> None:
    """The model has the status failed and no price, and can be trained again."""
    wire.sandbox.faults.add(Rule(JobFails("out of memory"), on="PUT /models/*", times=1))
    model_id = await trainable(wire)
    job_id = (await wire.ask("PUT", f"/models/{model_id}/train", {})).body["job"]["jobId"]
    wire.sandbox.advance_clock(100)
    assert (await model(wire, model_id))["status"] == "failed"
    job = (await wire.ask("GET", f"/jobs/{job_id}")).body["job"]
    assert (job["status"], job["metadata"]["error"]) == ("failure", "out of memory")
    assert wire.sandbox.spent == 0
    assert (await wire.ask("PUT", f"/models/{model_id}/train", {})).status == 200


async def test_epochs_have_sample_pictures(wire: Wire) -> None:
    """A trained FLUX LoRA has a state for each epoch, with a picture for each sample prompt."""
    model_id = await trainable(wire)
    parameters = {"nbEpochs": 2, "samplePrompts": ["a fox", "an owl"]}
    await wire.ask("PUT", f"/models/{model_id}/train", {"parameters": parameters})
    wire.sandbox.advance_clock(100)
    epochs = (await model(wire, model_id))["epochs"]
    assert [(epoch["epoch"], len(epoch["assets"])) for epoch in epochs] == [("1", 2), ("2", 2)]
    content = (await wire.fetch("GET", epochs[0]["assets"][0]["url"])).content
    assert content.startswith(b"\x89PNG")


async def test_a_fast_clock() -> None:
    """With `speed`, an hour of training takes a moment."""
    async with running(training_duration=3600, speed=100_000) as wire:
        model_id = await trainable(wire)
        await wire.ask("PUT", f"/models/{model_id}/train", {})
        await asyncio.sleep(0.1)
        assert (await model(wire, model_id))["status"] == "trained"
