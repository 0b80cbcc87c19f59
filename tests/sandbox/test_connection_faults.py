"""Faults of the connection: the effects for the client, and the changes in the sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Literal

import aiohttp
import pytest
from aiohttp import web
from attrs import field, frozen

from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Arrival, Delay, Drop, Fault, Hang, Truncate

from .wire import Wire, eventually, picture, raw, running

UPLOAD = {"kind": "image", "fileName": "a.png", "contentType": "image/png", "fileSize": 10, "parts": 1}
PATIENCE = 10
"""Seconds after which closing a sandbox has failed."""


async def part_url(wire: Wire) -> str:
    """Begin an upload of one part; return the part's URL."""
    url: str = (await wire.ask("POST", "/uploads", UPLOAD)).body["upload"]["parts"][0]["url"]
    return url


@pytest.mark.parametrize("when", ["before", "during", "after"])
@pytest.mark.parametrize("reset", [False, True])
async def test_drop(when: Literal["before", "during", "after"], reset: bool) -> None:
    """A dropped request has no response, and was processed only if the connection was dropped afterwards."""
    async with running(faults=Faults(Rule(Drop(when, reset=reset)))) as wire:
        with pytest.raises(aiohttp.ClientOSError if reset else aiohttp.ServerDisconnectedError):
            await wire.ask("POST", "/models", {"name": "a"})
        (logged,) = wire.sandbox.requests
        processed = when == "after"
        assert len(wire.sandbox.state.models) == int(processed)
        assert logged.status is None
        assert (logged.outcome, logged.changed) == ((200, True) if processed else (None, False))
        assert logged.fault == Drop(when, reset=reset)
        assert wire.sandbox.faults.count(Drop) == 1


async def test_drop_reads_the_body_first(wire: Wire) -> None:
    """A connection that is dropped before processing reads the whole body first.

    One that is dropped during the body reads a part.
    """
    for fault, wanted in ((Drop("before"), 100), (Drop("during", after_bytes=40), 40)):
        wire.sandbox.faults = Faults(Rule(fault))
        async with raw(wire, "POST", "/v1/models", length=100) as (reader, writer):
            writer.write(bytes(wanted - 1))
            await writer.drain()
            await eventually(lambda: wire.sandbox.faults.count() == 1)
            await asyncio.sleep(0.02)
            assert not reader.at_eof()
            writer.write(b"x")
            assert await reader.read() == b""


@pytest.mark.parametrize("fault", [Drop("before"), Drop("after")])
async def test_drop_storage(wire: Wire, fault: Drop) -> None:
    """Object storage drops connections too, before or after it received the part."""
    url = await part_url(wire)
    wire.sandbox.faults = Faults(Rule(fault, on="PUT /storage/*", times=2))
    # aiohttp's client repeats a PUT by itself if a reused connection breaks.
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await wire.fetch("PUT", url, data=b"content")
    (upload,) = wire.sandbox.state.uploads.values()
    assert upload.parts == ({1: b"content"} if fault.when == "after" else {})
    assert (await wire.fetch("PUT", url, data=b"again")).status == 200
    assert upload.parts == {1: b"again"}


@pytest.mark.parametrize("when", ["before", "during", "after"])
async def test_hang(when: Literal["before", "during", "after"]) -> None:
    """A request that hangs has no response, and was processed only if it hangs afterwards."""
    async with running(faults=Faults(Rule(Hang(when)))) as wire:
        request = asyncio.create_task(wire.ask("POST", "/models", {"name": "a"}))
        await eventually(lambda: wire.sandbox.faults.count(Hang) == 1)
        await asyncio.wait([request], timeout=0.1)
        assert not request.done()
        request.cancel()
        (logged,) = wire.sandbox.requests
        assert (logged.status, logged.outcome) == (None, 200 if when == "after" else None)
        assert len(wire.sandbox.state.models) == int(when == "after")


