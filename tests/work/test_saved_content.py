"""The content of saved assets: what is certainly not the asset is not saved."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aiohttp import web
from attrs import define

from scenario_async import AsyncScenario
from scenario_async.errors import DownloadError
from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Arrival, Fault
from tests.work.test_saving import SAVED, generated

from .changed import Changed


@define(eq=False)
class Stored(Fault):
    """The storage sends other content with a status of 200."""

    content: bytes

    async def spoil(self, arrival: Arrival) -> web.StreamResponse:
        """Send the content."""
        del arrival
        return web.Response(body=self.content, content_type="image/png")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<!doctype html><p>Log in", "HTML"),
        (b"\xef\xbb\xbf<!doctype html><p>Log in", "HTML"),
        (b"<?xml version='1.0'?><Error/>", "XML"),
        (b'["not found"]', "JSON"),
        (b"Too Many Requests\n", "text"),
    ],
)
async def test_an_error_page_or_nothing_is_not_saved_as_a_picture(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, content: bytes, reason: str
) -> None:
    [asset_id] = await generated(client, sandbox)
    sandbox.faults = Faults(Rule(Stored(content), on="GET /storage*"))
    with pytest.raises(DownloadError, match=f"the download is .*{reason}"):
        await client.assets.save(asset_id, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("mime_type", ["video/mp4", "audio/mpeg"])
async def test_an_error_page_is_not_saved_as_a_video_or_audio(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, mime_type: str
) -> None:
    [asset_id] = await generated(client, sandbox)
    described = Changed(lambda document: document["assets"][0].update(mimeType=mime_type))
    stored = Stored(b"<!doctype html><p>Log in")
    sandbox.faults = Faults(Rule(described, on="POST /assets/get-bulk"), Rule(stored, on="GET /storage*"))
    with pytest.raises(DownloadError, match=f"the download is HTML, .*, and {mime_type} was expected"):
        await client.assets.save(asset_id, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


async def test_a_picture_of_a_format_that_begins_like_text_is_saved(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    [asset_id] = await generated(client, sandbox)
    content = b"P3\n1 1\n255\n0 0 0\n"
    sandbox.faults = Faults(Rule(Stored(content), on="GET /storage*"))
    [path] = (await client.assets.save(asset_id, tmp_path / "out")).paths
    assert path.read_bytes() == content


async def test_a_picture_that_is_cut_off_is_not_saved(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """A server that ends a response by closing the connection sends no length that would show it."""
    [asset_id] = await generated(client, sandbox)
    [path] = (await client.assets.save(asset_id, tmp_path / "whole")).paths
    sandbox.faults = Faults(Rule(Stored(path.read_bytes()[:-40]), on="GET /storage*"))
    with pytest.raises(DownloadError, match="the download is incomplete: the file is cut off"):
        await client.assets.save(asset_id, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


async def test_a_full_disk_is_named_and_keeps_no_unfinished_file(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """The operating system limits the size of files here, which raises errors at the same places."""
    resource = pytest.importorskip("resource")
    [asset_id] = await generated(client, sandbox)
    folder = tmp_path / "out"
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, allowed[1]))
    try:
        with pytest.raises(DownloadError, match=f"{re.escape(str(folder))}: File too large"):
            await client.assets.save(asset_id, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, allowed)
    assert list(folder.iterdir()) == []


async def test_content_that_is_not_recognised_and_has_no_type_is_saved_as_bin(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    [asset_id] = await generated(client, sandbox)
    untyped = Changed(lambda document: document["assets"][0].pop("mimeType"))
    sandbox.faults = Faults(
        Rule(untyped, on="POST /assets/get-bulk"), Rule(Stored(content=b"some content"), on=SAVED)
    )
    report = await client.assets.save(asset_id, tmp_path)
    assert [path.name for path in report.paths] == [f"{asset_id}.bin"]
