"""Reading files of archives and servers: by several threads, only as far as needed, with any server."""

from __future__ import annotations

import hashlib
import io
import os
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from scenario_async import AsyncScenario
from scenario_async.sandbox import Sandbox
from scenario_async.work._internal.library.examining import examine
from scenario_async.work._internal.library.reading import Reader
from scenario_async.work._internal.library.sources import Found, Selection, listing
from tests.library.pictures import large_png, packed, random_bytes, small_png
from tests.library.servers import ftp_server, whole_files

fsspec: Any = pytest.importorskip("fsspec", reason="fsspec is not installed")

VIDEO = b"\0\0\0\x18ftypmp42" + bytes(20_000_000)
SVG = b"<!--" + b"x" * 100_000 + b'--><svg xmlns="http://www.w3.org/2000/svg"/>' + b" " * 2_000_000


def contents(source: str, threads: int) -> dict[str, bytes]:
    """Read all files of a source with several threads at the same time."""
    reader = Reader()

    def read(found: Found) -> tuple[str, bytes]:
        source = reader.open(found)
        assert not isinstance(source, Path)
        with source:
            return found.file_name, source.read()

    with ThreadPoolExecutor(threads) as pool:
        return dict(pool.map(read, list(listing(source, Selection()))))


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_threads_that_read_one_archive_get_the_content_of_their_own_files(tmp_path: Path, mode: str) -> None:
    """The files of a tar archive share one position in one file."""
    files = {f"{number}.png": random_bytes(number, 300_000) for number in range(60)}
    # The name shows the compression.
    source = packed(tmp_path / f"in.tar{mode[1:].replace(':', '.')}", files, mode)
    files = {name: content[:100] for name, content in files.items()}
    for _ in range(3):
        assert {name: content[:100] for name, content in contents(source, 16).items()} == files


async def test_pictures_of_an_archive_are_uploaded_with_their_own_content(
    client: AsyncScenario, tmp_path: Path
) -> None:
    pictures = {f"{number}.png": large_png(number, 300_000) for number in range(40)}
    source = packed(tmp_path / "in.tar", pictures)
    report = await client.assets.sync(source, ledger=tmp_path / "l", report=tmp_path / "r", concurrency=16)
    assert dict(report.counts) == {"uploaded": 40}
    digests = {Path(one.source.partition("::")[0]).name: one.sha256 for one in report.results()}
    assert digests == {name: hashlib.sha256(content).hexdigest() for name, content in pictures.items()}


def test_an_archive_is_opened_once_by_several_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: Any = fsspec.get_filesystem_class("tar")
    pictures = {f"{number}.png": large_png(number, 10_000) for number in range(30)}
    source = packed(tmp_path / "in.tar", pictures)
    opened: list[str] = []
    open_archive = files.__init__

    def count(self: Any, *args: Any, **keywords: Any) -> None:
        opened.append("")
        time.sleep(0.1)  # as a large archive
        open_archive(self, *args, **keywords)

    monkeypatch.setattr(files, "__init__", count)
    assert len(contents(source, 16)) == 30
    assert len(opened) == 2  # by the listing and by the reader


def test_a_list_of_many_archives_needs_few_open_files(tmp_path: Path) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("the open files of a process are not listed on this system")
    reader = Reader()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - only their number is needed
    for number in range(60):
        source = packed(tmp_path / f"{number}.tar", {"a.png": small_png(number)})
        examine(reader, next(listing(source, Selection()))).close()
    assert len(os.listdir("/proc/self/fd")) - before < 50  # noqa: PTH208 - only their number is needed


@pytest.mark.parametrize("dry_run", [True, False])
async def test_only_the_beginning_of_a_large_file_that_is_no_picture_is_read(
    client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dry_run: bool
) -> None:
    """A picture that looks like text for 100,000 bytes is recognised and read completely."""
    read = 0

    def count(self: Any, size: int = -1) -> bytes:
        nonlocal read
        content = io.BytesIO.read(self, size)
        read += len(content)
        return content

    memory_file = import_module("fsspec.implementations.memory").MemoryFile
    monkeypatch.setattr(memory_file, "read", count, raising=False)
    files = fsspec.filesystem("memory")
    files.pipe_file("/large/video.mp4", VIDEO)
    files.pipe_file("/large/drawing.svg", SVG)
    try:
        report = await client.assets.sync(
            "memory://large", ledger=tmp_path / "l", report=tmp_path / "r", dry_run=dry_run
        )
    finally:
        files.rm("/large", recursive=True)
    assert dict(report.counts) == {"skipped": 1, "to send" if dry_run else "uploaded": 1}
    (skipped,) = [one for one in report.results() if one.status == "skipped"]
    assert skipped.error == "it is not a picture"
    assert len(SVG) <= read < len(SVG) + 2_000_000


async def test_a_server_that_sends_only_whole_files_is_read_as_a_stream(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    files = {"/a.png": large_png(1, 9_000_000), "/b.png": small_png(2), "/video.mp4": VIDEO * 5}
    with whole_files(files) as server:
        sources = [f"http://{server.address}{path}" for path in files]
        report = await client.assets.sync(sources, ledger=tmp_path / "l", report=tmp_path / "r")
        assert server.bytes_sent < 60_000_000
    assert report.counts["uploaded"] == 2
    assert sorted(asset.name for asset in sandbox.state.assets.values()) == ["a.png", "b.png"]


async def test_a_web_page_as_a_source_fails(client: AsyncScenario, tmp_path: Path) -> None:
    with whole_files({"/pictures/": b'<html><a href="a.png">a.png</a></html>'}) as server:
        source = f"http://{server.address}/pictures/"
        report = await client.assets.sync(source, ledger=tmp_path / "l", report=tmp_path / "r")
    assert dict(report.counts) == {"failed": 1}
    assert "web page" in (report.failures[0].error or "")


async def test_files_of_an_ftp_server_are_uploaded_and_named_with_their_server(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """Two servers with the same paths do not share entries of the ledger, and are not confused when read."""
    first = {"/in/a.png": small_png(1), "/in/sub/b.png": large_png(2, 3_000_000)}
    second = {"/in/a.png": small_png(3), "/in/sub/b.png": large_png(4, 3_000_000)}
    with ftp_server(first) as one, ftp_server(second) as other:
        sources = [f"ftp://user:s3cr3t@{one}/in", f"ftp://user:s3cr3t@{other}/in"]
        for expected in ({"uploaded": 4}, {"duplicate": 4}):
            report = await client.assets.sync(sources, ledger=tmp_path / "l", report=tmp_path / "r")
            assert dict(report.counts) == expected
    names = sorted(result.source for result in report.results())
    assert names == sorted(
        f"ftp://{host}/in/{path}" for host in (one, other) for path in ("a.png", "sub/b.png")
    )
    assert len(sandbox.state.assets) == 4
