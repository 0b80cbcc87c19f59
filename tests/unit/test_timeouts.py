"""Requests and responses that take too long."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

from scenario_async import AsyncScenario
from scenario_async._internal.http import connections, options
from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import whole
from scenario_async.errors import APIConnectionError, APITimeoutError, ResponseTooLargeError

from .conftest import Connector
from .samples import picture, sparse_png
from .servers import SILENT, Act, answered, serving

HALF_AN_ANSWER = Act(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", then="hold")

READING = aiohttp.ClientTimeout(sock_read=0.1)
IN_ALL = aiohttp.ClientTimeout(total=0.1)


@pytest.mark.parametrize("allowed", [READING, IN_ALL], ids=["without a byte", "in all"])
@pytest.mark.parametrize("act", [SILENT, HALF_AN_ANSWER], ids=["no answer", "half an answer"])
async def test_no_response_in_time(connect: Connector, act: Act, allowed: aiohttp.ClientTimeout) -> None:
    """The request arrived, so it is in doubt, and it is not retried unless it is safe to repeat."""
    async with serving(act) as server:
        with pytest.raises(APITimeoutError, match="no response in time") as caught:
            await connect.models(server.url, timeout=allowed).training_images.add("m", data=picture())
        assert len(server.requests) == 1
    assert caught.value.in_doubt
    assert str(caught.value) == "POST /models/m/training-images to 127.0.0.1: no response in time"


async def test_a_lookup_is_retried_after_a_timeout(connect: Connector) -> None:
    """It is retried like after any other failure, each time on a new connection."""
    async with serving(SILENT, SILENT, answered()) as server:
        await connect.models(server.url, timeout=READING).retrieve("m")
        assert len(server.requests) == len(server.connections) == 3


@pytest.fixture
def busy_port() -> Iterator[int]:
    """A port that accepts no more connections, so that new connections wait."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]
        for one in waiting:
            one.close()


async def test_no_connection_in_time(connect: Connector, busy_port: int) -> None:
    """No request was sent, so the error is not in doubt."""
    models = connect.models(
        f"http://127.0.0.1:{busy_port}", timeout=aiohttp.ClientTimeout(sock_connect=0.05), max_retries=1
    )
    with pytest.raises(APITimeoutError) as caught:
        await models.training_images.add("m", data=picture())
    assert isinstance(caught.value, APIConnectionError)
    assert not caught.value.in_doubt


@asynccontextmanager
async def slow_server(step: int, pause: float) -> AsyncGenerator[str]:
    """A server that reads in steps with a pause before each, and responds after it has read all."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        left = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        while left:
            await asyncio.sleep(pause)
            left -= len(await reader.readexactly(min(step, left)))
        writer.write(answered().answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=2**16)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        server.close()


async def test_time_for_sending_is_not_limited(connect: Connector, tmp_path: Path) -> None:
    """A peer that reads a large picture slowly, but steadily, may take any time."""
    picture = open_picture(sparse_png(tmp_path / "large.png", 32 * 2**20), "file")
    segment = whole(picture, base64=False)
    core = connect.core("http://127.0.0.1", timeout=aiohttp.ClientTimeout(sock_read=0.6), max_retries=0)
    started = time.monotonic()
    async with slow_server(2**20, 0.03) as url:
        await core.store(f"{url}/bucket/key", segment, "image/png")
    assert time.monotonic() - started > 0.9


async def test_a_peer_that_stops_reading(connect: Connector, tmp_path: Path) -> None:
    """If no byte of a large picture is read for some time, a timeout is raised, and it is not in doubt."""
    picture = open_picture(sparse_png(tmp_path / "large.png", 32 * 2**20), "file")
    core = connect.core("http://127.0.0.1", timeout=READING, max_retries=0)
    async with serving(Act(read=0, then="hold")) as server:
        with pytest.raises(APITimeoutError) as caught:
            await core.store(f"{server.url}/bucket/key", whole(picture, base64=False), "image/png")
    assert not caught.value.in_doubt


@asynccontextmanager
async def dripping_server(head: bytes, drop: bytes) -> AsyncGenerator[str]:
    """A server that responds to every request with a byte every few milliseconds, for ever."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(head)
            while not writer.is_closing():
                writer.write(drop)
                await writer.drain()
                await asyncio.sleep(0.01)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        for writer in writers:
            writer.transport.abort()
            with suppress(ConnectionError):
                await writer.wait_closed()
        server.close()


HEADERS = b"HTTP/1.1 200 OK\r\nX: "
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"


