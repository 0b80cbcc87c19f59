"""Secrets are nowhere to be seen: not in reprs, not in errors and what hangs on them, not in logs."""

from __future__ import annotations

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
    """An error and all that hang on it, as cause or as context."""
    seen = set() if seen is None else seen
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    yield error
    yield from hanging_on(error.__cause__, seen)
    yield from hanging_on(error.__context__, seen)


def shown(thing: object) -> str:
    """All that a thing shows of itself."""
    if not isinstance(thing, BaseException):
        return f"{thing!r} {thing} {thing:}"
    return " ".join(f"{one!r} {one} {one.args!r} {vars(one)!r}" for one in hanging_on(thing))


def check(text: str) -> None:
    """No secret is part of a text, which has the secret's name but not its value."""
    for number, secret in enumerate(SECRETS):
        assert text.find(secret) == -1, f"secret {number} is at {text.find(secret)} of {len(text)} characters"


@asynccontextmanager
async def client(base_url: str, **options: Any) -> AsyncGenerator[AsyncScenario, None]:
    """A client that tries once and does not wait long."""
    timeout = aiohttp.ClientTimeout(sock_read=0.2)
    given: dict[str, Any] = {"api_key": KEY, "api_secret": SECRET, "timeout": timeout, "max_retries": 0}
    async with AsyncScenario(base_url=base_url, **given | options) as made:
        yield made


def test_reprs() -> None:
    """Of everything that holds a secret, and of what holds that."""
    pair = AsyncScenario(api_key=KEY, api_secret=SECRET, project_id="proj")
    with_token = pair.with_options(extra_headers={"X-Key": SECRET}, extra_query={"sig": SIGNATURE})
    core = with_token._core  # pyright: ignore[reportPrivateUsage] - the point is to look everywhere
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
        find_credentials(Secret(KEY), Secret(SECRET), Secret(None), {}),
        find_credentials(Secret(None), Secret(None), Secret(TOKEN), {}),
        TransportOptions(headers={"X": SECRET}, query={"sig": SIGNATURE}),
    ]
    with Scenario(jwt=TOKEN) as blocking:
        things += [blocking, blocking.models, blocking.models.training_images]
        for thing in things:
            check(shown(thing))
    assert "proj" in repr(pair)


@pytest.mark.parametrize("name", FAILURES)
async def test_errors_of_a_request(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever goes wrong: nothing in the error, in what is chained to it, or in any log at DEBUG."""
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
    """Nobody listens: the same, with the operating system's own words kept."""
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
    """A presigned URL is a secret too: of it, an error and a log show the path."""
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
async def test_presigned_url_that_is_none(connect: Connector, target: str) -> None:
    """What is no URL to send to is refused without showing what is behind its question mark."""
    segment = whole(open_picture(png_like(90), "file"), base64=False)
    with pytest.raises(APIError) as caught:
        await connect.core("http://127.0.0.1").store(target, segment, "image/png")
    check(shown(caught.value))
    assert not caught.value.in_doubt


async def test_log_of_an_exchange(connect: Connector, caplog: pytest.LogCaptureFixture) -> None:
    """A log at DEBUG tells method, path, status and time of each request, and at INFO what is tried again."""
    caplog.set_level(logging.DEBUG, "scenario_async")
    async with serving(answered(503, {"reason": "busy"}), answered()) as server:
        await connect.models(server.url, query={"sig": SIGNATURE}).retrieve("m")
        assert server.requests[1].target == f"/models/m?sig={SIGNATURE}"
    check(caplog.text)
    first, again, second = (record.getMessage() for record in caplog.records)
    assert re.fullmatch(r"GET /models/m: 503 in \d+\.\d{3} s", first)
    assert again == "GET /models/m was answered 503 (the service failed): busy; again in 0.0 s"
    assert re.fullmatch(r"GET /models/m: 200 in \d+\.\d{3} s", second)
