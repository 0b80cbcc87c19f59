"""URLs of sources in errors, reports and names: without credentials, and still distinct."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario_async import AsyncScenario, InvalidArgumentError
from scenario_async.sandbox import Sandbox
from scenario_async.work._internal.library.examining import NotReadableError, examine
from scenario_async.work._internal.library.reading import Reader
from scenario_async.work._internal.library.sources import Selection, listing
from scenario_async.work._internal.library.urls import shown_url, without_credentials
from tests.library.pictures import packed, small_png
from tests.library.servers import ftp_server, whole_files

pytest.importorskip("fsspec", reason="fsspec is not installed")

SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://host/in/a.png", "https://host/in/a.png"),
        ("https://user:s3cr3t@host:81/in/a@2.png", "https://host:81/in/a@2.png"),
        ("https://s3cr3t@host", "https://host"),
        ("ftp://user:s3cr3t@host/in", "ftp://host/in"),
        ("ftp://user:s3cr3t/s3cr3t@host/in", "ftp://host/in"),
        ("ftp://host:21/a@b.png", "ftp://host:21/a@b.png"),
        ("smb://group;user:s3cr3t@host/share/a.png", "smb://host/share/a.png"),
        ("zip://a.png::ftp://user:s3cr3t@host/in.zip", "zip://a.png::ftp://host/in.zip"),
        ("abfs://container@account/a.png", "abfs://container@account/a.png"),
        ("s3://bucket/what?.png", "s3://bucket/what?.png"),
        ("a@b/c.png", "a@b/c.png"),
    ],
)
def test_a_url_is_shown_without_its_user_and_password(url: str, shown: str) -> None:
    assert shown_url(url) == shown


def test_urls_that_differ_only_in_the_query_are_shown_differently() -> None:
    """Otherwise the second picture would be taken for the first one, and not be uploaded."""
    one, other = shown_url("https://host/image?id=s3cr3t"), shown_url("https://host/image?id=2")
    assert one != other
    assert SECRET not in one
    assert one.startswith("https://host/image?")
    assert one == shown_url("https://host/image?id=s3cr3t")


@pytest.mark.parametrize(
    "url",
    [
        "https://user:s3cr3t@host/a.png?sig=s3cr3t",
        "https://host/a.png?sig=a 's3cr3t'",
        "zip://a.png::ftp://user:s3cr3t@host/in.zip",
    ],
)
def test_messages_are_shown_without_credentials(url: str) -> None:
    message = f"403, url='{url}', redirected to http://other/a?token=s3cr3t from {url}"
    shown = without_credentials(message, url)
    assert SECRET not in shown
    assert shown.count(shown_url(url)) == 2


def test_a_user_outside_of_a_url_is_not_shown() -> None:
    message = 'Invalid bucket name "key:s3cr3t@bucket"'
    assert without_credentials(message, "s3://key:s3cr3t@bucket/in") == 'Invalid bucket name "bucket"'
    assert without_credentials("no such container", "abfs://container@account/in") == "no such container"


def written(folder: Path) -> bytes:
    """The content of the ledger and of the report."""
    paths = [path for path in folder.iterdir() if path.is_file()]
    assert {"l", "r"} <= {path.name for path in paths}
    return b"".join(path.read_bytes() for path in paths)


async def test_a_signed_url_gives_the_name_of_its_path(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    with whole_files({"/in/cat.png": small_png(1)}) as server:
        source = f"http://user:{SECRET}@{server.address}/in/cat.png?X-Amz-Signature={SECRET}"
        report = await client.assets.sync(source, ledger=tmp_path / "l", report=tmp_path / "r")
    assert dict(report.counts) == {"uploaded": 1}
    assert [asset.name for asset in sandbox.state.assets.values()] == ["cat.png"]
    assert SECRET.encode() not in written(tmp_path)


async def test_a_damaged_picture_of_a_signed_url_fails_and_is_not_skipped(
    client: AsyncScenario, tmp_path: Path
) -> None:
    with whole_files({"/cat.png": b"damaged"}) as server:
        source = f"http://{server.address}/cat.png?sig=1"
        report = await client.assets.sync(source, ledger=tmp_path / "l", report=tmp_path / "r")
    assert dict(report.counts) == {"failed": 1}


@pytest.mark.parametrize("path", ["/gone.png", f"/gone.png?sig={SECRET}"])
def test_an_error_of_a_server_does_not_show_credentials(path: str) -> None:
    with whole_files({}) as server, pytest.raises(InvalidArgumentError, match=r"gone\.png") as caught:
        list(listing(f"http://user:{SECRET}@{server.address}{path}", Selection()))
    assert SECRET not in repr(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_that_cannot_be_read_does_not_show_credentials() -> None:
    with whole_files({"/cat.png": small_png(1)}) as server:
        url = f"http://user:{SECRET}@{server.address}/cat.png?sig={SECRET}"
        (found,) = listing(url, Selection())
        server.files = {}
        with pytest.raises(NotReadableError, match="cannot be read") as caught:
            examine(Reader(), found)
    assert SECRET not in repr(found)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is not None
    assert SECRET not in repr(caught.value.__cause__)


def test_an_archive_on_a_server_is_named_without_credentials(tmp_path: Path) -> None:
    packed(tmp_path / "in.tar", {"a.png": small_png(1)})
    with ftp_server({"/in.tar": (tmp_path / "in.tar").read_bytes()}) as host:
        (found,) = listing(f"tar://::ftp://user:{SECRET}@{host}/in.tar", Selection())
    assert found.name == f"tar://a.png::ftp://{host}/in.tar"
    assert SECRET not in repr(found)
