"""Every type of object that is used for a picture is read, or refused with advice."""

from __future__ import annotations

import asyncio
import base64
import io
import mmap
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import anyio
import pytest
from PIL import Image

from scenario_async._internal.pictures.opening import open_picture, picture_argument
from scenario_async._internal.pictures.picture import Picture
from scenario_async.errors import InvalidArgumentError


def jpeg() -> bytes:
    """A small real picture."""
    file = io.BytesIO()
    Image.linear_gradient("L").save(file, "JPEG")
    return file.getvalue()


def content(picture: Picture) -> bytes:
    """All bytes of a picture, from its first position."""
    with picture.opened() as file:
        file.seek(picture.start)
        return file.read(picture.size)


class OnlyRead:
    """An object with a `read` method, such as the body of a response."""

    def __init__(self, data: bytes, **attributes: object) -> None:
        self.data = data
        vars(self).update(attributes)

    def read(self) -> bytes:
        """Return the whole content."""
        return self.data


class AwaitedUpload:
    """An upload like Starlette's: its `read` is a coroutine function."""

    filename = "fox.jpg"

    async def read(self, size: int = -1) -> bytes:
        """Return no content."""
        raise NotImplementedError(size)


class FutureUpload:
    """A file whose `read` looks like any other but returns an awaitable."""

    def read(self, size: int = -1) -> Any:
        """Return an awaitable."""
        return AwaitedUpload().read(size)


def test_objects_with_read_are_accepted(tmp_path: Path) -> None:
    """They are members of archives, temporary files, mapped memory, buffers, and other objects."""
    data = jpeg()
    path = tmp_path / "fox.jpg"
    path.write_bytes(data)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/fox.jpg", data)
    with (
        zipfile.ZipFile(tmp_path / "a.zip") as archive,
        archive.open("folder/fox.jpg") as member,
        tempfile.SpooledTemporaryFile() as spooled,
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
    ):
        spooled.write(data)
        spooled.seek(0)
        assert open_picture(member, "data").name == "fox.jpg"
        for source in (member, spooled, mapped, bytearray(data), memoryview(data), OnlyRead(data)):
            opened = open_picture(source, "data")
            assert content(opened) == data, source
            assert opened.mime_type == "image/jpeg"


def test_the_name_of_an_upload() -> None:
    """`filename` is used before `name`, which is the form's field in Flask; a Windows path is shortened."""
    data = jpeg()
    assert open_picture(OnlyRead(data, filename="fox.jpg", name="field"), "data").name == "fox.jpg"
    assert open_picture(OnlyRead(data, filename=None, name="a/fox.jpg"), "data").name == "fox.jpg"
    assert open_picture(OnlyRead(data, filename="C:\\pictures\\fox.jpg"), "data").name == "fox.jpg"
    assert open_picture(OnlyRead(data, name=5), "data").name is None


async def test_asynchronous_readers_are_refused(tmp_path: Path) -> None:
    """No coroutine stays unawaited, because warnings are errors in these tests."""
    path = tmp_path / "fox.jpg"
    path.write_bytes(jpeg())
    stream = aiohttp.StreamReader(Any, 2**16, loop=asyncio.get_running_loop())  # type: ignore[arg-type]
    async with await anyio.open_file(path, "rb") as file:
        awaited: list[Any] = [AwaitedUpload(), FutureUpload(), stream, file]
        for source in awaited:
            with pytest.raises(InvalidArgumentError, match=r"await \.read\(\) and pass the bytes"):
                open_picture(source, "data")


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        (Image.new("L", (1, 1)), r"save the picture into an io\.BytesIO"),
        (iter([b"chunk"]), r"join the chunks"),
        (io.StringIO("text"), r"open\(path, 'rb'\)"),
        (OnlyRead("text"), r"its read\(\) returns str"),  # type: ignore[arg-type]
        (5, "a data URL, a path, bytes or a binary file"),
    ],
)
def test_an_object_that_is_not_a_file_is_refused_with_advice(source: Any, hint: str) -> None:
    with pytest.raises(InvalidArgumentError, match=hint):
        open_picture(source, "data")


def test_a_file_at_its_end_is_not_reported_as_empty() -> None:
    file = io.BytesIO(jpeg())
    file.seek(0, io.SEEK_END)
    with pytest.raises(InvalidArgumentError, match=r"is at its end, after [\d,]+ bytes; call seek\(0\)"):
        open_picture(file, "data")


URL = "data:image/jpeg;base64,"
SPELLINGS: dict[str, Callable[[str], str]] = {
    "a blank before it": lambda text: f" {URL}{text}",
    "a charset": lambda text: f"data:image/jpeg;charset=utf-8;base64,{text}",
    "lines": lambda text: URL + "\r\n".join(re.findall(".{1,76}", text)),
    "no padding": lambda text: URL + text.rstrip("="),
    "the URL-safe alphabet": lambda text: URL + text.replace("+", "-").replace("/", "_"),
    "no type": lambda text: f"data:;base64,{text}",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_data_urls_in_other_spellings_are_normalised(spelling: str) -> None:
    data = jpeg()
    url = SPELLINGS[spelling](base64.b64encode(data).decode())
    opened = picture_argument(url, "data", base64=False)
    assert isinstance(opened, Picture)
    assert content(opened) == data


def test_text_in_the_documented_form_is_sent_unchanged() -> None:
    text = base64.b64encode(jpeg()).decode()
    url = f"data:image/jpeg;base64,{text}"
    assert picture_argument(url, "data", base64=False) is url
    assert picture_argument(text, "image", base64=True) is text
    from_url = picture_argument(url, "image", base64=True)
    assert isinstance(from_url, Picture)


def test_text_that_is_a_path_and_base64_is_opened_as_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`image="photo.jpg"` opens the file, like `data="photo.jpg"`."""
    monkeypatch.chdir(tmp_path)
    for name in ("photo.jpg", "photo123"):  # the second name is valid base64 too
        Path(name).write_bytes(jpeg())
        for is_base64 in (True, False):
            opened = picture_argument(name, "image", base64=is_base64)
            assert isinstance(opened, Picture)
            assert opened.name == name


@pytest.mark.parametrize(
    ("text", "is_base64", "why"),
    [
        (base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(9_000_000)).decode(), False, "this is base64"),
        ("https://example.com/fox.jpg", False, "URLs are not fetched"),
        ("https://example.com/fox.jpg", True, "URLs are not fetched"),
        ("file:///fox.jpg", False, "a path is needed"),
        ("data:image/png;base64,%%%", False, "not base64"),
        ("data:image/png;base64", False, "comma"),
        ("data:image/png;base64," + base64.b64encode(b"<html></html>").decode(), False, "this is HTML"),
        ("~/fox.jpg", False, r"Path\.expanduser"),
        ("", False, "not an empty one"),
    ],
)
def test_text_that_is_not_a_picture_is_named(text: str, is_base64: bool, why: str) -> None:
    """The message has only a few lines for any length of the text."""
    with pytest.raises(InvalidArgumentError, match=why) as caught:
        picture_argument(text, "data", base64=is_base64)
    assert len(str(caught.value)) < 500
