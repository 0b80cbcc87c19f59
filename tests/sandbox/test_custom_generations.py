"""Generation with a base model and trained LoRAs: inputs, prices, limits, failures and refunds."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from scenario_async.sandbox import Rule
from scenario_async.sandbox.faults import Drop, JobFails

from .wire import Wire, running

FLUX = "model_bfl-flux-1-dev"
RUN = f"/generate/custom/{FLUX}"


async def trained(wire: Wire, type_: str = "flux.1-lora") -> str:
    """Train a LoRA; return its id."""
    model_id = await wire.model(type=type_)
    await wire.attach(model_id, *[await wire.asset() for _ in range(5)])
    assert (await wire.ask("PUT", f"/models/{model_id}/train", {})).status == 200
    wire.sandbox.advance_clock(1000)
    return model_id


async def test_a_lora_runs_in_its_base_model_and_not_alone() -> None:
    """A LoRA is refused as the target with the service's message, and runs in `loras` of its base model."""
    async with running(job_duration=0) as wire:
        lora = await trained(wire)
        refused = await wire.ask("POST", f"/generate/custom/{lora}?dryRun=true", {"prompt": "a fox"})
        assert (refused.status, refused.body["reason"]) == (
            400,
            "Custom models only are supported for this endpoint",
        )
        body = {"prompt": "a fox", "loras": [lora], "lorasScale": [0.8], "seed": 7, "numOutputs": 2}
        answer = (await wire.ask("POST", RUN, body)).body
        assert answer["job"]["metadata"]["input"] == {"modelId": FLUX, **body}
        for asset_id in answer["job"]["metadata"]["assetIds"]:
            asset = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]
            with Image.open(io.BytesIO((await wire.fetch("GET", asset["url"])).content)) as image:
                image.load()
                assert (image.size, image.format) == ((1024, 1024), "PNG")


async def test_the_picture_follows_from_prompt_and_seed() -> None:
    """The same prompt and seed draw the same picture; another seed draws another."""
    async with running(job_duration=0) as wire:

        async def drawn(seed: int) -> str:
            body = {"prompt": "a fox", "seed": seed, "width": 128, "height": 128}
            job = (await wire.ask("POST", RUN, body)).body["job"]
            return wire.sandbox.state.assets[job["metadata"]["assetIds"][0]].picture.stored.sha256

        assert await drawn(1) == await drawn(1) != await drawn(2)


async def test_only_the_response_of_a_single_model_has_inputs(wire: Wire) -> None:
    """`GET /models/{id}` of a base model has inputs; lists and trained models have none."""
    base = (await wire.ask("GET", f"/models/{FLUX}")).body["model"]
    inputs = {one["name"]: one for one in base["inputs"]}
    assert (inputs["width"]["min"], inputs["width"]["max"], inputs["width"]["step"]) == (128, 2048, 16)
    assert base["uiConfig"]["lorasComponent"]["modelInput"] == "loras"
    own, lora = await wire.model(type="custom"), await trained(wire)
    rows = {row["id"]: row for row in (await wire.ask("GET", "/models")).body["models"]}
    assert rows.keys() == {own, lora}
    for model in (*rows.values(), (await wire.ask("GET", f"/models/{lora}")).body["model"]):
        assert not {"inputs", "uiConfig"} & model.keys()
    assert (await wire.ask("PUT", f"/models/{FLUX}", {"name": "mine"})).status == 403


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "prompt"),
        ({"prompt": "a" * 2049}, 400, "prompt"),
        ({"prompt": 7}, 400, "prompt"),
        ({"prompt": ["a fox"]}, 400, "prompt"),
        ({"prompt": "a", "width": 64}, 400, "width"),
        ({"prompt": "a", "width": 4096}, 400, "width"),
        ({"prompt": "a", "width": 130}, 400, "width"),
        ({"prompt": "a", "numOutputs": 5}, 400, "numOutputs"),
        ({"prompt": "a", "numOutputs": "2"}, 400, "numOutputs"),
        ({"prompt": "a", "numOutputs": True}, 400, "numOutputs"),
        ({"prompt": "a", "outputFormat": "bmp"}, 400, "outputFormat"),
        ({"prompt": "a", "lorasScale": [2.5]}, 400, "lorasScale"),
        ({"prompt": "a", "loras": ["model_x"] * 7}, 400, "loras"),
        ({"prompt": "a", "loras": ["model_x"]}, 404, None),
        ({"prompt": "a", "modelId": "model_x"}, 404, None),
        ({"prompt": "a", "seed": 10**18}, 400, "seed"),
        ({"prompt": "a", "seed": None}, 400, "seed"),
    ],
)
async def test_inputs_are_refused(wire: Wire, body: dict[str, Any], status: int, field: str | None) -> None:
    """An unknown input is refused by name, and nothing is charged."""
    answer = await wire.ask("POST", RUN, body)
    assert answer.status == status
    assert field is None or answer.body["details"] == {"field": field}
    assert wire.sandbox.paid == ()


