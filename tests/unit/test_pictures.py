"""Which arguments are accepted as a picture, and which are refused."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from scenario_async._internal.pictures.encoded import is_data_url
from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import (
    CHUNK_SIZE,
    Picture,
    PictureChangedError,
    Segment,
    whole,
)
from scenario_async.errors import InvalidArgumentError

from .samples import picture, png_like

PNG = picture("PNG")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A picture's file."""
    path = tmp_path / "fox.png"
    path.write_bytes(PNG)
    return path


def content(opened: Picture) -> bytes:
    """The bytes that would be sent for a picture."""
    segment = whole(opened, base64=False)
    with opened.opened() as file:
        return b"".join(segment.chunk(file, done) for done in segment.offsets())


class PathLike:
    """A path that is neither a string nor a `Path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


def test_paths(path: Path) -> None:
    """A path of any type is accepted; its last part is the picture's name."""
    for source in (path, str(path), PathLike(path)):
        opened = open_picture(source, "data")
        assert (opened.size, opened.mime_type, opened.name) == (len(PNG), "image/png", "fox.png")
        assert content(opened) == PNG


def test_bytes() -> None:
    """Bytes have no name."""
    opened = open_picture(PNG, "data")
    assert (opened.size, opened.mime_type, opened.name) == (len(PNG), "image/png", None)
    assert content(opened) == PNG


def test_open_file(path: Path) -> None:
    """An open file has its own name; reading it does not close it or change its position."""
    with path.open("rb") as file:
        opened = open_picture(file, "data")
        assert (opened.size, opened.name, file.tell()) == (len(PNG), "fox.png", 0)
        assert content(opened) == content(opened) == PNG
        assert not file.closed
    with path.open("rb", buffering=0) as file:
        assert content(open_picture(file, "data")) == PNG


def test_open_file_from_its_current_position(path: Path) -> None:
    """The bytes before the current position are not part of the picture."""
    path.write_bytes(b"header" + PNG)
    with path.open("rb") as file:
        file.seek(6)
        opened = open_picture(file, "data")
        assert (opened.size, opened.start, file.tell()) == (len(PNG), 6, 6)
        assert content(opened) == PNG
    memory = io.BytesIO(b"x" + PNG)
    memory.read(1)
    assert open_picture(memory, "data").name is None
    assert content(open_picture(memory, "data")) == PNG


def test_pipe() -> None:
    """A stream that can be read only once is buffered, so that it can be sent again."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb") as sink:
        sink.write(PNG)
        sink.close()
        opened = open_picture(source, "data")
        assert (opened.size, opened.name) == (len(PNG), None)
    assert content(opened) == content(opened) == PNG


def test_an_open_picture_is_returned_unchanged() -> None:
    opened = open_picture(PNG, "data")
    assert open_picture(opened, "data") is opened


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("data:image/png;base64,AA", True),
        ("DATA:,", True),
        ("data.png", False),
        ("./data:", False),
        (b"data:", False),
    ],
)
def test_data_url(source: object, expected: bool) -> None:
    """A string that begins like a data URL is a data URL; any other string is a path."""
    assert is_data_url(source) is expected


# --- invalid arguments -------------------------------------------------------------------------


def refusal(source: Any) -> str:
    """The error message for a source; it must contain the argument's name."""
    with pytest.raises(InvalidArgumentError) as caught:
        open_picture(source, "thumbnail")
    assert caught.value.argument == "thumbnail"
    assert str(caught.value).count("thumbnail") == 1
    return str(caught.value)


def test_paths_that_are_not_a_picture(tmp_path: Path) -> None:
    """For a missing file, a folder, an empty file or other content, the message has file and reason."""
    (tmp_path / "empty.png").touch()
    (tmp_path / "notes.png").write_text("not an image at all")
    (tmp_path / "drawing.bmp").write_bytes(picture("BMP"))
    cases = {
        "missing.png": "there is no such file",
        "": "this is a folder",
        "empty.png": "the picture is empty",
        "notes.png": "this is text, and the service takes JPEG, PNG, GIF, SVG, WebP, AVIF, TIFF or HEIF",
        "drawing.bmp": "this is a BMP picture",
        "notes.png/fox.png": "the file cannot be read",
        "n" * 300: "the file cannot be read",
        "nul\0.png": "the file cannot be read",
    }
    for name, why in cases.items():
        said = refusal(tmp_path / name)
        assert why in said
        assert repr(str(tmp_path / name))[:100] in said


def test_named_pipe(tmp_path: Path) -> None:
    """A named pipe is not opened, because opening it could wait for a writer for ever."""
    os.mkfifo(tmp_path / "pipe.png")
    assert "not a regular file" in refusal(tmp_path / "pipe.png")


def test_bytes_that_are_not_a_picture_are_refused() -> None:
    assert "the picture is empty" in refusal(b"")
    assert refusal(b"text").endswith("got '4 bytes'")


def test_files_that_are_not_a_picture(path: Path) -> None:
    """Files at their end, opened for writing, closed, or in text mode are refused."""
    with path.open("rb") as file:
        file.read()
        assert "the file is at its end" in refusal(file)
    assert "the file cannot be read" in refusal(file)
    with path.with_name("other.png").open("wb") as writing:
        assert "the file cannot be read" in refusal(writing)
    assert "this is text" in refusal(io.BytesIO(b"text"))


def test_text_files(path: Path) -> None:
    """A text file is refused also if it hides its mode, and so is an object that is not a file."""
    with path.open(encoding="latin-1") as file:
        assert "a binary file open for reading is needed" in refusal(file)
    assert "a binary file open for reading is needed" in refusal(io.StringIO("text"))
    with tempfile.NamedTemporaryFile("w+") as wrapped:
        wrapped.write("text")
        wrapped.seek(0)
        assert "a binary file open for reading is needed" in refusal(wrapped)
    for nothing in (5, 0.5, object(), ["fox.png"]):
        assert "a binary file open for reading is needed" in refusal(nothing)


# --- segments ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [90, 91, 92, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE + 2])
def test_size_on_the_wire(size: int) -> None:
    """The announced size is the size of all chunks, raw and as base64."""
    opened = open_picture(png_like(size), "data")
    for base64 in (True, False):
        segment = whole(opened, base64=base64)
        with opened.opened() as file:
            assert sum(len(segment.chunk(file, done)) for done in segment.offsets()) == segment.size


def test_stretch(path: Path) -> None:
    """A range has the right bytes, also if the picture does not begin at the start of its file."""
    path.write_bytes(b"header" + PNG)
    with path.open("rb") as source:
        source.seek(6)
        stretch = Segment(open_picture(source, "data"), base64=False, offset=10, length=25)
        with stretch.picture.opened() as file:
            assert stretch.chunk(file, 0) == PNG[10:35]
    assert list(stretch.offsets()) == [0]


def test_file_that_became_shorter(path: Path) -> None:
    """The error names the picture and the size that it had when it was checked."""
    segment = whole(open_picture(path, "data"), base64=False)
    path.write_bytes(PNG[:20])
    with segment.picture.opened() as file, pytest.raises(PictureChangedError) as caught:
        segment.chunk(file, 0)
    assert caught.value.argument == "fox.png"
    assert f"had {len(PNG)} bytes" in str(caught.value)
    assert "20 bytes" in str(caught.value)


def test_repr_shows_no_bytes(path: Path) -> None:
    """The repr of a picture may be shown in an error or a log."""
    with path.open("rb") as file:
        sources: list[bytes | Path | BinaryIO] = [PNG, path, file]
        for source in sources:
            assert len(repr(open_picture(source, "data"))) < 120
