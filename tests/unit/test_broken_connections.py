"""Broken connections: what is in doubt, what is retried and how often, counted on the server."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from scenario_async._internal.declare.operation import Request
from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import whole
from scenario_async.errors import (
    APIConnectionError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
)
from scenario_async.values.asset import AssetUpdateParams
from scenario_async.values.model import ModelCreateParams, ModelDeleteParams, ModelRetrieveParams
from scenario_async.values.training_image import (
    TrainingImageAddParams,
    TrainingImageDeleteParams,
    TrainingImageReplacePairsParams,
    TrainingImageReplaceParams,
)

from .conftest import Connector
from .samples import picture
from .servers import DROPPED, Act, answered, serving

PNG = picture()
ALREADY = answered(
    400, {"reason": "The provided assetId is already a training image of this model", "traceId": "t"}
)
GONE = answered(404, {"reason": "no such training image"})
BROKEN = answered(503, {"reason": "busy"})
CUT_OFF = Act(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", then="close")
NO_HTTP = Act(b"what is this?\r\n\r\n", then="close")

RETRIEVE = ModelRetrieveParams("m")
CREATE = ModelCreateParams(name="n")
DELETE_MODEL = ModelDeleteParams("m")
ADD_PICTURE = TrainingImageAddParams("m", data=PNG)
ADD_ASSET = TrainingImageAddParams("m", asset_id="a")
ADD_ASSETS = TrainingImageAddParams("m", asset_ids=["a", "b"])
DELETE = TrainingImageDeleteParams("a", model_id="m")

REPEATED_BY_AIOHTTP: list[Request[Any]] = [
    TrainingImageReplaceParams("a", model_id="m", asset_id="b"),
    TrainingImageReplaceParams("a", model_id="m", data=PNG),
    TrainingImageReplacePairsParams("m", body=[]),
    DELETE,
    DELETE_MODEL,
    AssetUpdateParams("a", description="d"),
]


def named(request: Request[Any]) -> str:
    """The name of a case."""
    return type(request).__name__


@pytest.mark.parametrize("sent", [RETRIEVE, ADD_PICTURE, ADD_ASSET, CREATE], ids=named)
async def test_refused_connection(
    connect: Connector, caplog: pytest.LogCaptureFixture, sent: Request[Any]
) -> None:
    """No request arrived, so the error is not in doubt, and any request is retried."""
    caplog.set_level(logging.INFO, "scenario_async")
    with pytest.raises(APIConnectionError, match="no connection") as caught:
        await connect.core("http://127.0.0.1:1").send(sent)
    assert not isinstance(caught.value, APITimeoutError)
    assert not caught.value.in_doubt
    assert [record.getMessage().rpartition("; ")[2] for record in caplog.records] == ["again in 0.0 s"] * 2


@pytest.mark.parametrize("end", [DROPPED, Act(then="reset"), CUT_OFF, NO_HTTP])
@pytest.mark.parametrize("sent", [ADD_PICTURE, CREATE], ids=named)
async def test_connection_dropped_before_the_response(
    connect: Connector, sent: Request[Any], end: Act
) -> None:
    """The service may have processed the request, so it is sent only once and the error is in doubt."""
    async with serving(end) as server:
        with pytest.raises(APIConnectionError) as caught:
            await connect.core(server.url).send(sent)
        assert len(server.requests) == 1
    assert caught.value.in_doubt
    assert caught.value.method == "POST"
    assert str(caught.value).startswith(f"POST {caught.value.path} to 127.0.0.1: ")


@pytest.mark.parametrize("content", [b"", b"<html>hello</html>", b'{"model": {"i', b"[]"])
async def test_success_that_cannot_be_read(connect: Connector, content: bytes) -> None:
    """A request that is safe to repeat is retried; for any other request the error is in doubt."""
    async with serving(answered(content=content), answered()) as server:
        await connect.models(server.url).retrieve("m")
        assert len(server.requests) == 2
    async with serving(answered(content=content), answered()) as server:
        with pytest.raises(APIResponseValidationError, match="returned 200, but the response") as caught:
            await connect.core(server.url).send(CREATE)
        assert len(server.requests) == 1
    assert caught.value.in_doubt
    assert caught.value.body == content


@pytest.mark.parametrize("max_retries", [0, 2])
@pytest.mark.parametrize("sent", [DELETE, ADD_ASSET, ADD_ASSETS], ids=named)
async def test_safe_requests_are_retried(connect: Connector, sent: Request[Any], max_retries: int) -> None:
    """They are retried exactly as often as the client's options say."""
    async with serving(DROPPED) as server:
        with pytest.raises(APIConnectionError) as caught:
            await connect.core(server.url, max_retries=max_retries).send(sent)
        assert len(server.requests) == 1 + max_retries
        assert len({request.body for request in server.requests}) == 1
    assert caught.value.in_doubt


