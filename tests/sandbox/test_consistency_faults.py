"""Outdated, incomplete or late responses, and refusals about one picture or model."""

from __future__ import annotations

import asyncio
import io
from contextlib import suppress
from typing import Any

import aiohttp
import pytest

from scenario_async.sandbox import Rule
from scenario_async.sandbox.faults import (
    Accepted,
    AssetRefused,
    Conflict,
    Drop,
    Lag,
    ModelInTraining,
    PictureModerated,
    PlanLimit,
    ServerError,
    Short,
    StorageRefused,
    Throttled,
)

from .wire import Wire, encoded, eventually, picture, running

ADD = "POST /models/{modelId}/training-images"


async def shown(wire: Wire, model_id: str) -> tuple[list[str], int]:
    """The images that a model lists, and its number of images."""
    model = (await wire.ask("GET", f"/models/{model_id}")).body["model"]
    return [image["id"] for image in model["trainingImages"]], model["trainingImagesNumber"]


async def test_lag_shows_an_image_only_some_time_after_it_was_attached(wire: Wire) -> None:
    """An image is missing from the model's response until the sandbox's clock has passed the lag."""
    model_id, first, second = await wire.model(), await wire.asset(), await wire.asset()
    wire.sandbox.faults.add(Rule(Lag(60)))
    await wire.attach(model_id, first)
    assert await shown(wire, model_id) == ([], 0)
    wire.sandbox.advance_clock(40)
    await wire.attach(model_id, second)
    assert await shown(wire, model_id) == ([], 0)
    wire.sandbox.advance_clock(30)
    assert await shown(wire, model_id) == ([first], 1)
    again = await wire.ask("POST", f"/models/{model_id}/training-images", {"assetId": second})
    assert (again.status, again.body["reason"]) == (
        400,
        "The provided assetId is already a training image of this model",
    )
    wire.sandbox.advance_clock(31)
    assert await shown(wire, model_id) == ([first, second], 2)
    assert wire.sandbox.faults.count(Lag) == 3


async def test_short_lists_some_images_and_counts_all(wire: Wire) -> None:
    """A model lists only the first images, and `trainingImagesNumber` stays correct."""
    model_id = await wire.model()
    ids = [await wire.asset() for _ in range(4)]
    await wire.attach(model_id, *ids)
    wire.sandbox.faults.add(Rule(Short(3)))
    assert await shown(wire, model_id) == (ids[:3], 4)
    wire.sandbox.faults.remove(Rule(Short(3)))
    assert await shown(wire, model_id) == (ids, 4)


async def test_accepted_attaches_later(wire: Wire) -> None:
    """A 202 is sent before the image is attached; the later attachment is logged as a change."""
    model_id, asset_id = await wire.model(), await wire.asset()
    wire.sandbox.faults.add(Rule(Accepted(0.2)))
    answer = await wire.ask("POST", f"/models/{model_id}/training-images", {"assetId": asset_id})
    assert (answer.status, answer.body) == (202, {})
    assert await wire.training_set(model_id) == []
    await eventually(lambda: bool(wire.sandbox.state.models[model_id].training_images))
    assert await wire.training_set(model_id) == [asset_id]
    await eventually(lambda: wire.sandbox.requests.changes[ADD] == 1)


async def test_accepted_may_never_attach() -> None:
    """After a 202 the image may never be attached, and closing the sandbox does not wait for it."""
    async with running() as wire:
        model_id, asset_id = await wire.model(), await wire.asset()
        wire.sandbox.faults.add(Rule(Accepted(None), times=1))
        wire.sandbox.faults.add(Rule(Accepted(3600)))
        path = f"/models/{model_id}/training-images"
        for _ in range(2):
            assert (await wire.ask("POST", path, {"assetId": asset_id})).status == 202
    assert not wire.sandbox.state.models[model_id].training_images
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("fault", "status", "name"),
    [
        (ModelInTraining(), 400, "BadRequestError"),
        (Conflict(), 409, "ConflictError"),
        (AssetRefused("moderated"), 403, "ForbiddenError"),
        (PlanLimit(25, status=402), 402, "PlanLimitReachedError"),
        (PlanLimit(25, status=400), 400, "PlanLimitReachedError"),
    ],
)
async def test_attaching_is_refused(wire: Wire, fault: Any, status: int, name: str) -> None:
    """Each refusal of an attach request has its status and name, and attaches nothing."""
    model_id, asset_id = await wire.model(), await wire.asset()
    wire.sandbox.faults.add(Rule(fault, on=ADD, times=1))
    path = f"/models/{model_id}/training-images"
    answer = await wire.ask("POST", path, {"assetIds": [asset_id]})
    assert (answer.status, answer.body["name"]) == (status, name)
    assert await wire.training_set(model_id) == []
    assert (await wire.ask("POST", path, {"assetIds": [asset_id]})).status == 200