@pytest.mark.parametrize("with_picture", [False, True])
async def test_a_body_that_drips(
    connect: Connector, monkeypatch: pytest.MonkeyPatch, with_picture: bool
) -> None:
    """The whole body has a time limit, also by default, so single bytes do not extend a call for ever."""
    monkeypatch.setattr(options, "RESPONSE_TIMEOUT", 0.3)
    async with dripping_server(HEAD + b"\r\n", b"1\r\n \r\n") as url:
        images = connect.models(url, max_retries=0).training_images
        with pytest.raises(APITimeoutError):
            await (images.add("m", data=picture()) if with_picture else images.add("m", asset_id="a"))


@pytest.mark.parametrize("with_picture", [False, True])
async def test_headers_that_drip(connect: Connector, with_picture: bool) -> None:
    """Single bytes do not extend the time limit for headers."""
    timeout = aiohttp.ClientTimeout(total=None, sock_read=0.3)
    async with dripping_server(HEADERS, b"a") as url:
        images = connect.models(url, max_retries=0, timeout=timeout).training_images
        with pytest.raises(APITimeoutError):
            await (images.add("m", data=picture()) if with_picture else images.add("m", asset_id="a"))


@pytest.mark.parametrize(("head", "drop"), [(HEAD + b"\r\n", b"1\r\n \r\n"), (HEADERS, b"a")])
@pytest.mark.parametrize("with_picture", [False, True])
async def test_a_response_that_drips_to_a_session_of_the_caller(
    monkeypatch: pytest.MonkeyPatch, head: bytes, drop: bytes, with_picture: bool
) -> None:
    """The same holds for a session that the caller passed, whose connections are created by aiohttp."""
    monkeypatch.setattr(options, "RESPONSE_TIMEOUT", 0.3)
    async with dripping_server(head, drop) as url, aiohttp.ClientSession() as session:
        client = AsyncScenario(
            api_key="key", api_secret="secret", base_url=url, session=session, max_retries=0
        )
        images = client.models.training_images
        with pytest.raises(APITimeoutError):
            await (images.add("m", data=picture()) if with_picture else images.add("m", asset_id="a"))


@pytest.mark.parametrize("allowed", [0.3, 0.05])
async def test_each_request_has_its_own_time_for_a_response(connect: Connector, allowed: float) -> None:
    """A request on a reused connection has its own time limit, longer or shorter than the limit before."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    async with serving(Act(answer), Act(b"", then="hold")) as server:
        client = connect.models(server.url, max_retries=0, timeout=aiohttp.ClientTimeout(sock_read=0.15))
        await client.retrieve("m")
        begun = time.monotonic()
        with pytest.raises(APITimeoutError):
            await client.retrieve("m", timeout=aiohttp.ClientTimeout(total=None, sock_read=allowed))
        assert time.monotonic() - begun >= allowed * 0.9


async def test_a_limit_of_the_caller_applies_to_the_whole_attempt(connect: Connector) -> None:
    async with dripping_server(HEAD + b"\r\n", b"1\r\n \r\n") as url:
        with pytest.raises(APITimeoutError):
            await connect.models(url, max_retries=0, timeout=IN_ALL).retrieve("m")


ENDLESS = HEAD + b"\r\n"
PACKED = gzip.compress(b" " * 3_000_000)
BOMB = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED) + PACKED
HUGE = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n{"


@pytest.mark.parametrize("answer", [BOMB, HUGE], ids=["gzip bomb", "huge length"])
async def test_a_response_that_is_too_large(connect: Connector, answer: bytes) -> None:
    """A response that would fill the memory is aborted without a retry; the message names the argument."""
    async with serving(Act(answer, then="hold")) as server:
        models = connect.models(server.url, max_response_size=1_000_000)
        with pytest.raises(ResponseTooLargeError, match="max_response_size=") as caught:
            await models.retrieve("m")
        assert len(server.requests) == 1
    assert caught.value.in_doubt
    assert len(str(caught.value)) < 300


async def test_an_endless_response_ends_at_the_size_limit(connect: Connector) -> None:
    async with dripping_server(ENDLESS, b"10000\r\n" + b" " * 65536 + b"\r\n") as url:
        models = connect.models(url, max_response_size=1_000_000)
        with pytest.raises(ResponseTooLargeError):
            await models.retrieve("m")


async def test_a_name_lookup_that_hangs(connect: Connector, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connecting has a total time limit, and the hanging thread is not waited for."""
    monkeypatch.setattr(connections, "CONNECT_TIMEOUT", 0.2)

    def hang(*_: object) -> None:
        time.sleep(5)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with pytest.raises(APITimeoutError) as caught:
        await connect.models("https://api.example", max_retries=0).training_images.add("m", data=picture())
    assert not caught.value.in_doubt


async def test_a_port_without_a_tls_handshake_times_out(
    connect: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "CONNECT_TIMEOUT", 0.2)
    async with serving(SILENT) as server:
        url = server.url.replace("http:", "https:")
        with pytest.raises(APITimeoutError) as caught:
            await connect.models(url, max_retries=0).training_images.add("m", data=picture())
    assert not caught.value.in_doubt