@pytest.mark.parametrize("end", [DROPPED, Act(then="reset"), Act(read=0, then="reset")])
@pytest.mark.parametrize("max_retries", [0, 1])
@pytest.mark.parametrize("sent", REPEATED_BY_AIOHTTP, ids=named)
async def test_aiohttp_repeats_nothing_by_itself(
    connect: Connector, sent: Request[Any], max_retries: int, end: Act
) -> None:
    """PUT and DELETE on a reused connection are repeated only as often as the client's options say."""
    async with serving(answered(), end) as server:
        core = connect.core(server.url, max_retries=max_retries)
        await core.send(RETRIEVE)
        with pytest.raises(APIConnectionError) as caught:
            await core.send(sent)
        assert len(server.requests) == 1 + 1 + max_retries
        assert len(server.connections) == 1 + max_retries, "the first connection was used again"
    assert caught.value.in_doubt or end.read == 0


async def test_aiohttp_repeats_no_part_by_itself(connect: Connector) -> None:
    """This also holds for parts that are sent to object storage."""
    segment = whole(open_picture(PNG, "file"), base64=False)
    async with serving(answered(), DROPPED) as server:
        core = connect.core(server.url, max_retries=0)
        await core.send(RETRIEVE)
        with pytest.raises(APIConnectionError):
            await core.store(f"{server.url}/bucket/key", segment, "image/png")
        assert server.targets == ["GET /models/m", "PUT /bucket/key"]
        assert len(server.connections) == 1


# --- what the next response shows about an attempt in doubt -----------------------------------


@pytest.mark.parametrize("doubtful", [DROPPED, CUT_OFF, BROKEN, answered(content=b"<html>")])
async def test_deleted_by_the_attempt_in_doubt(connect: Connector, doubtful: Act) -> None:
    """The object is deleted now, and an earlier attempt is in doubt, so this call deleted it."""
    for sent in (DELETE, DELETE_MODEL):
        async with serving(doubtful, GONE) as server:
            assert await connect.core(server.url).send(sent) == {}
            assert len(server.requests) == 2
            assert server.targets[0] == server.targets[1]


@pytest.mark.parametrize("first", [(), (answered(429, {}),), (answered(408, {}),)])
async def test_delete_of_a_missing_object(connect: Connector, first: tuple[Act, ...]) -> None:
    """If no attempt is in doubt, 404 is an error."""
    async with serving(*first, GONE) as server:
        with pytest.raises(NotFoundError) as caught:
            await connect.core(server.url).send(DELETE)
        assert len(server.requests) == len(first) + 1
    assert not caught.value.in_doubt


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("doubtful", [DROPPED, BROKEN])
@pytest.mark.parametrize("ids", [{"asset_id": "a"}, {"asset_ids": ["a"]}])
async def test_attached_by_the_attempt_in_doubt(
    connect: Connector, ids: dict[str, Any], doubtful: Act, strict: bool
) -> None:
    """A single asset that is already attached was attached by this call.

    This also holds for a strict client.
    """
    async with serving(doubtful, ALREADY) as server:
        answer = await connect.models(server.url, strict=strict).training_images.add("m", **ids)
        assert len(server.requests) == 2
    assert answer.training_image.id == "a"
    assert [image.id for image in answer.images] == ["a"]


async def test_group_in_doubt(connect: Connector) -> None:
    """An asset of a group may have been attached long before, so the refusal is raised and is in doubt."""
    async with serving(DROPPED, ALREADY) as server:
        with pytest.raises(BadRequestError, match="already a training image") as caught:
            await connect.core(server.url).send(ADD_ASSETS)
    assert caught.value.in_doubt


async def test_attached_long_before(connect: Connector) -> None:
    """If no attempt is in doubt, the same refusal is an error that is not in doubt."""
    async with serving(ALREADY) as server:
        with pytest.raises(BadRequestError) as caught:
            await connect.core(server.url).send(ADD_ASSET)
        assert len(server.requests) == 1
    assert not caught.value.in_doubt


async def test_refused_for_another_reason(connect: Connector) -> None:
    """Another refusal after an attempt in doubt does not resolve the doubt."""
    async with serving(DROPPED, answered(400, {"reason": "Unhandled image format"})) as server:
        with pytest.raises(BadRequestError, match="Unhandled") as caught:
            await connect.core(server.url).send(ADD_ASSET)
    assert caught.value.in_doubt


async def test_doubt_stays(connect: Connector) -> None:
    """After an attempt in doubt, the error that ends the call is in doubt too."""
    async with serving(DROPPED, answered(429, {}), answered(429, {})) as server:
        with pytest.raises(APIStatusError, match="429") as caught:
            await connect.core(server.url).send(ADD_ASSET)
        assert len(server.requests) == 3
    assert caught.value.in_doubt


async def test_success_after_two_failures(connect: Connector) -> None:
    """The third attempt gets the response."""
    async with serving(DROPPED, BROKEN, answered(200, {"model": {"id": "m"}})) as server:
        assert (await connect.core(server.url).send(RETRIEVE)).model.id == "m"
        assert server.targets == ["GET /models/m"] * 3


async def test_last_error_is_raised(connect: Connector) -> None:
    """The error of the last attempt is raised."""
    async with serving(DROPPED, DROPPED, BROKEN) as server:
        with pytest.raises(InternalServerError, match="busy"):
            await connect.core(server.url).send(RETRIEVE)
