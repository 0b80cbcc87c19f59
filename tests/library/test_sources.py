"""Listing and reading sources: folders, memory, archives, and a server with the real S3 protocol."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from scenario_async import AsyncScenario, InvalidArgumentError
from scenario_async.sandbox import Sandbox
from scenario_async.work._internal.library.examining import examine
from scenario_async.work._internal.library.reading import Reader
from scenario_async.work._internal.library.sources import Selection, listing
from tests.library.odd_paths import ODD_PATHS
from tests.library.pictures import fill, small_png

fsspec: Any = pytest.importorskip("fsspec", reason="fsspec is not installed")


@pytest.fixture
def in_memory() -> Iterator[str]:
    """Six pictures and a text file in a file system in memory."""
    files = fsspec.filesystem("memory")
    for number in range(6):
        files.pipe_file(f"/pictures/{number % 2}/{number}.png", small_png(number))
    files.pipe_file("/pictures/notes.txt", b"no picture")
    yield "memory://pictures"
    files.store.clear()  # `rm` fails in old versions if a test has looked for a folder that does not exist
    files.pseudo_dirs[:] = [""]


@pytest.fixture
def in_archive(tmp_path: Path) -> str:
    """The same files in a ZIP archive."""
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for number in range(6):
            archive.writestr(f"{number % 2}/{number}.png", small_png(number))
        archive.writestr("notes.txt", b"no picture")
    return f"zip://::{tmp_path / 'in.zip'}"


@pytest.fixture
def in_s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The same files in a bucket of an S3 server."""
    server_module: Any = pytest.importorskip("moto.server", reason="moto is not installed")
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
    }.items():
        monkeypatch.setenv(name, value)
    files = fsspec.filesystem("s3", skip_instance_cache=True)
    bucket = f"pictures-{uuid4().hex}"  # moto keeps the buckets of a stopped server
    files.mkdir(bucket)
    for number in range(6):
        files.pipe_file(f"{bucket}/in/{number % 2}/{number}.png", small_png(number))
    files.pipe_file(f"{bucket}/in/notes.txt", b"no picture")
    yield f"s3://{bucket}/in"
    files.clear_instance_cache()  # of instances that have the address of this server
    server.stop()


@pytest.fixture
def in_folder(tmp_path: Path) -> str:
    """The same files in a folder."""
    for number in range(6):
        target = tmp_path / "in" / str(number % 2) / f"{number}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(small_png(number))
    (tmp_path / "in" / "notes.txt").write_text("no picture")
    return str(tmp_path / "in")


