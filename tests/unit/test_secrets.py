"""Secrets are never shown: not in reprs, not in errors and their causes, not in logs."""

from __future__ import annotations

import asyncio
import base64
import logging
import re
import traceback
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from scenario_async import AsyncScenario, Scenario
from scenario_async._internal.http.credentials import Secret, find_credentials
from scenario_async._internal.http.options import TransportOptions
from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import whole
from scenario_async.errors import APIError, ScenarioError

from .conftest import Connector
from .samples import png_like
from .servers import DROPPED, SILENT, Act, answered, serving

KEY, SECRET, TOKEN = "K3Y-of-the-test", "S3CRET-of-the-test", "header.T0KEN-of-the-test.signature"
BASIC = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
SIGNATURE = "S1GNATURE-of-the-test"
SECRETS = (KEY, SECRET, TOKEN, BASIC, SIGNATURE)

MALFORMED = Act(b"HTTP/9 what? this is no HTTP\r\n\r\n", then="close")
CUT_OFF = Act(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", then="close")
ELSEWHERE = answered(302, headers={"Location": "ftp://elsewhere.example/x"})
IN_CIRCLES = answered(307, headers={"Location": "/v1/models/m"})

FAILURES = {
    "refused": answered(400, {"reason": "no"}),
    "wrong credentials": answered(401, content=b"<html>who?</html>"),
    "failed": answered(500, content=b""),
    "dropped": DROPPED,
    "dropped at once": Act(read=0, then="reset"),
    "no answer": SILENT,
    "no HTTP": MALFORMED,
    "cut off": CUT_OFF,
    "no JSON": answered(200, content=b"<html>"),
    "redirect to what is not HTTP": ELSEWHERE,
    "redirect in circles": IN_CIRCLES,
}


def hanging_on(error: BaseException | None, seen: set[int] | None = None) -> Iterator[BaseException]:
    """An error and all errors in its chain of causes and contexts."""
    seen = set() if seen is None else seen
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    yield error
    yield from hanging_on(error.__cause__, seen)
    yield from hanging_on(error.__context__, seen)


def shown(thing: object) -> str:
    """All text that an object shows."""
    if not isinstance(thing, BaseException):
        return f"{thing!r} {thing} {thing:}"
    return " ".join(f"{one!r} {one} {one.args!r} {vars(one)!r}" for one in hanging_on(thing))


def check(text: str) -> None:
    """Check that a text has the name of the secret but not its value."""
    for number, secret in enumerate(SECRETS):
        assert text.find(secret) == -1, f"secret {number} is at {text.find(secret)} of {len(text)} characters"


@asynccontextmanager
async def client(base_url: str, **options: Any) -> AsyncGenerator[AsyncScenario, None]:
    """A client that does not retry and has a short timeout."""
    timeout = aiohttp.ClientTimeout(sock_read=0.2)
    given: dict[str, Any] = {"api_key": KEY, "api_secret": SECRET, "timeout": timeout, "max_retries": 0}
    async with AsyncScenario(base_url=base_url, **given | options) as made:
        yield made


def test_reprs() -> None:
    """The reprs of all objects that have a secret, and of the objects that contain these."""
    pair = AsyncScenario(api_key=KEY, api_secret=SECRET, project_id="proj")
    with_token = pair.with_options(extra_headers={"X-Key": SECRET}, extra_query={"sig": SIGNATURE})
    core = with_token._core  # pyright: ignore[reportPrivateUsage] - the test inspects private attributes
    things: list[object] = [
        pair,
        with_token,
        core,
        core.transport,
        core.transport.options,
        core.transport.credentials,
        core.transport.sessions,
        with_token.models,
        with_token.models.training_images,
        with_token.models.training_images.add,
        find_credentials(Secret(KEY), Secret(SECRET), Secret(None)),
        find_credentials(Secret(None), Secret(None), Secret(TOKEN)),
        TransportOptions(headers={"X": SECRET}, query={"sig": SIGNATURE}),
    ]
    with Scenario(jwt=TOKEN) as blocking:
        things += [blocking, blocking.models, blocking.models.training_images]
        for thing in things:
            check(shown(thing))
    assert "proj" in repr(pair)


@pytest.mark.parametrize("name", FAILURES)
async def test_errors_of_a_request(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """For each failure, the error, its chain and each log at DEBUG show no secret."""
    caplog.set_level(logging.DEBUG)
    for credentials in ({}, {"api_key": None, "api_secret": None, "jwt": TOKEN}):
        async with serving(FAILURES[name]) as server, client(f"{server.url}/v1", **credentials) as scenario:
            with pytest.raises(APIError) as caught:
                await scenario.models.retrieve("m")
            assert server.requests[0].headers["Authorization"].endswith(TOKEN if credentials else BASIC)
        check(shown(caught.value))
        check("".join(traceback.format_exception(caught.value)))
    check(caplog.text)


async def test_errors_without_a_connection(caplog: pytest.LogCaptureFixture) -> None:
    """If the port is closed, the same holds, and the message of the operating system is kept."""
    caplog.set_level(logging.DEBUG)
    async with client("http://127.0.0.1:1") as scenario:
        with pytest.raises(APIError, match="no connection") as caught:
            await scenario.models.retrieve("m")
    check(shown(caught.value))
    assert isinstance(caught.value.__cause__, OSError)
    check(caplog.text)


@pytest.mark.parametrize("name", sorted(FAILURES.keys() - {"no JSON"}))
async def test_errors_of_a_presigned_url(
    connect: Connector, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A presigned URL is a secret too: errors and logs show only its path."""
    caplog.set_level(logging.DEBUG)
    segment = whole(open_picture(png_like(3 * 2**20), "file"), base64=False)
    timeout = aiohttp.ClientTimeout(sock_read=0.2)
    async with serving(FAILURES[name]) as server:
        target = f"{server.url}/v1/bucket/key?X-Amz-Signature={SIGNATURE}&b='{SIGNATURE}' {SIGNATURE}"
        with pytest.raises(ScenarioError, match="/v1/bucket/key") as caught:
            await connect.core(server.url, timeout=timeout, max_retries=1).store(target, segment, "image/png")
        with pytest.raises(ScenarioError, match="/v1/bucket/key") as while_downloading:
            await connect.core(server.url, timeout=timeout, max_retries=0).download(target)
    check(shown(caught.value) + shown(while_downloading.value))
    check(caplog.text)


@pytest.mark.parametrize(
    "target",
    [f"bucket/key?sig={SIGNATURE}", f"http://?sig={SIGNATURE}", f"ftp://host/key?sig={SIGNATURE}"],
)
async def test_invalid_presigned_url(connect: Connector, target: str) -> None:
    """It is refused without showing its query."""
    segment = whole(open_picture(png_like(90), "file"), base64=False)
    with pytest.raises(APIError) as caught:
        await connect.core("http://127.0.0.1").store(target, segment, "image/png")
    check(shown(caught.value))
    assert not caught.value.in_doubt


async def test_log_of_an_exchange(connect: Connector, caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG a log has method, path, status and time of each request, and at INFO each retry."""
    caplog.set_level(logging.DEBUG, "scenario_async")
    async with serving(answered(503, {"reason": "busy"}), answered()) as server:
        await connect.models(server.url, query={"sig": SIGNATURE}).retrieve("m")
        assert server.requests[1].target == f"/models/m?sig={SIGNATURE}"
    check(caplog.text)
    first, again, second = (record.getMessage() for record in caplog.records)
    assert re.fullmatch(r"GET /models/m: 503 in \d+\.\d{3} s", first)
    assert again == "GET /models/m returned 503 (the service failed): busy; again in 0.0 s"
    assert re.fullmatch(r"GET /models/m: 200 in \d+\.\d{3} s", second)


async def test_log_of_a_request_without_a_response(
    connect: Connector, caplog: pytest.LogCaptureFixture
) -> None:
    """The log at DEBUG has these requests too, and those that the caller cancelled."""
    caplog.set_level(logging.DEBUG, "scenario_async")
    async with serving(DROPPED, SILENT) as server:
        models = connect.models(server.url, max_retries=0)
        with pytest.raises(APIError):
            await models.create(name="m")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(models.retrieve("m"), 0.2)
    dropped, cancelled = (record.getMessage() for record in caplog.records)
    assert re.fullmatch(r"POST /models: no complete response in \d+\.\d{3} s", dropped)
    assert re.fullmatch(r"GET /models/m: no complete response in 0\.[2-9]\d\d s", cancelled)
