"""Faults that replace the response of the service."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from xml.etree import ElementTree as ET

import orjson
import pytest

from scenario_async.sandbox import Faults, Rule
from scenario_async.sandbox.faults import (
    AssetRefused,
    Cooldown,
    EmptyBody,
    Fault,
    Garbled,
    HTMLPage,
    PlanLimit,
    ServerError,
    Throttled,
    Unauthorized,
    URLExpired,
)

from .wire import Answer, Wire, data_url, picture, running

ATTACH = "POST /models/{modelId}/training-images"
UPLOAD = {"kind": "image", "fileName": "a.png", "contentType": "image/png", "fileSize": 10, "parts": 1}
When = Literal["before", "after"]


async def struck(wire: Wire, fault: Fault) -> Answer:
    """Create a model with a fault that happens once."""
    wire.sandbox.faults = Faults(Rule(fault, on="POST /models", times=1))
    answer = await wire.ask("POST", "/models", {"name": "a"})
    assert wire.sandbox.faults.count(fault) == 1
    return answer


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_server_error(wire: Wire, status: int, when: When) -> None:
    """A server error happens before or after the processing, and the log shows which."""
    answer = await struck(wire, ServerError(status, when))
    assert (answer.status, answer.content_type) == (status, "application/json")
    assert isinstance(answer.body["message"], str)
    assert "Retry-After" not in answer.headers
    processed = when == "after"
    assert len(wire.sandbox.state.models) == int(processed)
    (logged,) = wire.sandbox.requests
    assert (logged.status, logged.outcome) == (status, 200 if processed else None)
    assert wire.sandbox.requests.changes["POST /models"] == int(processed)


async def test_server_error_with_retry_after(wire: Wire) -> None:
    """A server error can have a time for the retry."""
    answer = await struck(wire, ServerError(503, "before", retry_after=3))
    assert answer.headers["Retry-After"] == "3"


@pytest.mark.parametrize("status", [200, 404, 600])
def test_server_error_of_another_status(status: int) -> None:
    """A status that is not a server error is refused."""
    with pytest.raises(ValueError, match="status"):
        ServerError(status, "before")


@pytest.mark.parametrize("status", [200, 502])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_html(wire: Wire, status: int, when: When) -> None:
    """HTML is sent where JSON is expected, with a successful status or another one."""
    answer = await struck(wire, HTMLPage(status, when))
    assert (answer.status, answer.content_type) == (status, "text/html")
    assert answer.content.startswith(b"<html>")
    assert len(wire.sandbox.state.models) == int(when == "after")


@pytest.mark.parametrize("when", ["before", "after"])
async def test_garbled(wire: Wire, when: When) -> None:
    """A garbled response is declared as JSON, but is not valid text."""
    answer = await struck(wire, Garbled(when))
    assert (answer.status, answer.content_type) == (200, "application/json")
    with pytest.raises(orjson.JSONDecodeError):
        _ = answer.body
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode()
    assert len(wire.sandbox.state.models) == int(when == "after")


@pytest.mark.parametrize("when", ["before", "after"])
async def test_empty(wire: Wire, when: When) -> None:
    """A successful response can have an empty body."""
    answer = await struck(wire, EmptyBody(when))
    assert (answer.status, answer.content) == (200, b"")
    assert len(wire.sandbox.state.models) == int(when == "after")


@pytest.mark.parametrize("fault", [Garbled("after"), EmptyBody("after"), HTMLPage(200, "after")])
async def test_a_refusal_does_not_become_a_success(wire: Wire, fault: Fault) -> None:
    """A request that the service refused does not get a success, and the fault is not counted."""
    wire.sandbox.faults = Faults(Rule(fault, on="POST /models", times=1))
    assert (await wire.ask("POST", "/models", {"name": 1})).status == 400
    assert wire.sandbox.faults.count() == 0
    assert not wire.sandbox.faults.injected
    assert [logged.fault for logged in wire.sandbox.requests] == [None]
    # The fault can still happen once.
    answer = await wire.ask("POST", "/models", {"name": "a"})
    assert "model" not in answer.content.decode(errors="replace")
    assert wire.sandbox.faults.count(fault) == 1


async def test_plan_limit(wire: Wire) -> None:
    """The plan limit has all its details, for any size of the training set."""
    model_id, asset_id = await wire.model(), await wire.asset()
    wire.sandbox.faults = Faults(Rule(PlanLimit(25), on=ATTACH))
    answer = await wire.ask("POST", f"/models/{model_id}/training-images", {"assetId": asset_id})
    assert answer.status == 429
    assert answer.body["name"] == "PlanLimitReachedError"
    assert answer.body["details"] == {
        "actionName": "add-training-image",
        "actionLimit": 25,
        "actionValue": 25,
        "limitScope": "team",
    }
    assert await wire.training_set(model_id) == []


async def test_other_plan_limit(wire: Wire) -> None:
    """Another limit can be reached too."""
    answer = await struck(wire, PlanLimit(3, value=2, action="create-model"))
    details = answer.body["details"]
    assert (details["actionName"], details["actionLimit"], details["actionValue"]) == ("create-model", 3, 2)


async def test_cooldown(wire: Wire) -> None:
    """Only a cool-down has the remaining seconds, in the body or in its details."""
    top = await struck(wire, Cooldown(12, "top"))
    inside = await struck(wire, Cooldown(0.5, "details"))
    assert (top.status, inside.status) == (429, 429)
    assert (top.body["remainingSeconds"], "details" in top.body) == (12, False)
    assert (inside.body["details"], "remainingSeconds" in inside.body) == ({"remainingSeconds": 0.5}, False)
    for answer in (top, inside):
        assert answer.body.get("name") != "PlanLimitReachedError"
    assert not wire.sandbox.state.models


async def test_throttled(wire: Wire) -> None:
    """Ordinary throttling has no wait, a number of seconds, or a date."""
    silent = await struck(wire, Throttled())
    seconds = await struck(wire, Throttled(7))
    date = await struck(wire, Throttled(3600, as_date=True))
    assert [answer.status for answer in (silent, seconds, date)] == [429] * 3
    assert "Retry-After" not in silent.headers
    assert seconds.headers["Retry-After"] == "7"
    left = parsedate_to_datetime(date.headers["Retry-After"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    for answer in (silent, seconds, date):
        assert answer.body == {"message": "Too Many Requests"}
    assert not wire.sandbox.state.models


async def test_unauthorized_after_some_requests(wire: Wire) -> None:
    """A key can be withdrawn while requests are sent."""
    wire.sandbox.faults = Faults(Rule(Unauthorized(), skip=2))
    statuses = [(await wire.ask("POST", "/models", {"name": "a"})).status for _ in range(5)]
    assert statuses == [200, 200, 401, 401, 401]
    assert len(wire.sandbox.state.models) == 2


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [(URLExpired(), 403, "AccessDenied"), (ServerError(503, "before"), 503, "ServiceUnavailable")],
)
async def test_storage(wire: Wire, fault: Fault, status: int, code: str) -> None:
    """Object storage refuses parts and pictures in XML, and the next attempt succeeds."""
    asset_id = await wire.asset()
    download = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]["url"]
    upload = (await wire.ask("POST", "/uploads", UPLOAD)).body["upload"]["parts"][0]["url"]
    for method, url in (("PUT", upload), ("GET", download)):
        wire.sandbox.faults = Faults(Rule(fault, on="* /storage/*", times=1))
        refused = await wire.fetch(method, url, data=io.BytesIO(b"content") if method == "PUT" else None)
        assert (refused.status, refused.content_type) == (status, "application/xml")
        assert ET.fromstring(refused.content).findtext("Code") == code  # noqa: S314 - a local response
        again = await wire.fetch(method, url, data=io.BytesIO(b"content") if method == "PUT" else None)
        assert again.status == 200


async def group(wire: Wire) -> tuple[str, list[str]]:
    """A model, and three assets to attach to it."""
    return await wire.model(), [await wire.asset(picture(shade=shade), f"{shade}.png") for shade in range(3)]


@pytest.mark.parametrize(("reason", "status"), [("already attached", 400), ("not found", 404)])
async def test_group_refused(
    wire: Wire, reason: Literal["already attached", "not found"], status: int
) -> None:
    """A group is refused because of one of its ids; each other id is accepted alone."""
    model_id, asset_ids = await group(wire)
    path = f"/models/{model_id}/training-images"
    wire.sandbox.faults = Faults(Rule(AssetRefused(reason, groups_only=True)))
    refused = await wire.ask("POST", path, {"assetIds": asset_ids})
    assert refused.status == status
    if status == 400:
        expected = "The provided assetId is already a training image of this model"
        assert refused.body["reason"] == expected
    else:
        assert refused.body["details"] == {"id": asset_ids[-1]}
    assert await wire.training_set(model_id) == []
    for body in ({"assetIds": asset_ids[:1]}, {"assetId": asset_ids[1]}):
        assert (await wire.ask("POST", path, body)).status == 200
    assert await wire.training_set(model_id) == asset_ids[:2]


@pytest.mark.parametrize("by_name", [False, True])
async def test_asset_that_attaches_on_the_third_try(wire: Wire, by_name: bool) -> None:
    """One asset needs three attempts, in a group or alone, and does not delay other assets."""
    model_id, asset_ids = await group(wire)
    path = f"/models/{model_id}/training-images"
    about = "1.png" if by_name else asset_ids[1]
    wire.sandbox.faults = Faults(Rule(AssetRefused("not found"), about=about, times=2))
    whole = await wire.ask("POST", path, {"assetIds": asset_ids})
    assert (whole.status, whole.body["details"]) == (404, {"id": asset_ids[1]})
    bodies: list[dict[str, Any]] = [
        {"assetIds": [asset_ids[0], asset_ids[2]]},
        {"assetId": asset_ids[1]},
        {"assetId": asset_ids[1]},
    ]
    assert [(await wire.ask("POST", path, body)).status for body in bodies] == [200, 404, 200]
    assert await wire.training_set(model_id) == [asset_ids[0], asset_ids[2], asset_ids[1]]
    assert wire.sandbox.faults.count(AssetRefused, key=ATTACH) == 2


async def test_asset_refused_needs_ids(wire: Wire) -> None:
    """A picture in the request is not an asset yet, so it is accepted."""
    model_id = await wire.model()
    wire.sandbox.faults = Faults(Rule(AssetRefused("not found")))
    body = {"data": data_url(picture()), "name": "a"}
    assert (await wire.ask("POST", f"/models/{model_id}/training-images", body)).status == 200
    assert wire.sandbox.faults.count() == 0


async def test_refusals_are_limited_to_their_routes() -> None:
    """Responses of the API are not sent by object storage, and the reverse."""
    async with running(faults=Faults(Rule([Garbled("before"), URLExpired()]))) as wire:
        wire.sandbox.faults.stop()
        url = (await wire.ask("POST", "/uploads", UPLOAD)).body["upload"]["parts"][0]["url"]
        wire.sandbox.faults.resume()
        assert (await wire.fetch("PUT", url, data=io.BytesIO(b"content"))).status == 403
        assert (await wire.ask("GET", "/models")).status == 200
        assert [injection.fault for injection in wire.sandbox.faults.injected] == [
            URLExpired(),
            Garbled("before"),
        ]
