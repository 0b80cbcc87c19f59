"""What takes too long."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import whole
from scenario_async.errors import APIConnectionError, APITimeoutError

from .conftest import Connector
from .samples import picture, sparse_png
from .servers import SILENT, Act, answered, serving

HALF_AN_ANSWER = Act(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", then="hold")

READING = aiohttp.ClientTimeout(sock_read=0.1)
IN_ALL = aiohttp.ClientTimeout(total=0.1)


@pytest.mark.parametrize("allowed", [READING, IN_ALL], ids=["without a byte", "in all"])
@pytest.mark.parametrize("act", [SILENT, HALF_AN_ANSWER], ids=["no answer", "half an answer"])
async def test_no_answer_in_time(connect: Connector, act: Act, allowed: aiohttp.ClientTimeout) -> None:
    """The request arrived, so what became of it is in doubt: not sent again where that would do harm."""
    async with serving(act) as server:
        with pytest.raises(APITimeoutError, match="no answer in time") as caught:
            await connect.models(server.url, timeout=allowed).training_images.add("m", data=picture())
        assert len(server.requests) == 1
    assert caught.value.in_doubt
    assert str(caught.value) == "POST /models/m/training-images to 127.0.0.1: no answer in time"


async def test_tried_again(connect: Connector) -> None:
    """A lookup is, as often as any other failure, on a connection of its own each time."""
    async with serving(SILENT, SILENT, answered()) as server:
        await connect.models(server.url, timeout=READING).retrieve("m")
        assert len(server.requests) == len(server.connections) == 3


@pytest.fixture
def busy_port() -> Iterator[int]:
    """A port on which nobody accepts connections any more, and where new ones wait."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]
        for one in waiting:
            one.close()


async def test_no_connection_in_time(connect: Connector, busy_port: int) -> None:
    """Nothing was sent, so nothing is in doubt."""
    models = connect.models(
        f"http://127.0.0.1:{busy_port}", timeout=aiohttp.ClientTimeout(sock_connect=0.05), max_retries=1
    )
    with pytest.raises(APITimeoutError) as caught:
        await models.training_images.add("m", data=picture())
    assert isinstance(caught.value, APIConnectionError)
    assert not caught.value.in_doubt


async def test_time_for_sending_does_not_count(connect: Connector, tmp_path: Path) -> None:
    """Who waits for the answer's first byte does not wait while a picture is still on its way."""
    size = 32 * 2**20
    segment = whole(open_picture(sparse_png(tmp_path / "large.png", size), "file"), base64=False)
    async with serving(Act(answered().answer, pause=0.35)) as server:
        core = connect.core("http://127.0.0.1", timeout=aiohttp.ClientTimeout(sock_read=0.3), max_retries=0)
        await core.store(f"{server.url}/bucket/key", segment, "image/png")
        assert len(server.requests[0].body) == size
