"""The training of models."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from .wire import Wire, running


async def trainable(wire: Wire, **fields: Any) -> str:
    """A model with five training images; its id."""
    model_id = await wire.model(**fields)
    await wire.attach(model_id, *[await wire.asset() for _ in range(5)])
    return model_id


async def model(wire: Wire, model_id: str) -> Any:
    """How a model stands."""
    return (await wire.ask("GET", f"/models/{model_id}")).body["model"]


async def test_training_goes_on_by_the_clock() -> None:
    """A model goes from new through its training to trained, as the clock is put forward."""
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
        assert "trainingProgress" not in trained
        assert (await wire.ask("PUT", f"/models/{model_id}/train")).status == 400


async def test_dry_run_is_a_matter_of_the_query(wire: Wire) -> None:
    """A dry run in the query tells the price and trains nothing; one in the body is ignored, and trains."""
    model_id = await trainable(wire)
    dry = await wire.ask("PUT", f"/models/{model_id}/train?dryRun=true", {})
    more = await wire.ask("PUT", f"/models/{model_id}/train?dryRun=true&trainingImagesCount=9", {})
    assert (dry.status, more.status) == (269, 269)
    assert 0 < dry.body["creativeUnitsCost"] < more.body["creativeUnitsCost"]
    assert (await model(wire, model_id))["status"] == "new"
    assert wire.sandbox.requests.changes["PUT /models/{modelId}/train"] == 0
    answer = await wire.ask("PUT", f"/models/{model_id}/train", {"dryRun": True})
    assert (answer.status, answer.body["creativeUnitsCost"]) == (200, dry.body["creativeUnitsCost"])
    assert (await model(wire, model_id))["status"] == "training"


async def test_refused_training_sets(wire: Wire) -> None:
    """An empty set is refused, and an edit model with fewer than two pairs."""
    assert (await wire.ask("PUT", f"/models/{await wire.model()}/train", {})).status == 400
    edit = await trainable(wire, type="qwen-image-edit-2511-lora")
    ids = await wire.training_set(edit)
    for pairs, status in ((1, 400), (2, 200)):
        body = [{"sourceId": ids[0], "targetId": target} for target in ids[1 : 1 + pairs]]
        assert (await wire.ask("PUT", f"/models/{edit}/training-images/pairs", body)).status == 200
        assert (await wire.ask("PUT", f"/models/{edit}/train", {})).status == status
    assert len(wire.sandbox.state.jobs) == 1


async def test_cancel_training(wire: Wire) -> None:
    """A training that is canceled never ends, and the model can be trained again."""
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
    """A LoRA generates nothing, and can't be downloaded, before it is trained."""
    async with running(training_duration=0, job_duration=0) as wire:
        model_id = await trainable(wire)
        paths = (f"/generate/custom/{model_id}", f"/models/{model_id}/download")
        assert [(await wire.ask("POST", path, {})).status for path in paths] == [400, 400]
        await wire.ask("PUT", f"/models/{model_id}/train", {})
        assert [(await wire.ask("POST", path, {})).status for path in paths] == [200, 200]
        (download,) = (await wire.ask("GET", "/jobs?type=model-download")).body["jobs"]
        status = (await wire.ask("GET", f"/assets/download/{download['jobId']}")).body
        archive = await wire.fetch("GET", status["downloadUrl"])
        names = zipfile.ZipFile(io.BytesIO(archive.content)).namelist()
        assert names == [f"{model_id}.safetensors", "model.json"]
