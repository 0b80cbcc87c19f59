"""Starting and stopping a sandbox, and its public attributes."""

from __future__ import annotations

import ast
import asyncio
import socket
import threading
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import scenario_async.sandbox
from scenario_async.sandbox import Sandbox
from scenario_async.sandbox._internal.state import timestamp

from .wire import basic, encoded, eventually, picture, running


async def test_base_url_only_while_running() -> None:
    """An address is available only while it runs."""
    sandbox = Sandbox()
    with pytest.raises(RuntimeError, match="not running"):
        _ = sandbox.base_url
    async with sandbox:
        assert sandbox.base_url.startswith("http://127.0.0.1:")
        assert sandbox.base_url.endswith("/v1")
    with pytest.raises(RuntimeError, match="not running"):
        _ = sandbox.base_url


async def test_repr_shows_no_secret() -> None:
    """The repr shows the address and no secret."""
    sandbox = Sandbox(api_key="the-key", api_secret="the-secret", jwt="the-token")
    assert "not running" in repr(sandbox)
    async with sandbox:
        assert sandbox.base_url in repr(sandbox)
        settings = sandbox._context.settings  # pyright: ignore[reportPrivateUsage] - its repr
        for text in (repr(sandbox), repr(settings)):
            assert "the-key" not in text
            assert "the-secret" not in text
            assert "the-token" not in text
    assert (sandbox.api_key, sandbox.api_secret, sandbox.jwt) == ("the-key", "the-secret", "the-token")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])  # noqa: S104 - refused
def test_remote_address(host: str) -> None:
    """An address that others can reach is refused unless allowed."""
    with pytest.raises(ValueError, match="loopback"):
        Sandbox(host=host)
    Sandbox(host=host, allow_remote=True)


async def test_loopback_addresses() -> None:
    """Every spelling of loopback works."""
    for host in ("localhost", "127.0.0.2", "::1"):
        async with running(host=host) as wire:
            assert (await wire.ask("GET", "/models")).status == 200


@pytest.mark.parametrize(
    "setting",
    [
        {"group_answer": "some"},
        {"training_image_limit": -1},
        {"part_url_lifetime": -1.0},
        {"import_delay": -1.0},
        {"api_secret": ""},
        {"jwt": ""},
    ],
)
def test_invalid_settings(setting: dict[str, Any]) -> None:
    """An invalid setting is refused."""
    with pytest.raises(ValueError, match=next(iter(setting))):
        Sandbox(**setting)


async def test_two_side_by_side() -> None:
    """Two sandboxes in one process share nothing."""
    async with running(api_key="one") as one, running(api_key="two") as two:
        assert one.sandbox.base_url != two.sandbox.base_url
        model_id = await one.model()
        assert (await one.ask("GET", f"/models/{model_id}")).status == 200
        assert (await two.ask("GET", f"/models/{model_id}")).status == 404
        assert not two.sandbox.state.models
        assert (one.sandbox.requests["POST /models"], two.sandbox.requests["POST /models"]) == (1, 0)
        wrong = {"Authorization": basic(one.sandbox.api_key, one.sandbox.api_secret)}
        assert (await two.ask("GET", "/models", headers=wrong)).status == 401


async def test_start_and_close_twice() -> None:
    """Starting twice is refused, and closing twice does nothing."""
    sandbox = Sandbox()
    await sandbox.close()
    await sandbox.start()
    with pytest.raises(RuntimeError, match="already"):
        await sandbox.start()
    assert sandbox.base_url
    await sandbox.close()
    await sandbox.close()


async def test_start_again() -> None:
    """It can be started again and keeps its state."""
    async with running() as wire:
        sandbox, model_id = wire.sandbox, await wire.model()
    async with sandbox, aiohttp.ClientSession() as session:
        headers = {"Authorization": basic(sandbox.api_key, sandbox.api_secret)}
        async with session.get(f"{sandbox.base_url}/models/{model_id}", headers=headers) as response:
            assert response.status == 200