async def test_moderation_refuses_one_picture(wire: Wire) -> None:
    """The picture of one name is refused, when uploaded or when attached in a group; others are accepted."""
    wire.sandbox.faults.add(Rule(PictureModerated(), about="bad.png"))
    refused = await wire.ask("POST", "/assets", {"name": "bad.png", "image": encoded(picture())})
    fields = {"kind": "image", "fileName": "bad.png", "contentType": "image/png", "parts": 1, "fileSize": 9}
    assert (refused.status, (await wire.ask("POST", "/uploads", fields)).status) == (403, 403)
    good, bad = await wire.asset(name="good.png"), await wire.asset(name="odd.png")
    wire.sandbox.faults.add(Rule(AssetRefused("moderated"), about="odd.png"))
    path = f"/models/{await wire.model()}/training-images"
    group = await wire.ask("POST", path, {"assetIds": [bad, good]})
    assert (group.status, group.body["details"]) == (403, {"assetId": bad})
    assert (await wire.ask("POST", path, {"assetIds": [good]})).status == 200


@pytest.mark.parametrize(
    ("code", "status"),
    [("RequestTimeout", 400), ("ExpiredToken", 400), ("AccessDenied", 403), ("SlowDown", 503)],
)
async def test_object_storage_refuses_in_xml(wire: Wire, code: Any, status: int) -> None:
    """Object storage refuses a part with an XML body, and accepts the part at the next attempt."""
    fields = {"kind": "image", "fileName": "a", "contentType": "image/png", "parts": 1, "fileSize": 9}
    upload = (await wire.ask("POST", "/uploads", fields)).body["upload"]
    wire.sandbox.faults.add(Rule(StorageRefused(code), times=1))
    url = upload["parts"][0]["url"]
    answer = await wire.fetch("PUT", url, data=io.BytesIO(b"123456789"))
    assert (answer.status, answer.content_type) == (status, "application/xml")
    assert f"<Code>{code}</Code>".encode() in answer.content
    assert (await wire.fetch("PUT", url, data=io.BytesIO(b"123456789"))).status == 200


async def test_throttled_by_a_clock_that_is_ahead(wire: Wire) -> None:
    """A `Retry-After` date follows the service's clock, which the response's `Date` shows."""
    wire.sandbox.faults.add(Rule(Throttled(30, as_date=True, clock_ahead=3600), times=1))
    wire.sandbox.faults.add(Rule(Throttled(0), times=1))
    headers = (await wire.ask("GET", "/models")).headers
    assert headers["Date"] < headers["Retry-After"]
    assert (await wire.ask("GET", "/models")).headers["Retry-After"] == "0"


@pytest.mark.parametrize("fault", [Drop("after"), ServerError(504, "after")])
async def test_a_paid_request_is_processed_although_its_response_is_lost(wire: Wire, fault: Any) -> None:
    """A training starts although its response is lost."""
    model_id = await wire.model()
    await wire.attach(model_id, *[await wire.asset() for _ in range(5)])
    wire.sandbox.faults.add(Rule(fault, on="PUT /models/{modelId}/train"))
    with suppress(aiohttp.ServerDisconnectedError):
        await wire.ask("PUT", f"/models/{model_id}/train", {})
    assert wire.sandbox.state.models[model_id].status == "training"
    assert len(wire.sandbox.state.jobs) == 1
