"""Generations."""

from __future__ import annotations

import io
from typing import Any

import orjson
import pytest
from PIL import Image

from .wire import Wire, data_url, picture, running


async def test_pictures_can_be_decoded() -> None:
    """A generation creates valid pictures of the requested size, as assets with their origin."""
    async with running(job_duration=0) as wire:
        model_id = await wire.model(type="custom")
        body = {"prompt": "a fox", "numOutputs": 2, "width": 96, "height": 64}
        answer = (await wire.ask("POST", f"/generate/custom/{model_id}", body)).body
        assert answer["creativeUnitsCost"] == 10
        contents: list[bytes] = []
        for asset_id in answer["job"]["metadata"]["assetIds"]:
            asset = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]
            assert (asset["source"], asset["metadata"]["prompt"]) == ("txt2img", "a fox")
            assert asset["metadata"]["parentJobId"] == answer["job"]["jobId"]
            contents.append((await wire.fetch("GET", asset["url"])).content)
        for content in contents:
            with Image.open(io.BytesIO(content)) as image:
                image.load()
                assert (image.size, image.format) == ((96, 64), "PNG")
        assert contents[0] != contents[1]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("custom/{model}", {"prompt": "a fox"}),
        ("caption", {"images": ["{asset}"]}),
        ("describe-style", {"assetIds": ["{asset}"]}),
        ("detect", {"image": "{asset}", "modality": "canny"}),
        ("embed", {"text": "a fox"}),
        ("prompt", {"mode": "completion"}),
        ("translate", {"prompt": "a fox"}),
    ],
)
async def test_dry_runs(wire: Wire, path: str, body: dict[str, Any]) -> None:
    """A dry run responds with 269 and the price, and starts no job.

    A real run starts a job with this price.
    """
    ids = {"{asset}": await wire.asset(), "{model}": await wire.model(type="custom")}
    url = "/generate/" + path.replace("{model}", ids["{model}"])
    given = orjson.loads(orjson.dumps(body).replace(b"{asset}", ids["{asset}"].encode()))
    dry = await wire.ask("POST", f"{url}?dryRun=true", given)
    assert (dry.status, list(dry.body)[:2]) == (269, ["creativeUnitsCost", "creativeUnitsDiscount"])
    assert not wire.sandbox.state.jobs
    answer = await wire.ask("POST", url, given)
    assert answer.status == 200
    assert answer.body["job"]["billing"]["cuCost"] == dry.body["creativeUnitsCost"] > 0


async def test_detection_keeps_the_size() -> None:
    """The result of a detection is a picture of the same size, whose parent is the input."""
    async with running(job_duration=0) as wire:
        asset_id = await wire.asset(picture(size=(50, 20)))
        job = (await wire.ask("POST", "/generate/detect", {"image": asset_id, "modality": "pose"})).body[
            "job"
        ]
        (made,) = job["metadata"]["assetIds"]
        metadata = (await wire.ask("GET", f"/assets/{made}")).body["asset"]["metadata"]
        assert (metadata["width"], metadata["height"], metadata["parentId"]) == (50, 20, asset_id)
        assert metadata["modality"] == "pose"


async def test_text_generations_end_immediately(wire: Wire) -> None:
    """The response has the texts and a job that has ended."""
    answer = (await wire.ask("POST", "/generate/caption", {"images": [data_url(picture())] * 2})).body
    assert (len(answer["captions"]), answer["job"]["status"]) == (2, "success")
    body = {"mode": "inventive", "prompt": "a fox", "numResults": 3}
    assert len((await wire.ask("POST", "/generate/prompt", body)).body["prompts"]) == 3


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("custom/model_x", {}, 404),
        ("caption", {"images": []}, 400),
        ("caption", {"images": ["asset_x"]}, 404),
        ("caption", {"images": ["data:image/png;base64,AAAA"]}, 400),
        ("detect", {"image": "asset_x", "modality": "smell"}, 400),
        ("prompt", {"mode": "completion", "numResults": 99}, 400),
        ("ip-detection", {}, 400),
        ("elsewhere", {}, 501),
    ],
)
async def test_refused(wire: Wire, path: str, body: dict[str, Any], status: int) -> None:
    """Invalid generations are refused and not charged."""
    assert (await wire.ask("POST", f"/generate/{path}", body)).status == status
    assert not wire.sandbox.state.jobs


async def test_usages_count_jobs(wire: Wire) -> None:
    """Usages count the jobs and add up their prices."""
    model_id = await wire.model(type="custom")
    for _ in range(2):
        await wire.ask("POST", f"/generate/custom/{model_id}", {"prompt": "a fox"})
    await wire.ask("POST", "/generate/caption", {"images": [await wire.asset()]})
    answer = (await wire.ask("GET", "/usages?timeRange=last-day")).body
    points = {usage["usageName"]: usage["points"] for usage in answer["usages"]}
    assert {name: [point["value"] for point in of_name] for name, of_name in points.items()} == {
        "custom": ["2"],
        "captioning": ["1"],
    }
    assert [one["action"] for one in answer["activity"]] == ["captioning", "custom", "custom"]
    assert answer["consumption"][0]["total"] == 11
    assert answer["modelUsages"][0]["points"][0]["jobs"] == 2
    wire.sandbox.advance_clock(100_000)
    assert (await wire.ask("GET", "/usages?timeRange=last-day")).body["usages"] == []