async def test_lenient_inputs(wire: Wire) -> None:
    """A scalar for an array is ignored and charged; missing or negative scales are accepted."""
    lora = await trained(wire)
    for odd in (
        {"loras": lora},
        {"loras": [lora]},
        {"loras": [lora, lora], "lorasScale": [1]},
        {"loras": [lora], "lorasScale": [-1]},
        {"modelId": lora},
    ):
        assert (await wire.ask("POST", RUN, {"prompt": "a", **odd})).status == 200
    other = await trained(wire, "zimage-lora")
    assert (await wire.ask("POST", RUN, {"prompt": "a", "loras": [other]})).status == 400


async def test_prices_have_fractions_and_parts(wire: Wire) -> None:
    """A dry run responds with 269 and the price in parts, by number and size, and charges nothing."""

    async def quote(query: str = "", **inputs: Any) -> Any:
        answer = await wire.ask("POST", f"{RUN}?dryRun=true{query}", {"prompt": "a", **inputs})
        assert answer.status == 269
        return answer.body

    assert await quote() == {
        "creativeUnitsCost": 10.75,
        "creativeUnitsDiscount": 0,
        "costDetails": {"custom-generation": 9, "quality-gate": 1.75},
    }
    assert (await quote(numOutputs=4))["creativeUnitsCost"] == 43
    assert (await quote(width=2048, height=1024))["costDetails"]["custom-generation"] == 18
    assert (await quote("&ipDetection=true"))["creativeUnitsCost"] == 11.75
    assert wire.sandbox.paid == ()
    job = (await wire.ask("POST", RUN, {"prompt": "a"})).body["job"]
    assert job["billing"]["cuCost"] == wire.sandbox.spent == 10.75


async def test_a_listed_job_has_the_id_of_its_prompt(wire: Wire) -> None:
    """A listed job has the id of a text instead of its prompt, and the seed as given.

    The text has the prompt.
    """
    job = (await wire.ask("POST", RUN, {"prompt": "a fox", "seed": 9})).body["job"]
    assert job["metadata"]["input"]["prompt"] == "a fox"
    (listed,) = (await wire.ask("GET", "/jobs")).body["jobs"]
    assert (listed["jobId"], listed["metadata"]["input"]["seed"]) == (job["jobId"], 9)
    text = (await wire.ask("GET", f"/assets/{listed['metadata']['input']['prompt']}")).body["asset"]
    assert (text["kind"], text["properties"]["preview"]) == ("text", "a fox")
    assert (await wire.ask("GET", "/assets")).body["assets"] == []


@pytest.mark.parametrize(("refunded", "spent"), [(True, 0), (False, 10.75)])
async def test_failed_jobs_are_refunded(wire: Wire, refunded: bool, spent: float) -> None:
    """A failed job has a reason and no result; it is refunded unless moderation stopped it."""
    fault = JobFails("Blocked by content moderation", refunded=refunded)
    wire.sandbox.faults.add(Rule(fault, on="POST /generate/*", times=1))
    job_id = (await wire.ask("POST", RUN, {"prompt": "a"})).body["job"]["jobId"]
    assert wire.sandbox.spent == 10.75
    wire.sandbox.advance_clock(10)
    job = (await wire.ask("GET", f"/jobs/{job_id}")).body["job"]
    assert (job["status"], job["metadata"]["error"]) == ("failure", "Blocked by content moderation")
    assert job["billing"] == {"cuCost": spent, "cuDiscount": 0, "disableRefund": not refunded}
    assert (wire.sandbox.spent, len(wire.sandbox.paid)) == (spent, 1)
    assert not wire.sandbox.state.assets


async def test_the_limit_of_concurrent_generations() -> None:
    """More concurrent generations than the plan allows are refused by name until one has ended."""
    async with running(parallel_generations=2) as wire:
        statuses = [(await wire.ask("POST", RUN, {"prompt": "a"})).status for _ in range(3)]
        refused = await wire.ask("POST", RUN, {"prompt": "a"})
        assert (statuses, refused.status) == ([200, 200, 429], 429)
        assert refused.body["name"] == "PlanLimitReachedError"
        assert refused.body["details"]["actionName"] == "parallel-generation"
        wire.sandbox.advance_clock(10)
        assert (await wire.ask("POST", RUN, {"prompt": "a"})).status == 200


async def test_a_generation_whose_response_is_lost_is_paid_and_can_be_found(wire: Wire) -> None:
    """It is charged once, and `createdAfter` finds it by its seed."""
    wire.sandbox.faults.add(Rule(Drop("after"), on="POST /generate/custom/{modelId}"))
    before = wire.sandbox.state.teams["team_sandbox"].created_at
    with pytest.raises(Exception, match="disconnected"):
        await wire.ask("POST", RUN, {"prompt": "a", "seed": 12})
    assert len(wire.sandbox.paid) == 1
    (job,) = (await wire.ask("GET", "/jobs", params={"createdAfter": before})).body["jobs"]
    assert job["metadata"]["input"]["seed"] == 12
