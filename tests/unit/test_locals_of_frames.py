"""Displays of local variables (pytest -l, rich, Sentry) show no secret for any error."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable
from typing import Any, cast

import pytest

from scenario_async import AsyncScenario, Scenario, ScenarioError
from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import whole

from .conftest import Connector
from .samples import picture
from .servers import DROPPED, SILENT, Act, answered, serving
from .test_secrets import BASIC, KEY, SECRET, SIGNATURE, TOKEN


def locals_of(error: BaseException | None) -> list[str]:
    """The reprs of all locals in the frames of the package and below, for an error and its causes."""
    shown: list[str] = []
    while error is not None:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if "/tests/" not in frame.f_code.co_filename:
                shown += [f"{name} = {value!r}" for name, value in frame.f_locals.items()]
        error = error.__cause__ or error.__context__
    return shown


def check(error: BaseException) -> None:
    for line in locals_of(error):
        for secret in (KEY, SECRET, TOKEN, BASIC, SIGNATURE):
            assert secret not in line, line.partition(" = ")[0]


@pytest.mark.parametrize(
    "act", [answered(401), answered(500), DROPPED, SILENT, Act(b"HTTP/9 x\r\n\r\n", then="close")]
)
async def test_locals_of_a_failed_request_show_no_secret(act: Act) -> None:
    async with (
        serving(act) as server,
        AsyncScenario(
            api_key=KEY, api_secret=SECRET, base_url=server.url, timeout=0.3, max_retries=0
        ) as client,
    ):
        with pytest.raises(ScenarioError) as caught:
            await client.models.retrieve("m")
    check(caught.value)


OF_A_CALL: dict[str, Callable[[Any, dict[str, str]], object]] = {
    "operation": lambda client, headers: client.models.retrieve("m", extra_headers=headers),
    "list": lambda client, headers: client.models.list(extra_headers=headers),
    "raw response": lambda client, headers: client.models.with_raw_response.list(extra_headers=headers),
    "with_response": lambda client, headers: client.with_response(client.models.list, extra_headers=headers),
}


@pytest.mark.parametrize("name", OF_A_CALL)
async def test_locals_of_a_failed_request_show_no_header_of_the_caller(name: str) -> None:
    """A header of a gateway may be a secret too."""
    async with serving(answered(401)) as server:
        headers = {"X-Gateway": TOKEN}
        options: dict[str, Any] = {"jwt": TOKEN, "base_url": server.url}

        def blocking() -> None:
            with Scenario(**options) as client:
                OF_A_CALL[name](client, headers)

        async with AsyncScenario(**options) as client:
            with pytest.raises(ScenarioError) as caught:
                await cast("Any", OF_A_CALL[name](client, headers))
        with pytest.raises(ScenarioError) as of_blocking:
            await asyncio.to_thread(blocking)
    check(caught.value)
    check(of_blocking.value)


@pytest.mark.parametrize("level", [logging.WARNING, logging.DEBUG])
async def test_a_request_that_is_cancelled(level: int, caplog: pytest.LogCaptureFixture) -> None:
    """A cancellation is not an error of this package.

    Its traceback has no frames below the transport either, and neither has the timeout that it causes.
    """
    caplog.set_level(level, "scenario_async")
    async with (
        serving(SILENT) as server,
        AsyncScenario(api_key=KEY, api_secret=SECRET, base_url=server.url) as client,
    ):
        call = asyncio.ensure_future(client.models.retrieve("m"))
        await asyncio.wait([call], timeout=0.3)
        assert server.requests
        call.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await call
        with pytest.raises(TimeoutError) as in_time:
            async with asyncio.timeout(0.3):
                await client.models.retrieve("m")
    check(caught.value)
    check(in_time.value)


async def test_locals_show_no_signature_of_a_presigned_url(connect: Connector) -> None:
    async with serving(answered(403)) as server:
        core = connect.core(server.url)
        url = f"{server.url}/bucket/key?sig={SIGNATURE}"
        segment = whole(open_picture(picture(), "file"), base64=False)
        for attempt in (core.store(url, segment, "image/png"), core.download(url)):
            with pytest.raises(ScenarioError) as caught:
                await attempt
            for frame, _ in traceback.walk_tb(caught.value.__traceback__):
                if frame.f_code.co_name in {"send", "exchange", "_send", "_request", "_follow"}:
                    for value in frame.f_locals.values():
                        assert SIGNATURE not in repr(value)


@pytest.mark.parametrize(
    "arguments",
    [
        {"api_key": KEY, "api_secret": SECRET, "base_url": "ftp://x"},
        {"api_key": KEY, "api_secret": SECRET + "\n"},
        {"jwt": TOKEN, "timeout": -1},
        {"jwt": TOKEN + "\n"},
        {"api_key": KEY},
        {"jwt": TOKEN, "proxy": f"http://user:1/{SECRET}@proxy:3128"},
        {"jwt": TOKEN, "proxy": f"http://user:{SECRET}@proxy:3128", "timeout": -1},
        {"jwt": TOKEN, "base_url": f"https://user:{SECRET}@host"},
        {"jwt": TOKEN, "base_url": f"https://user:{SECRET}/x@host"},
        {"jwt": TOKEN, "http_client": 1},
    ],
)
def test_locals_of_a_client_with_invalid_arguments_show_no_secret(arguments: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError) as caught:
        AsyncScenario(**arguments)
    check(caught.value)


CHANGES = [
    {"api_secret": SECRET, "base_url": "ftp://x"},
    {"api_secret": SECRET + "\n"},
    {"api_key": KEY + ":"},
    {"bearer_auth": TOKEN + "\n"},
    {"base_url": f"https://user:{SECRET}@host"},
]


@pytest.mark.parametrize("changes", CHANGES)
def test_locals_of_with_options_with_invalid_arguments_show_no_secret(changes: dict[str, Any]) -> None:
    client = AsyncScenario(api_key=KEY, api_secret=SECRET)
    with pytest.raises(ScenarioError) as caught:
        client.with_options(**changes)
    check(caught.value)


@pytest.mark.parametrize(("name", "value"), [*(item for one in CHANGES[1:] for item in one.items())])
def test_locals_of_an_invalid_setting_show_no_secret(name: str, value: str) -> None:
    client = AsyncScenario(api_key=KEY, api_secret=SECRET)
    with pytest.raises(ScenarioError) as caught:
        setattr(client, name, value)
    check(caught.value)


@pytest.mark.parametrize("name", ["api_key", "api_secret"])
def test_locals_of_an_empty_setting_do_not_show_the_present_one(name: str) -> None:
    client = AsyncScenario(api_key=KEY, api_secret=SECRET)
    with pytest.raises(ScenarioError) as caught:
        setattr(client, name, "")
    check(caught.value)
