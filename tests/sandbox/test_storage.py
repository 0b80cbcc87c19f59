"""Object storage with presigned URLs."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from .wire import Answer, Wire, basic, eventually, picture, raw, running

UPLOAD = {"kind": "image", "fileName": "a.png", "contentType": "image/png", "fileSize": 10, "parts": 2}


async def part_urls(wire: Wire) -> tuple[str, list[str]]:
    """Begin an upload of two parts; return its id and the URLs of the parts."""
    upload = (await wire.ask("POST", "/uploads", UPLOAD)).body["upload"]
    return upload["id"], [part["url"] for part in upload["parts"]]


async def download_url(wire: Wire) -> str:
    """Upload a picture; return the URL of its bytes."""
    asset_id = await wire.asset()
    url: str = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]["url"]
    return url


def assert_refused(answer: Answer, status: int, code: str) -> None:
    """Check for a refusal of object storage, in XML."""
    assert (answer.status, answer.content_type) == (status, "application/xml")
    assert ET.fromstring(answer.content).findtext("Code") == code  # noqa: S314 - a response of the sandbox


async def test_put_part(wire: Wire) -> None:
    """A part needs no header but its URL, and the response has its hash."""
    upload_id, (url, _) = await part_urls(wire)
    answer = await wire.fetch("PUT", url, data=io.BytesIO(b"content"))
    assert answer.status == 200
    assert answer.headers["ETag"] == f'"{hashlib.md5(b"content", usedforsecurity=False).hexdigest()}"'
    assert wire.sandbox.state.uploads[upload_id].parts == {1: b"content"}


async def test_put_part_again(wire: Wire) -> None:
    """A part that is sent again replaces the first one."""
    upload_id, (url, _) = await part_urls(wire)
    for content in (b"first", b"second"):
        assert (await wire.fetch("PUT", url, data=io.BytesIO(content))).status == 200
    assert wire.sandbox.state.uploads[upload_id].parts == {1: b"second"}


async def test_large_part(wire: Wire) -> None:
    """A part may be larger than a JSON body."""
    upload_id, (url, _) = await part_urls(wire)
    assert (await wire.fetch("PUT", url, data=io.BytesIO(bytes(7_000_000)))).status == 200
    assert wire.sandbox.state.uploads[upload_id].parts == {1: bytes(7_000_000)}


async def test_authorization_header(wire: Wire) -> None:
    """An authorization header is refused."""
    upload_id, (url, _) = await part_urls(wire)
    headers = {"Authorization": basic("sandbox-key", "sandbox-secret")}
    answer = await wire.fetch("PUT", url, data=io.BytesIO(b"content"), headers=headers)
    assert_refused(answer, 400, "InvalidArgument")
    assert not wire.sandbox.state.uploads[upload_id].parts
    assert_refused(await wire.fetch("GET", await download_url(wire), headers=headers), 400, "InvalidArgument")


async def test_unknown_length(wire: Wire) -> None:
    """A body of unknown length is refused."""

    async def chunks() -> AsyncIterator[bytes]:
        yield b"content"

    upload_id, (url, _) = await part_urls(wire)
    assert_refused(await wire.fetch("PUT", url, data=chunks()), 411, "MissingContentLength")
    assert not wire.sandbox.state.uploads[upload_id].parts


async def test_expired_url() -> None:
    """An expired URL is refused."""
    async with running(part_url_lifetime=0, download_url_lifetime=0) as wire:
        _, (url, _) = await part_urls(wire)
        assert_refused(await wire.fetch("PUT", url, data=io.BytesIO(b"content")), 403, "AccessDenied")
        assert_refused(await wire.fetch("GET", await download_url(wire)), 403, "AccessDenied")


async def test_signature_scope(wire: Wire) -> None:
    """A URL with another path, signature or expiry time is refused."""
    upload_id, (first, second) = await part_urls(wire)
    path, _, query = first.partition("?")
    signature, expires = (part.partition("=")[2] for part in query.split("&"))
    for url in (
        path,
        f"{path}?signature={signature}",
        f"{path}?expires={expires}",
        f"{path}?signature=&expires={expires}",
        f"{path}?signature={signature[:-1]}&expires={expires}",
        f"{path}?signature={signature}&expires={int(expires) + 1}",
        f"{path}?signature={signature}&expires=never",
        f"{path}?signature=caf%C3%A9&expires={expires}",
        f"{second.partition('?')[0]}?{query}",
    ):
        answer = await wire.fetch("PUT", url, data=io.BytesIO(b"content"))
        assert_refused(answer, 403, "SignatureDoesNotMatch")
    assert not wire.sandbox.state.uploads[upload_id].parts


async def test_foreign_url(wire: Wire) -> None:
    """A URL of one sandbox is refused by another."""
    async with running() as other:
        url = await download_url(wire)
        theirs = url.replace(wire.sandbox.base_url[:-3], other.sandbox.base_url[:-3])
        assert_refused(await wire.fetch("GET", theirs), 403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("method", ["POST", "DELETE", "HEAD"])
async def test_other_methods(wire: Wire, method: str) -> None:
    """Other methods are refused."""
    _, (url, _) = await part_urls(wire)
    for one in (url, await download_url(wire)):
        assert (await wire.fetch(method, one)).status == 405


async def test_put_part_after_completion(wire: Wire) -> None:
    """A part of a completed upload is refused."""
    content = picture()
    fields: dict[str, Any] = {**UPLOAD, "fileSize": len(content), "parts": 1}
    upload = (await wire.ask("POST", "/uploads", fields)).body["upload"]
    url = upload["parts"][0]["url"]
    assert (await wire.fetch("PUT", url, data=io.BytesIO(content))).status == 200
    answer = await wire.ask("POST", f"/uploads/{upload['id']}/action", {"action": "complete"})
    assert answer.status == 200
    assert_refused(await wire.fetch("PUT", url, data=io.BytesIO(content)), 404, "NoSuchUpload")


async def test_deleted_asset(wire: Wire) -> None:
    """The bytes of a deleted asset are not found."""
    url = await download_url(wire)
    (asset_id,) = wire.sandbox.state.assets
    assert (await wire.fetch("GET", url)).status == 200
    assert (await wire.ask("DELETE", "/assets", {"assetIds": [asset_id]})).status == 200
    assert_refused(await wire.fetch("GET", url), 404, "NoSuchKey")


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=999999-", 416, None),
        ("lines=1-2", 200, slice(None)),
    ],
)
async def test_ranges_of_a_download(wire: Wire, asked: str, status: int, part: slice | None) -> None:
    """A range of a picture's bytes is returned with its position; a range behind the end is refused."""
    content = picture()
    asset_id = await wire.asset(content)
    url = (await wire.ask("GET", f"/assets/{asset_id}")).body["asset"]["url"]
    answer = await wire.fetch("GET", url, headers={"Range": asked})
    assert answer.status == status
    assert part is None or answer.content == content[part]
    assert ("Content-Range" in answer.headers) == (status == 206)


async def test_refused_before_the_body(wire: Wire) -> None:
    """The body of a refused request is still read.

    So the connection stays open, and the client gets the reason.
    """
    _, (url, _) = await part_urls(wire)
    path = url.partition("/storage")[1] + url.partition("/storage")[2].partition("?")[0]
    async with raw(wire, "PUT", path, length=1_000_000) as (reader, writer):
        writer.write(bytes(999_999))
        await writer.drain()
        await eventually(lambda: wire.sandbox.requests["PUT /storage/parts/{uploadId}/{number}"] == 1)
        await asyncio.wait([early := asyncio.create_task(reader.readline())], timeout=0.05)
        assert not early.done()
        writer.write(b"x")
        assert (await early).startswith(b"HTTP/1.1 400 ")
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert await asyncio.wait_for(reader.readuntil(b"HTTP/1.1 405 "), 10)