async def test_port_taken() -> None:
    """A port in use raises an error, and nothing stays open."""
    async with Sandbox() as first:
        port = int(first.base_url.removesuffix("/v1").rpartition(":")[2])
        second = Sandbox(port=port)
        with pytest.raises(OSError, match="address already in use"):
            await second.start()
        assert "not running" in repr(second)
    await second.start()
    await second.close()


async def test_close_in_flight() -> None:
    """Closing ends open connections and running requests, and leaves no task."""
    before = asyncio.all_tasks()
    sandbox = Sandbox()
    await sandbox.start()
    port = int(sandbox.base_url.removesuffix("/v1").rpartition(":")[2])
    head = f"POST /v1/assets HTTP/1.1\r\nHost: sandbox\r\nContent-Length: {{}}\r\nContent-Type: application/json\r\nAuthorization: {basic('sandbox-key', 'sandbox-secret')}\r\n\r\n"  # noqa: E501 - one request
    body = f'{{"name": "a", "image": "{encoded(picture(size=(1500, 1500)))}"}}'
    requests = {
        "idle": b"",
        "half sent": (head.format(1000) + "{").encode(),
        "working": (head.format(len(body)) + body).encode(),
    }
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in requests]
    for (_, writer), request in zip(connections, requests.values(), strict=True):
        writer.write(request)
        await writer.drain()
    await eventually(lambda: sandbox.requests["POST /assets"] == 2)

    # aiohttp would wait for a minute by default.
    await asyncio.wait_for(sandbox.close(), 10)

    assert asyncio.all_tasks() == before
    # A thread that still decodes ends a little later.
    await eventually(
        lambda: not any(one.name.startswith("scenario-sandbox") for one in threading.enumerate())
    )
    for reader, writer in connections:
        await reader.read()
        assert reader.at_eof()
        writer.close()
        await writer.wait_closed()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


def test_loop_in_another_thread() -> None:
    """It runs on a loop in another thread."""

    async def create() -> str:
        async with running() as wire:
            return await wire.model()

    async def in_thread() -> str:
        return await asyncio.to_thread(asyncio.run, create())

    assert asyncio.run(in_thread()).startswith("model_")


def test_independence_of_the_client() -> None:
    """It does not import the client."""
    folder = Path(scenario_async.sandbox.__file__).parent
    imported: set[str] = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0
                imported.add(node.module or "")
            elif isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)
    own = {name for name in imported if name.partition(".")[0] == "scenario_async"}
    others = {name for name in own if not name.startswith("scenario_async.sandbox")}
    assert others == {"scenario_async._internal.pictures.formats"}


async def test_broken_connection(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A connection that breaks while a request is sent causes no response and no error message."""
    async with Sandbox() as sandbox:
        port = int(sandbox.base_url.removesuffix("/v1").rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"POST /v1/models HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 10\r\n\r\n{")
            await eventually(lambda: len(sandbox.requests) == 1)
        await asyncio.sleep(0.01)
        assert [request.status for request in sandbox.requests] == [None]
    assert not caplog.records


async def test_objects_have_the_time_of_the_sandboxs_clock() -> None:
    """Otherwise a list of what was created or changed after a job would leave out what came later."""
    async with running() as wire:
        asset_id = await wire.asset()
        wire.sandbox.advance_clock(3600)
        later = timestamp(time.time() + 3000)
        model_id = await wire.model()
        await wire.attach(model_id, asset_id)
        await wire.ask("PUT", f"/assets/{asset_id}", {"description": "a fox"})
        copy = (await wire.ask("POST", f"/models/{model_id}/copy", {})).body["model"]
        asset = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]
        upload = {"kind": "image", "fileName": "a.png", "contentType": "image/png", "fileSize": 1, "parts": 1}
        begun = (await wire.ask("POST", "/uploads", upload)).body["upload"]
        times = [copy["createdAt"], copy["trainingImages"][0]["createdAt"], asset["updatedAt"]]
        assert min(*times, begun["createdAt"]) >= later
        assert asset["createdAt"] < later