@pytest.mark.parametrize("kind", ["folder", "memory", "archive", "s3"])
async def test_every_kind_of_source_gives_the_same_report(
    sandbox: Sandbox, client: AsyncScenario, kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The first run uploads; the second run reads no file and sends none."""
    source: str = request.getfixturevalue(f"in_{kind}")
    for expected in ({"uploaded": 6, "skipped": 1}, {"unchanged": 6, "skipped": 1}):
        before = sandbox.requests.changes
        report = await client.assets.sync(source, ledger=tmp_path / "l", report=tmp_path / "r")
        assert dict(report.counts) == expected
    assert sandbox.requests.changes == before
    assert sorted(asset.name for asset in sandbox.state.assets.values()) == [
        f"{number}.png" for number in range(6)
    ]


async def test_a_changed_file_is_sent_again(client: AsyncScenario, in_memory: str, tmp_path: Path) -> None:
    await client.assets.sync(in_memory, ledger=tmp_path / "l", report=tmp_path / "r")
    fsspec.filesystem("memory").pipe_file("/pictures/0/0.png", small_png(99))
    report = await client.assets.sync(in_memory, ledger=tmp_path / "l", report=tmp_path / "r")
    assert report.counts["uploaded"] == 1
    assert report.counts["unchanged"] == 5


def test_a_listing_is_a_stream(tmp_path: Path) -> None:
    """The first files are returned before the last folder is read, which may even be deleted by then."""
    fill(tmp_path / "a", 3)
    fill(tmp_path / "b", 3, start=10)
    files = listing([tmp_path / "a", tmp_path / "nowhere"], Selection())
    assert len(list(islice(files, 3))) == 3
    assert len(list(islice(listing(tmp_path, Selection()), 4))) == 4


def test_a_folder_that_cannot_be_listed_is_reported_and_the_others_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The missing files are reported."""
    fill(tmp_path / "good", 2)
    (tmp_path / "locked").mkdir()
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = list(listing(tmp_path, Selection()))
    assert [one.reason for one in found if one.reason] == ["the folder cannot be read (Permission denied)"]
    assert len(found) == 3


def test_an_unreadable_remote_file_raises_an_os_error(in_memory: str) -> None:
    found = next(listing(in_memory + "/0/0.png", Selection()))
    fsspec.filesystem("memory").rm("/pictures/0/0.png")
    with pytest.raises(OSError, match=r"0\.png"):
        Reader().open(found)


@pytest.mark.parametrize("source", ODD_PATHS, ids=repr)
def test_a_source_that_is_no_usable_path_is_refused_by_name(source: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        list(listing([source], Selection()))
    assert caught.value.argument == "source"


def test_a_remote_folder_that_cannot_be_listed_is_reported_and_the_others_are_listed(
    in_memory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a local folder; `walk` of fsspec leaves it out."""
    files: Any = fsspec.get_filesystem_class("memory")
    list_folder = files.ls
    refused = "/pictures/1"

    def refuse(self: Any, path: str, *args: Any, **keywords: Any) -> Any:
        if path.rstrip("/") == refused:
            raise OSError(16, "Please reduce your request rate")
        return list_folder(self, path, *args, **keywords)

    monkeypatch.setattr(files, "ls", refuse)
    found = list(listing(in_memory, Selection()))
    reason = "the folder cannot be read ([Errno 16] Please reduce your request rate)"
    assert [(one.name, one.reason) for one in found if one.reason] == [("memory:///pictures/1", reason)]
    assert [one.file_name for one in found if not one.reason] == ["notes.txt", "0.png", "2.png", "4.png"]
    refused = "/pictures"
    assert [one.reason for one in listing(in_memory, Selection())] == [reason]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
@pytest.mark.parametrize("protocol", ["file", "local"])
def test_a_file_url_is_listed_like_its_path(tmp_path: Path, protocol: str) -> None:
    """Also links, whose version is that of their target, and a named pipe, which is not opened."""
    folder = fill(tmp_path / "in", 2)
    fill(tmp_path / "elsewhere", 2)
    (folder / "link.png").symlink_to(tmp_path / "elsewhere" / "picture-000001.png")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(folder / "pipe.png")
    found = list(listing(f"{protocol}://{folder}", Selection()))
    assert found == list(listing(folder, Selection()))
    assert len(found) == 4
    assert [one.file_name for one in found if one.reason] == ["pipe.png"]


@pytest.mark.skipif(os.name == "nt", reason="names contain no colons there")
async def test_names_may_contain_two_colons(client: AsyncScenario, tmp_path: Path) -> None:
    """Two colons separate the parts of a chained URL; a file that was listed is not such a URL."""
    folder = fill(tmp_path / "a::b", 1)
    (folder / "Screenshot 12::30.png").write_bytes(small_png(5))
    files = fsspec.filesystem("memory")
    files.pipe_file("/colons/x::y.png", small_png(6))
    sources: list[str | Path] = [folder, str(folder / "Screenshot 12::30.png"), "memory://colons"]
    try:
        report = await client.assets.sync(sources, ledger=tmp_path / "l", report=tmp_path / "r")
    finally:
        files.rm("/colons", recursive=True)
    assert dict(report.counts) == {"uploaded": 3, "duplicate": 1}


@pytest.mark.skipif(os.name == "nt", reason="names contain no colons there")
def test_a_relative_path_that_exists_is_no_chained_url(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "zip::in", 2)
    monkeypatch.chdir(tmp_path)
    assert len(list(listing("zip::in", Selection()))) == 2
    with pytest.raises(InvalidArgumentError, match="12::31") as caught:
        list(listing(str(tmp_path / "Screenshot 12::31.png"), Selection()))
    assert "Screenshot 12::31.png" in caught.value.expected


def test_objects_below_a_folder_with_an_empty_name_are_listed(in_s3: str) -> None:
    """Object storage has no folders, so a name may contain two slashes; or end with one."""
    files = fsspec.filesystem("s3", skip_instance_cache=True)
    for key in ("0//x.png", "0//sub/y.png", "0//.z.png", "/w.png"):
        files.pipe_file(f"{in_s3}/{key}", small_png(1))
    bucket = in_s3.removeprefix("s3://").partition("/")[0]
    for key in ("in/0/", "in/0//"):  # as some programs store a folder
        files.call_s3("put_object", Bucket=bucket, Key=key, Body=b"")
    names = {one.name for one in listing(in_s3, Selection())}
    assert {name for name in names if "//" in name.removeprefix("s3://")} == {
        f"{in_s3}/0//x.png",
        f"{in_s3}/0//sub/y.png",
        f"{in_s3}//w.png",
    }
    assert len(names) == 10
    (found,) = [one for one in listing(in_s3, Selection()) if one.name.endswith("//x.png")]
    assert examine(Reader(), found).digest == hashlib.sha256(small_png(1)).hexdigest()
    assert len(list(listing(in_s3, Selection(recursive=False)))) == 1


def test_only_the_beginning_of_a_large_object_that_is_no_picture_is_transferred(
    in_s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An open file of s3fs transfers 50 MB at once, even if less is read."""
    files = fsspec.filesystem("s3", skip_instance_cache=True)
    files.pipe_file(f"{in_s3}/video.mp4", b"\0\0\0\x18ftypmp42" + bytes(3_000_000))
    transferred = 0
    call = files.__class__._call_s3

    async def count(self: Any, method: str, *args: Any, **keywords: Any) -> Any:
        nonlocal transferred
        response = await call(self, method, *args, **keywords)
        if method == "get_object":
            transferred += response["ContentLength"]
        return response

    monkeypatch.setattr(files.__class__, "_call_s3", count)
    (found,) = listing(f"{in_s3}/video.mp4", Selection())
    with pytest.raises(InvalidArgumentError, match="a video"):
        examine(Reader(), found)
    assert 0 < transferred <= 300_000


@pytest.mark.skipif(os.name == "nt", reason="a path has at most 260 characters there")
def test_deeply_nested_folders_are_listed(tmp_path: Path) -> None:
    """There may be more levels than Python allows nested calls."""
    below = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1100):
        os.mkdir("d", dir_fd=below)
        inside = os.open("d", os.O_RDONLY, dir_fd=below)
        os.close(below)
        below = inside
    os.close(os.open("a.png", os.O_CREAT | os.O_WRONLY, dir_fd=below))
    os.close(below)
    try:
        assert [one.file_name for one in listing(tmp_path, Selection())] == ["a.png"]
    finally:
        # `shutil.rmtree`, which pytest calls, is recursive too.
        while (tmp_path / "d" / "d").exists():
            (tmp_path / "d" / "d").rename(tmp_path / "inside")
            (tmp_path / "d").rmdir()
            (tmp_path / "inside").rename(tmp_path / "d")
