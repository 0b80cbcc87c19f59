"""Bodies are read from pictures while they are sent over real connections."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import threading
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from attrs import field, frozen
from multidict import CIMultiDictProxy

from scenario_async._internal.declare.wire import prepare
from scenario_async._internal.http.payload import StreamedPayload
from scenario_async._internal.pictures import picture as pictures
from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import (
    CHUNK_SIZE,
    Picture,
    PictureChangedError,
    Segment,
    whole,
)
from scenario_async.errors import APIStatusError, InvalidArgumentError
from scenario_async.values.training_image import TrainingImageAddParams

from .conftest import Connector
from .mocked import Collector
from .samples import png_like, watched
from .servers import Act, ScriptedServer, answered, serving

SIZES = [
    90,
    91,
    92,
    CHUNK_SIZE - 1,
    CHUNK_SIZE,
    CHUNK_SIZE + 1,
    CHUNK_SIZE + 2,
    CHUNK_SIZE + 3,
    5 * CHUNK_SIZE - 1,
    5 * CHUNK_SIZE,
    5 * CHUNK_SIZE + 1,
]


@frozen
class Storage:
    """A real HTTP server that stores the bodies of requests."""

    url: str
    headers: list[CIMultiDictProxy[str]] = field(factory=list[CIMultiDictProxy[str]], init=False)
    bodies: list[bytes] = field(factory=list[bytes], init=False)


@pytest.fixture
async def storage() -> AsyncGenerator[Storage, None]:
    """A server that responds to any request with an empty object."""

    async def keep(request: web.Request) -> web.Response:
        kept.headers.append(request.headers)
        kept.bodies.append(await request.read())
        return web.json_response({})

    application = web.Application(client_max_size=2**24)
    application.router.add_route("*", "/{path:.*}", keep)
    async with TestServer(application) as server:
        kept = Storage(str(server.make_url("")).rstrip("/"))
        yield kept


@pytest.mark.parametrize("size", SIZES)
async def test_base64(storage: Storage, connect: Connector, size: int, tmp_path: Path) -> None:
    """A picture of any size in a body arrives unchanged, with the correct Content-Length."""
    content = png_like(size)
    (tmp_path / "fox.png").write_bytes(content)
    await connect.models(storage.url).training_images.add("m", data=tmp_path / "fox.png", preset="style")
    await connect.models(storage.url).training_images.add("m", data=content)
    for headers, body in zip(storage.headers, storage.bodies, strict=True):
        assert int(headers["Content-Length"]) == len(body)
        assert "Transfer-Encoding" not in headers
        assert headers.getall("Content-Type") == ["application/json"]
        prefix, _, encoded = orjson.loads(body)["data"].partition(",")
        assert prefix == "data:image/png;base64"
        assert base64.b64decode(encoded, validate=True) == content
    assert {name: orjson.loads(storage.bodies[0])[name] for name in ("name", "preset")} == {
        "name": "fox.png",
        "preset": "style",
    }


@pytest.mark.parametrize("size", SIZES)
async def test_raw(storage: Storage, connect: Connector, size: int) -> None:
    """A picture that is sent to object storage arrives unchanged, with its length and its type."""
    content = png_like(size)
    segment = whole(open_picture(io.BytesIO(content), "file"), base64=False)
    await connect.core("http://127.0.0.1").store(f"{storage.url}/bucket/key?sig=1", segment, "image/png")
    assert storage.bodies == [content]
    assert storage.headers[0].getall("Content-Length") == [str(size)]
    assert storage.headers[0].getall("Content-Type") == ["image/png"]
    assert "Transfer-Encoding" not in storage.headers[0]


async def test_long_data_url(storage: Storage, connect: Connector) -> None:
    """A string of more than 1 MiB is sent without aiohttp's warning that it blocks the event loop."""
    url = "data:image/png;base64," + "A" * 2**21
    await connect.models(storage.url).training_images.add("m", data=url)
    assert orjson.loads(storage.bodies[0]) == {"data": url}
    assert int(storage.headers[0]["Content-Length"]) == len(storage.bodies[0])


async def test_same_picture_for_several_requests(storage: Storage, connect: Connector) -> None:
    """A picture from an open file can be sent several times, each time from the file's first position."""
    content = png_like(CHUNK_SIZE + 5)
    file = io.BytesIO(b"before" + content)
    file.seek(6)
    picture = open_picture(file, "data")
    for _ in range(2):
        await connect.models(storage.url).training_images.add("m", data=picture)
    for body in storage.bodies:
        assert base64.b64decode(orjson.loads(body)["data"].partition(",")[2]) == content


@pytest.mark.parametrize("start", [0, 1000])
async def test_each_chunk_that_was_sent_is_reported(storage: Storage, connect: Connector, start: int) -> None:
    """The report has the offset and the length in bytes of the picture, not of its base64."""
    sent: list[tuple[int, int]] = []
    size = 2 * CHUNK_SIZE + 10
    picture = watched(
        open_picture(png_like(start + size), "data"), lambda offset, length: sent.append((offset, length))
    )
    segment = Segment(picture, base64=True, offset=start, length=size)
    await connect.core("http://127.0.0.1").store(f"{storage.url}/key", segment, "image/png")
    assert sent == [(start, CHUNK_SIZE), (start + CHUNK_SIZE, CHUNK_SIZE), (start + 2 * CHUNK_SIZE, 10)]


