"""Servers that behave oddly: each request ends with an error of this package, in bounded time."""

from __future__ import annotations

import asyncio
import base64
import gc
import re
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import psutil  # type: ignore[import-untyped] # psutil has no types
import pytest

from scenario_async import AsyncScenario, InvalidArgumentError
from scenario_async._internal.http import options
from scenario_async._internal.http.proxies import read_proxy
from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import whole
from scenario_async.errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    PermissionDeniedError,
)
from scenario_async.sandbox import Sandbox

from .conftest import Connector
from .samples import picture, sparse_png
from .servers import DROPPED, Act, answered, downloaded, serving
from .test_timeouts import HEAD, dripping_server

HOSTS = [
    f"http://{'a' * 64}.com",
    f"http://{'a.' * 200}com",
    "http://a..b",
    "http://.a.com",
    "http://\u2063.com",
    "http://127.0.0.1:99999",
    "http://127.0.0.1:abc",
    "http://[::1",
]


@pytest.mark.parametrize("host", HOSTS)
async def test_a_host_that_cannot_be_looked_up(connect: Connector, host: str) -> None:
    """It is refused before anything is sent, in presigned URLs, redirects and arguments."""
    core = connect.core("http://127.0.0.1:1")
    segment = whole(open_picture(picture(), "file"), base64=False)
    for call in (core.store(f"{host}/b/k", segment, "image/png"), downloaded(core, f"{host}/b/k")):
        with pytest.raises(APIError, match="the URL for it cannot be read") as caught:
            await call
        assert not caught.value.in_doubt
    with pytest.raises(InvalidArgumentError):
        AsyncScenario(api_key="k", api_secret="s", base_url=host.replace("http:", "https:"))
    with pytest.raises(InvalidArgumentError):
        read_proxy(host, "proxy")
    if host.isascii():  # a header with other characters is not sent unchanged
        async with serving(answered(302, headers={"Location": host})) as server:
            with pytest.raises(APIConnectionError, match="not a valid URL"):
                await connect.models(server.url).retrieve("m")


