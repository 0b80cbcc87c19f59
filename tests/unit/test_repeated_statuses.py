"""Which statuses are retried, counted on the server."""

from __future__ import annotations

from typing import Any

import pytest

from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import whole
from scenario_async.errors import (
    APIStatusError,
    CooldownError,
    PermissionDeniedError,
    PlanLimitError,
    RateLimitError,
)

from .conftest import Connector
from .samples import picture
from .servers import answered, serving

PNG = picture()
PLAN_LIMIT = {
    "name": "PlanLimitReachedError",
    "reason": "The limit of your plan is reached",
    "details": {
        "actionName": "add-training-image",
        "actionLimit": 25,
        "actionValue": 25,
        "limitScope": "team",
    },
}


@pytest.mark.parametrize(
    ("status", "with_a_picture", "by_id"),
    [
        (400, 1, 1),
        (401, 1, 1),
        (403, 1, 1),
        (404, 1, 1),
        (408, 3, 3),
        (409, 3, 3),
        (413, 1, 1),
        (422, 1, 1),
        (429, 3, 3),
        (500, 1, 3),
        (501, 1, 1),
        (502, 1, 3),
        (503, 1, 3),
        (504, 1, 3),
    ],
)
async def test_attempts(connect: Connector, status: int, with_a_picture: int, by_id: int) -> None:
    """After a 5xx a picture is not sent again; an id is, because the service refuses a second attachment."""
    calls: list[tuple[int, dict[str, Any]]] = [(with_a_picture, {"data": PNG}), (by_id, {"asset_id": "a"})]
    for attempts, arguments in calls:
        async with serving(answered(status, {"reason": "no"})) as server:
            with pytest.raises(APIStatusError) as caught:
                await connect.models(server.url).training_images.add("m", **arguments)
            assert len(server.requests) == attempts
            assert len({request.body for request in server.requests}) == 1
        assert caught.value.status_code == status
        assert caught.value.in_doubt is (status >= 500)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
async def test_lookup(connect: Connector, status: int) -> None:
    """A lookup is retried for each status that may pass, and then succeeds."""
    async with serving(answered(status, {}), answered(status, content=b""), answered()) as server:
        await connect.models(server.url).retrieve("m")
        assert len(server.requests) == 3
        assert len(server.connections) == 1


async def test_plan_limit(connect: Connector) -> None:
    """It is not retried, also if a header suggests it, because waiting does not change a plan."""
    async with serving(answered(429, PLAN_LIMIT, {"Retry-After": "0"})) as server:
        with pytest.raises(PlanLimitError, match="The limit of your plan is reached") as caught:
            await connect.models(server.url).training_images.add("m", asset_id="a")
        assert len(server.requests) == 1
    assert (caught.value.limit, caught.value.scope) == (25, "team")


async def test_cooldown(connect: Connector) -> None:
    """The client waits for a short cool-down; a cool-down above the limit is raised immediately."""
    short = answered(429, {"details": {"remainingSeconds": 0.01}})
    async with serving(short, answered()) as server:
        await connect.models(server.url).training_images.add("m", data=PNG)
        assert len(server.requests) == 2
    async with serving(answered(429, {"remainingSeconds": 3600})) as server:
        with pytest.raises(CooldownError) as caught:
            await connect.models(server.url).training_images.add("m", asset_id="a")
        assert len(server.requests) == 1
    assert caught.value.seconds == 3600
    assert str(caught.value).endswith("; it asks to wait 3,600 s")


@pytest.mark.parametrize("status", [400, 402, 403])
async def test_plan_limit_with_another_status(connect: Connector, status: int) -> None:
    """The name in the body decides, not the status."""
    async with serving(answered(status, PLAN_LIMIT)) as server:
        with pytest.raises(PlanLimitError) as caught:
            await connect.models(server.url).training_images.add("m", asset_id="a")
    assert (caught.value.status_code, caught.value.limit) == (status, 25)


@pytest.mark.parametrize(
    ("header", "attempts"), [("0", 3), ("Fri, 01 Jan 2021 00:00:00 GMT", 3), ("3600", 1)]
)
async def test_retry_after(connect: Connector, header: str, attempts: int) -> None:
    """Both forms of the header are followed; a wait above the limit ends the call."""
    async with serving(answered(429, {}, {"Retry-After": header})) as server:
        with pytest.raises(RateLimitError):
            await connect.models(server.url).retrieve("m")
        assert len(server.requests) == attempts


@pytest.mark.parametrize(("status", "attempts"), [(403, 1), (400, 1), (500, 3), (503, 3)])
async def test_storage(connect: Connector, status: int, attempts: int) -> None:
    """A part can be sent to object storage again, unless its URL is refused."""
    segment = whole(open_picture(PNG, "file"), base64=False)
    async with serving(answered(status, content=b"<Error><Code>AccessDenied</Code></Error>")) as server:
        with pytest.raises(APIStatusError, match="AccessDenied") as caught:
            await connect.core("http://127.0.0.1").store(
                f"{server.url}/bucket/key?sig=1", segment, "image/png"
            )
        assert len(server.requests) == attempts
        assert {request.body for request in server.requests} == {PNG}
    assert isinstance(caught.value, PermissionDeniedError) is (status == 403)
    assert (caught.value.method, caught.value.path) == ("PUT", "/bucket/key")