async def test_a_chunk_that_is_sent_again_is_reported_with_the_same_offset(connect: Connector) -> None:
    sent: list[int] = []
    picture = watched(open_picture(png_like(LARGE), "file"), lambda offset, _: sent.append(offset))
    async with serving(Act(read=CHUNK_SIZE, then="reset"), answered()) as server:
        await store(server, connect, picture)
    assert sent.count(0) == 2
    assert sorted(set(sent)) == list(range(0, LARGE, CHUNK_SIZE))


async def _written(picture: Picture) -> bytes:
    """The bytes that are written for a picture."""
    writer = Collector()
    await StreamedPayload([whole(picture, base64=False)]).write(writer)
    return bytes(writer.content)


@pytest.fixture
def threads_used(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The offsets of the chunks that are read in a thread."""
    used: list[int] = []
    chunk = Segment.chunk

    def noted(self: Segment, file: BinaryIO, done: int) -> bytes | bytearray:
        if threading.current_thread() is not threading.main_thread():
            used.append(done)
        return chunk(self, file, done)

    monkeypatch.setattr(Segment, "chunk", noted)
    return used


@pytest.mark.skipif(not hasattr(os, "RWF_NOWAIT"), reason="only Linux can read without waiting for the disk")
async def test_cached_chunks_are_read_without_a_thread(tmp_path: Path, threads_used: list[int]) -> None:
    """The first chunk is the exception, because opening a file may take long."""
    path = tmp_path / "fox.png"
    path.write_bytes(content := png_like(4 * CHUNK_SIZE + 1))
    with path.open("rb") as file:
        try:
            os.preadv(file.fileno(), [bytearray(1)], 0, os.RWF_NOWAIT)
        except OSError as error:
            pytest.skip(f"this file system cannot tell: {error}")
    assert await _written(open_picture(path, "image")) == content
    assert threads_used == [0]


@pytest.mark.parametrize("error", [BlockingIOError(11, "not in memory"), OSError(95, "not supported")])
async def test_chunks_that_may_not_be_cached_are_read_in_a_thread(
    tmp_path: Path, threads_used: list[int], monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def refuse(*_: Any) -> int:
        raise error

    monkeypatch.setattr(os, "preadv", refuse, raising=False)
    monkeypatch.setattr(pictures, "_NO_WAITING", 8)
    path = tmp_path / "fox.png"
    path.write_bytes(content := png_like(2 * CHUNK_SIZE + 1))
    assert await _written(open_picture(path, "image")) == content
    assert threads_used == [0, CHUNK_SIZE, 2 * CHUNK_SIZE]


async def test_chunks_are_read_in_a_thread_if_the_system_cannot_report_cached_data(
    tmp_path: Path, threads_used: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_NO_WAITING", None)
    path = tmp_path / "fox.png"
    path.write_bytes(content := png_like(CHUNK_SIZE + 1))
    assert await _written(open_picture(path, "image")) == content
    assert threads_used == [0, CHUNK_SIZE]


async def test_other_tasks_run_between_chunks() -> None:
    """This holds also if no read and no write ever waits."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(others())
    await _written(open_picture(png_like(20 * CHUNK_SIZE), "image"))
    other.cancel()
    assert turns >= 19


LARGE = 6 * CHUNK_SIZE


class HeldFile(io.BytesIO):
    """A file whose reads from a given offset wait until they are released."""

    def __init__(self, content: bytes, released: threading.Event, *, held_from: int) -> None:
        super().__init__(content)
        self.released = released
        self.held_from = held_from

    def read(self, size: int | None = -1, /) -> bytes:
        """Read after the release; the shorter reads that check the file's end do not wait."""
        is_check = size is not None and size < CHUNK_SIZE
        assert is_check or self.tell() < self.held_from or self.released.wait(5)
        return super().read(size)


async def test_sent_again_from_the_start(connect: Connector) -> None:
    """A body whose sending broke off is sent again whole. The server cannot process an incomplete body."""
    content = png_like(LARGE)
    async with serving(Act(read=CHUNK_SIZE, then="reset"), answered()) as server:
        file = HeldFile(b"before" + content, server.ended, held_from=LARGE // 2)
        file.seek(6)
        await connect.models(server.url).training_images.add("m", data=file)
    first, second = server.requests
    assert len(first.body) == CHUNK_SIZE
    assert second.body.startswith(first.body)
    assert base64.b64decode(second.json["data"].partition(",")[2]) == content


async def test_event_loop_does_not_wait_for_the_disk(storage: Storage, connect: Connector) -> None:
    """While a chunk is read, the event loop is free: only the loop can release the second chunk."""
    loop, released = asyncio.get_running_loop(), threading.Event()
    file = HeldFile(png_like(2 * CHUNK_SIZE), released, held_from=CHUNK_SIZE)
    picture = watched(open_picture(file, "data"), lambda _, __: loop.call_soon(released.set))
    await connect.models(storage.url, max_retries=0).training_images.add("m", data=picture)
    assert len(storage.bodies) == 1


async def upload(server: ScriptedServer, connect: Connector, picture: Picture) -> None:
    """Send a picture in a JSON body."""
    await connect.models(server.url).training_images.add("m", data=picture)


async def store(server: ScriptedServer, connect: Connector, picture: Picture) -> None:
    """Send a picture to a presigned URL."""
    segment = whole(picture, base64=False)
    await connect.core("http://127.0.0.1").store(f"{server.url}/bucket/key?sig=1", segment, "image/png")


@pytest.mark.parametrize("send", [upload, store])
async def test_file_that_shrinks_while_it_is_sent(
    connect: Connector, tmp_path: Path, send: Callable[..., Any]
) -> None:
    """The error is raised without a retry, because it is not a network failure."""
    path = tmp_path / "fox.png"
    path.write_bytes(png_like(LARGE))
    picture = watched(open_picture(path, "data"), lambda _, __: path.write_bytes(b"shorter"))
    async with serving(answered()) as server:
        with pytest.raises(
            PictureChangedError, match=rf"fox\.png: the file had {LARGE} bytes or more"
        ) as caught:
            await send(server, connect, picture)
        assert len(server.connections) == 1
    assert caught.value.__context__ is None


@pytest.mark.parametrize("send", [upload, store])
async def test_file_that_is_deleted_before_it_is_sent(
    connect: Connector, tmp_path: Path, send: Callable[..., Any]
) -> None:
    """The error names the file that was deleted after its check; the service received no body."""
    path = tmp_path / "fox.png"
    path.write_bytes(png_like(LARGE))
    picture = open_picture(path, "data")
    path.unlink()
    async with serving(answered()) as server:
        with pytest.raises(InvalidArgumentError, match="must stay readable until it is sent") as caught:
            await send(server, connect, picture)
        assert server.requests == []
    assert "No such file" in str(caught.value)
    assert caught.value.argument == "fox.png"
    assert isinstance(caught.value.__cause__, FileNotFoundError)


async def test_file_that_is_deleted_before_it_is_sent_again(connect: Connector, tmp_path: Path) -> None:
    """The second attempt finds no file and raises an error."""
    path = tmp_path / "fox.png"
    path.write_bytes(png_like(LARGE))
    picture = watched(open_picture(path, "file"), lambda _, __: path.unlink(missing_ok=True))
    async with serving(Act(read=2 * CHUNK_SIZE, then="reset"), answered()) as server:
        with pytest.raises(InvalidArgumentError, match="must stay readable until it is sent"):
            await store(server, connect, picture)
        assert len(server.connections) == 2


async def test_response_before_the_body_was_sent(connect: Connector) -> None:
    """If the service refuses early, the error is raised while the body is still being sent."""
    refusal = answered(400, {"reason": "Unhandled image format"}, then="close")
    async with serving(Act(refusal.answer, read=100, then="hold")) as server:
        with pytest.raises(APIStatusError, match="Unhandled image format"):
            await connect.models(server.url).training_images.add("m", data=png_like(LARGE))
        assert len(server.requests) == 1


async def test_sent_whole() -> None:
    """The payload knows whether the whole body was written; the server cannot process an incomplete body."""
    body = prepare(TrainingImageAddParams("m", data=open_picture(png_like(LARGE), "data"))).body
    assert isinstance(body, tuple)
    payload = StreamedPayload(body)

    class Breaking(Collector):
        async def write(self, chunk: bytes | bytearray | memoryview) -> None:
            if chunk == b'"}':
                assert payload.sent_whole
            else:
                assert not payload.sent_whole
            await super().write(chunk)

    await payload.write_with_length(Breaking(), payload.size)
    assert payload.sent_whole


async def test_a_small_picture_in_memory_is_sent_in_one_write() -> None:
    """Each write is a system call, and the picture counts as sent after it."""
    counted: list[tuple[int, int]] = []
    picture = open_picture(png_like(90), "data")
    picture = watched(picture, lambda offset, length: counted.append((offset, length)))
    payload = StreamedPayload([b"{", whole(picture, base64=True), b"}"])
    writes: list[bytes] = []

    class Recording(Collector):
        async def write(self, chunk: bytes | bytearray | memoryview) -> None:
            assert not counted
            writes.append(bytes(chunk))

    await payload.write(Recording())
    assert writes == [b"{" + base64.b64encode(png_like(90)) + b"}"]
    assert counted == [(0, 90)]
    assert payload.sent_whole


async def test_payload_is_never_decoded_as_a_whole() -> None:
    """Methods that would read the whole body into memory raise an error."""
    payload = StreamedPayload([b"x"])
    with pytest.raises(TypeError, match="never held"):
        payload.decode()
    with pytest.raises(TypeError, match="never held"):
        await payload.as_bytes()