async def test_an_unexpected_exception_is_in_doubt(
    connect: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that may have been sent is not repeated, and its error is one of this package."""

    async def start(*_: object) -> None:
        raise UnicodeError("odd")

    async with serving(answered()) as server:
        images = connect.models(server.url).training_images
        monkeypatch.setattr(aiohttp.ClientResponse, "start", start)
        with pytest.raises(APIConnectionError, match=r"unexpected error \(UnicodeError\)") as caught:
            await images.add("m", data=picture())
        assert len(server.requests) <= 1
    assert caught.value.in_doubt


@pytest.mark.parametrize("drop", [b"", b"HTTP/1.1 102 Processing\r\n\r\n"], ids=["then silence", "repeated"])
async def test_interim_responses_do_not_extend_the_time_limit(connect: Connector, drop: bytes) -> None:
    timeout = aiohttp.ClientTimeout(total=None, sock_read=0.3)
    async with dripping_server(b"HTTP/1.1 100 Continue\r\n\r\n", drop) as url:
        with pytest.raises(APITimeoutError):
            async with asyncio.timeout(30):
                await connect.models(url, max_retries=0, timeout=timeout).retrieve("m")


async def test_a_download_that_drips(connect: Connector, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may take any time, but not if single bytes of it arrive."""
    monkeypatch.setattr(options, "RESPONSE_TIMEOUT", 0.3)
    async with dripping_server(HEAD + b"\r\n", b"1\r\n \r\n") as url:
        with pytest.raises(APITimeoutError):
            async with asyncio.timeout(30):
                await downloaded(connect.core(url, max_retries=0), f"{url}/b/k")


async def test_a_fast_download_may_take_longer_than_the_time_limit(
    connect: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each stretch of the file has the time limit for itself, without the time that writing it takes."""
    monkeypatch.setattr(options, "RESPONSE_TIMEOUT", 0.3)
    content = bytes(2**20)

    async def write(chunks: AsyncIterator[bytes]) -> None:
        async for chunk in chunks:
            arrived.append(len(chunk))
            await asyncio.sleep(0.2)

    arrived: list[int] = []
    async with serving(answered(content=content)) as server:
        await connect.core(server.url, max_retries=0).download_to(f"{server.url}/b/k", write)
    assert sum(arrived) == len(content)


async def test_a_port_without_tls_is_named(connect: Connector) -> None:
    async with Sandbox() as sandbox:
        models = connect.models(sandbox.base_url.replace("http://", "https://"), max_retries=0)
        with pytest.raises(APIConnectionError, match="the server does not use it at this port"):
            await models.retrieve("m")


async def test_a_part_of_a_file_is_not_a_download(connect: Connector) -> None:
    async with serving(answered(206, content=b"ab")) as server:
        core = connect.core(server.url, max_retries=0)
        for call in (core.download(f"{server.url}/b/k"), downloaded(core, f"{server.url}/b/k")):
            with pytest.raises(APIResponseValidationError, match="206 instead of the whole file"):
                await call


async def test_a_success_before_the_whole_picture_was_sent(connect: Connector, tmp_path: Path) -> None:
    """The part was not stored, although the status says so."""
    segment = whole(open_picture(sparse_png(tmp_path / "large.png", 32 * 2**20), "file"), base64=False)
    early = Act(answered().answer, read=0, then="hold")
    async with serving(early) as server:
        core = connect.core(server.url, max_retries=0)
        with pytest.raises(APIResponseValidationError, match="before the whole body was sent") as caught:
            await core.store(f"{server.url}/b/k", segment, "image/png")
    assert caught.value.in_doubt


async def test_a_redirected_picture_is_in_doubt(connect: Connector, tmp_path: Path) -> None:
    """The redirected request was sent whole, so it is not repeated, even if the first one was cut short."""
    content = sparse_png(tmp_path / "large.png", 4 * 2**20)
    moved = Act(answered(307, headers={"Location": "/elsewhere"}).answer, read=0, then="hold")
    async with serving(moved, DROPPED) as server:
        with pytest.raises(APIConnectionError) as caught:
            await connect.models(server.url).training_images.add("m", data=content)
        assert len(server.requests) == 2
    assert caught.value.in_doubt


@pytest.mark.parametrize(("status", "in_doubt"), [(301, True), (303, True), (304, False), (307, False)])
async def test_a_redirect_of_a_post_may_be_a_success(connect: Connector, status: int, in_doubt: bool) -> None:
    """A service that responds to a finished request with a redirect may have processed it."""
    async with serving(answered(status, content=b"")) as server:
        with pytest.raises(APIStatusError) as caught:
            await connect.models(server.url).training_images.add("m", data=picture())
        assert len(server.requests) == 1
    assert caught.value.in_doubt is in_doubt


TOKEN = "a2V5OnNlY3JldA=="
"""The credentials of the tests."""

ECHOES = [
    Act(b"HTTP/1.1 Basic " + TOKEN.encode() + b"\r\n\r\n", then="close"),
    Act(b"HTTP/1.1 200 OK\r\nX Y: " + TOKEN.encode() + b"\r\n\r\n", then="close"),
    answered(400, {"reason": f"bad header: Basic {TOKEN}"}),
    answered(content=f"<html>Basic {TOKEN}".encode()),
]


@pytest.mark.parametrize("act", ECHOES)
async def test_a_server_that_echoes_the_credentials(connect: Connector, act: Act) -> None:
    async with serving(act) as server:
        with pytest.raises(APIError) as caught:
            await connect.models(server.url, max_retries=0).retrieve("m")
    error: BaseException | None = caught.value
    while error is not None:
        assert TOKEN not in f"{error!r} {vars(error)!r}"
        error = error.__cause__


def escaped(text: str) -> str:
    """Escape a text as JSON of PHP does."""
    return text.replace("/", "\\/")


def escaped_by_code(text: str) -> str:
    """Escape all characters but letters and digits as JSON may do."""
    return re.sub(r"\W", lambda found: rf"\u{ord(found[0]):04x}", text)


def escaped_by_entity(text: str) -> str:
    """Escape all characters but letters and digits as HTML may do."""
    return re.sub(r"\W", lambda found: f"&#x{ord(found[0]):X};", text)


SPELLINGS = [str, partial(quote, safe=""), escape, escaped, escaped_by_code, escaped_by_entity]
IDS = ["plain", "percent", "XML", "slash", "code", "entity"]


@pytest.mark.parametrize("encode", SPELLINGS, ids=IDS)
@pytest.mark.parametrize("status", [401, 200])
async def test_a_server_that_echoes_the_credentials_in_another_spelling(
    encode: Callable[[str], str], status: int
) -> None:
    """Neither the header nor the key and the secret in it are shown."""
    key, secret = "api_key-of-the-test?>??~~", "secret/of+the=test???>>>"
    token = base64.b64encode(f"{key}:{secret}".encode()).decode()
    said = ", ".join(map(encode, (token, key, secret)))
    body = f'{{"reason": "{said}"}}' if status == 401 else f"<p>{said}</p>"
    async with serving(answered(status, content=body.encode())) as server:
        given: dict[str, Any] = {"api_key": key, "api_secret": secret, "base_url": server.url}
        async with AsyncScenario(max_retries=0, **given) as client:
            with pytest.raises(APIError, match=r"\.\.\., \.\.\., \.\.\.") as caught:
                await client.models.retrieve("m")
    shown = f"{caught.value!r} {vars(caught.value)!r}"
    for text in (token, key, secret):
        assert text not in shown
        assert encode(text) not in shown


@pytest.mark.parametrize("encode", SPELLINGS, ids=IDS)
@pytest.mark.parametrize("secret", ["f00d" * 16, "IQoJ/b3JpZ2lu+X2Vj&LXdlc3Q=="])
async def test_storage_that_echoes_a_signature(
    connect: Connector, secret: str, encode: Callable[[str], str]
) -> None:
    """S3 shows the query of a refused request as it was sent."""
    body = f"<Error><Message>http://h/b/k?sig={encode(secret)}</Message></Error>".encode()
    async with serving(answered(403, content=body)) as server:
        with pytest.raises(PermissionDeniedError) as caught:
            await connect.core(server.url).download(f"{server.url}/b/k?sig={quote(secret, safe='')}")
    shown = f"{caught.value!r} {vars(caught.value)!r} {caught.value.response.content!r}"
    assert "sig=..." in shown
    assert encode(secret) not in shown


async def test_messages_are_short(connect: Connector) -> None:
    """A long path, and a response that is not HTTP, do not make a message long."""
    async with serving(Act(b"<html>" + b"x" * 100_000, then="close")) as server:
        core = connect.core(server.url, max_retries=0)
        with pytest.raises(APIConnectionError, match="not valid HTTP") as first:
            await core.download(f"{server.url}/b/k")
        with pytest.raises(APIConnectionError) as second:
            await core.download(f"http://127.0.0.1:1/{'x' * 100_000}")
    assert len(str(first.value)) < 200
    assert len(str(second.value)) == 2000


async def test_an_error_page_of_spaces_is_read_at_once(connect: Connector) -> None:
    """Searching it for a message took minutes, since the time grew with the third power of the spaces."""
    async with serving(answered(400, content=b"<Message>" + b" " * 100_000)) as server:
        with pytest.raises(APIStatusError):
            await connect.models(server.url).retrieve("m")


@pytest.mark.parametrize("name", ["", "a b", "a:b", "\u00e9", 3])
def test_a_header_that_cannot_be_sent(name: str) -> None:
    client = AsyncScenario(api_key="k", api_secret="s")
    with pytest.raises(InvalidArgumentError, match="names of headers"):
        client.with_options(extra_headers={name: "x"})
    with pytest.raises(InvalidArgumentError, match="surrogates"):
        client.with_options(extra_headers={"X": "\ud83d"})


READS_NOTHING = Act(read=0, then="hold")


async def test_a_connection_whose_server_reads_nothing_is_closed(connect: Connector, tmp_path: Path) -> None:
    """The rest of the request would otherwise wait in memory for ever, with an open socket."""
    segment = whole(open_picture(sparse_png(tmp_path / "large.png", 32 * 2**20), "file"), base64=False)
    async with serving(READS_NOTHING) as server:
        timeout = aiohttp.ClientTimeout(sock_read=0.2)
        core = connect.core(server.url, timeout=timeout, max_retries=0)
        with pytest.raises(APIConnectionError):
            await core.store(f"{server.url}/part", segment, "image/png")
        await asyncio.sleep(0)
        connections = psutil.Process().net_connections()
        assert [one for one in connections if one.raddr and one.raddr.port == server.port] == []


async def test_a_cancelled_request_to_a_server_that_reads_nothing_prints_nothing(
    connect: Connector, tmp_path: Path
) -> None:
    """An error that nobody reads, such as that of a wait to send more, would be printed by asyncio."""
    printed = list[dict[str, Any]]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: printed.append(context))
    segment = whole(open_picture(sparse_png(tmp_path / "large.png", 32 * 2**20), "file"), base64=False)
    async with serving(READS_NOTHING) as server:
        core = connect.core(server.url, max_retries=0)
        with suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                await core.store(f"{server.url}/part", segment, "image/png")
    await asyncio.sleep(0.05)
    gc.collect()
    assert printed == []