@pytest.mark.parametrize(("fault", "gets_rid"), [(Hang("during"), False), (Hang("before"), True)])
async def test_hang_in_the_body(wire: Wire, fault: Hang, gets_rid: bool) -> None:
    """A server that hangs during the body does not read the rest of it."""
    size = 30_000_000
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(size // 100_000):
            yield bytes(100_000)
            sent += 100_000

    url = await part_url(wire)
    wire.sandbox.faults = Faults(Rule(fault, on="PUT /storage/*"))
    upload = asyncio.create_task(wire.fetch("PUT", url, data=body()))
    if gets_rid:
        await eventually(lambda: sent == size)
    else:
        await eventually(lambda: sent > 0)
        await asyncio.wait([upload], timeout=0.3)
        assert sent < size
    assert not upload.done()
    upload.cancel()
    await asyncio.wait([upload])


async def test_delay_before(wire: Wire) -> None:
    """A delayed request is processed later, also if its client has disconnected."""
    wire.sandbox.faults.add(Rule(Delay(0.3, "before"), on="POST /models", times=2))
    request = asyncio.create_task(wire.ask("POST", "/models", {"name": "a"}))
    await eventually(lambda: wire.sandbox.faults.count() == 1)
    request.cancel()
    assert not wire.sandbox.state.models
    await eventually(lambda: len(wire.sandbox.state.models) == 1)
    started = asyncio.get_running_loop().time()
    assert (await wire.ask("POST", "/models", {"name": "b"})).status == 200
    # The first request was processed, although its client had disconnected.
    assert [(logged.status, logged.outcome) for logged in wire.sandbox.requests] == [(None, 200), (200, 200)]
    assert asyncio.get_running_loop().time() - started >= 0.3


async def test_delay_after(wire: Wire) -> None:
    """If only the response is delayed, the request is processed immediately."""
    wire.sandbox.faults.add(Rule(Delay(0.2, "after"), on="POST /models"))
    started = asyncio.get_running_loop().time()
    answer = asyncio.create_task(wire.ask("POST", "/models", {"name": "a"}))
    await eventually(lambda: len(wire.sandbox.state.models) == 1)
    assert not answer.done()
    assert (await answer).body["model"]["name"] == "a"
    assert asyncio.get_running_loop().time() - started >= 0.2


@pytest.mark.parametrize(("keep", "expected"), [(None, None), (0, 0), (7, 7), (1_000_000, None)])
async def test_truncate(keep: int | None, expected: int | None) -> None:
    """A truncated response has fewer bytes than announced, and the request was processed."""
    async with running(faults=Faults(Rule(Truncate(keep)))) as wire:
        with pytest.raises(aiohttp.ClientPayloadError):
            await wire.ask("POST", "/models", {"name": "a"})
        assert len(wire.sandbox.state.models) == 1

        async with raw(wire, "GET", "/v1/models") as (reader, _):
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        promised = int(head.lower().partition(b"content-length: ")[2].split()[0])
        assert b" 200 OK" in head
        assert len(body) < promised
        if expected is not None:
            assert len(body) == expected
        elif keep is None:
            assert len(body) == promised // 2
        else:
            assert len(body) == promised - 1
        assert [logged.outcome for logged in wire.sandbox.requests] == [200, 200]


async def test_truncate_storage(wire: Wire) -> None:
    """The bytes of a picture are truncated, and so is a response without a body."""
    content = picture()
    asset_id = await wire.asset(content)
    download = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]["url"]
    upload = await part_url(wire)
    wire.sandbox.faults = Faults(Rule(Truncate(), on="* /storage/*"))
    with pytest.raises(aiohttp.ClientPayloadError):
        await wire.fetch("GET", download)
    with pytest.raises(aiohttp.ClientPayloadError):
        await wire.fetch("PUT", upload, data=b"content")
    (stored,) = wire.sandbox.state.uploads.values()
    assert stored.parts == {1: b"content"}


@pytest.mark.parametrize(
    "fault", [Hang("before"), Hang("during"), Hang("after"), Delay(3600, "before"), Delay(3600, "after")]
)
@pytest.mark.parametrize("client_is_gone", [False, True])
async def test_close_while_requests_wait(fault: Fault, client_is_gone: bool) -> None:
    """A sandbox closes immediately although requests wait.

    Clients see a dropped connection, and no task remains.
    """
    before = asyncio.all_tasks()
    async with aiohttp.ClientSession() as session:
        sandbox = Sandbox(faults=Faults(Rule(fault)))
        await sandbox.start()
        wire = Wire(sandbox, session)
        request = asyncio.create_task(wire.ask("POST", "/models", {"name": "a"}))
        await eventually(lambda: sandbox.faults.count() == 1)
        processed = getattr(fault, "when", None) == "after"
        await eventually(lambda: len(sandbox.state.models) == int(processed))
        if client_is_gone:
            request.cancel()
            await asyncio.wait([request])
        await asyncio.wait_for(sandbox.close(), PATIENCE)
        if not client_is_gone:
            with pytest.raises(aiohttp.ClientConnectionError):
                await request
        # A closed sandbox does not process delayed requests later.
        assert len(sandbox.state.models) == int(processed)
        assert asyncio.all_tasks() == before


async def test_hang_again() -> None:
    """A sandbox that was closed during a hanging request can start again and let requests hang."""
    sandbox = Sandbox(faults=Faults(Rule(Hang("after"))))
    async with aiohttp.ClientSession() as session:
        for count in (1, 2):
            async with sandbox:
                request = asyncio.create_task(Wire(sandbox, session).ask("POST", "/models", {}))
                await eventually(lambda: all(logged.outcome for logged in sandbox.requests))
                await eventually(lambda: len(sandbox.requests) == count)  # noqa: B023 - awaited here
                await asyncio.wait([request], timeout=0.05)
                assert not request.done()
            with pytest.raises(aiohttp.ClientConnectionError):
                await request


@frozen
class SlowToEnd(Fault):
    """A fault that hangs, and needs some time to end when the sandbox closes."""

    arrivals: list[Arrival] = field(factory=list[Arrival], eq=False)

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Wait until cancelled, and then a little longer."""
        self.arrivals.append(arrival)
        try:
            await arrival.wait()
        finally:
            for _ in range(100):
                await asyncio.sleep(0)
        return None


async def test_close_waits_for_faults() -> None:
    """Closing waits for the end of delayed requests, although their clients have disconnected."""
    before = asyncio.all_tasks()
    async with aiohttp.ClientSession() as session:
        fault = SlowToEnd()
        sandbox = Sandbox(faults=Faults(Rule(fault)))
        async with sandbox:
            request = asyncio.create_task(Wire(sandbox, session).ask("GET", "/models"))
            await eventually(lambda: len(fault.arrivals) == 1)
            request.cancel()
            await eventually(lambda: fault.arrivals[0].request.transport is None)
        assert asyncio.all_tasks() == before


@pytest.mark.parametrize("kind", [Drop, Hang])
def test_wrong_moment(kind: type[Drop | Hang]) -> None:
    """An unknown moment is refused."""
    with pytest.raises(ValueError, match="when"):
        kind("later")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - that's the point
    with pytest.raises(ValueError, match="when"):
        Delay(1, "during")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - the same
