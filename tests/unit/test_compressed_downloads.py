"""Downloads that the server compressed although it was asked not to."""

from __future__ import annotations

import gzip
import zlib

import pytest

from scenario_async.errors import APIConnectionError, PermissionDeniedError, ResponseTooLargeError

from .conftest import Connector
from .servers import Act, answered, downloaded, serving


@pytest.mark.parametrize("status", [200, 400])
async def test_a_compressed_download_has_a_size_limit(connect: Connector, status: int) -> None:
    """It is requested without compression; neither a file nor an error page can fill disk or memory."""
    packed = gzip.compress(bytes(3_000_000))
    async with serving(answered(status, headers={"Content-Encoding": "gzip"}, content=packed)) as server:
        core = connect.core(server.url, max_response_size=1_000_000)
        with pytest.raises(ResponseTooLargeError, match="max_response_size="):
            await downloaded(core, f"{server.url}/b/k")
        assert [request.headers["Accept-Encoding"] for request in server.requests] == ["identity"]


PLAIN = b"v 0.1 0.2 0.3\n" * 100_000
PACKED = gzip.compress(PLAIN)


def compressed(content: bytes, encoding: str = "gzip", status: int = 200) -> Act:
    """A compressed response whose length is right."""
    return answered(status, headers={"Content-Encoding": encoding}, content=content)


async def test_a_compressed_file_that_is_cut_off_is_downloaded_again(connect: Connector) -> None:
    """The length of the response is right, so only the compressed data shows that its end is missing."""
    cut_off = compressed(PACKED[:-100])
    async with serving(cut_off, compressed(PACKED), cut_off, compressed(PACKED), cut_off) as server:
        core = connect.core(server.url, max_retries=1)
        assert await core.download(f"{server.url}/b/k") == PLAIN
        assert await downloaded(core, f"{server.url}/b/k") == PLAIN
        for call in (core.download(f"{server.url}/b/k"), downloaded(core, f"{server.url}/b/k")):
            with pytest.raises(APIConnectionError, match=r"was cut off .*the compressed data has no end"):
                await call


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("GZIP", PACKED),
        ("gzip,aws-chunked", PACKED),
        ("gzip", gzip.compress(PLAIN[:1000]) + gzip.compress(PLAIN[1000:])),
        ("deflate", zlib.compress(PLAIN)),
        ("gzip", gzip.compress(bytes(2**18)) + gzip.compress(b"")),
        ("deflate", zlib.compress(bytes(2**18))),
        ("gzip", b""),
    ],
    ids=["gzip", "gzip in parts", "two files", "zlib", "two pieces", "one piece", "nothing"],
)
async def test_a_file_that_the_server_compressed_unasked(
    connect: Connector, encoding: str, content: bytes
) -> None:
    expected = zlib.decompress(content) if encoding == "deflate" else gzip.decompress(content)
    async with serving(compressed(content, encoding)) as server:
        core = connect.core(server.url)
        assert await core.download(f"{server.url}/b/k") == expected
        assert await downloaded(core, f"{server.url}/b/k") == expected


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("gzip", "incorrect header check"),
        ("br", "compressed as 'br'"),
        ("br, gzip", "compressed as 'br, gzip'"),
    ],
)
async def test_a_file_that_cannot_be_decompressed(connect: Connector, encoding: str, said: str) -> None:
    async with serving(compressed(b"v 0.1 0.2 0.3", encoding)) as server:
        core = connect.core(server.url, max_retries=0)
        for call in (core.download(f"{server.url}/b/k"), downloaded(core, f"{server.url}/b/k")):
            with pytest.raises(APIConnectionError, match=said):
                await call


@pytest.mark.parametrize("encoding", ["identity", "aws-chunked"])
async def test_a_file_with_an_encoding_that_is_no_compression_is_downloaded(
    connect: Connector, encoding: str
) -> None:
    """Some object storage keeps the encoding of an upload in parts. The file can be as large as others."""
    async with serving(compressed(PLAIN, encoding)) as server:
        assert await connect.core(server.url).download(f"{server.url}/b/k") == PLAIN
        core = connect.core(server.url, max_response_size=1000)
        assert await downloaded(core, f"{server.url}/b/k") == PLAIN


async def test_a_compressed_error_of_the_storage_is_shown(connect: Connector) -> None:
    packed = gzip.compress(b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>")
    async with serving(compressed(packed, status=403)) as server:
        with pytest.raises(PermissionDeniedError, match="Request has expired"):
            await downloaded(connect.core(server.url), f"{server.url}/b/k")
