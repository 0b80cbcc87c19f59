"""Files that are wrong in rarer ways get a clear refusal: no bare error, no wrong name, no long work."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from scenario_async._internal.pictures.opening import open_picture, picture_argument
from scenario_async.errors import InvalidArgumentError
from tests.pictures.test_structure import encoded, facts, refusal, tiff

_SOON = 2.0
"""Seconds in which the structure of a small file has to be read."""


def box(name: bytes, content: bytes) -> bytes:
    """A box of an ISO file."""
    return struct.pack(">I", len(content) + 8) + name + content


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def test_a_small_heif_cannot_claim_endless_work() -> None:
    """An 18 KB file whose table claims 200 million extents without numbers took four minutes."""
    items = 3000
    table = bytes(6) + struct.pack(">H", items) + struct.pack(">HHH", 1, 0, 65535) * items
    content = box(b"ftyp", b"heic" + bytes(4) + b"heic") + box(b"meta", bytes(4) + box(b"iloc", table))
    begun = time.monotonic()
    open_picture(content, "image")
    assert time.monotonic() - begun < _SOON


def test_a_small_tiff_cannot_claim_endless_work() -> None:
    """Many subdirectories, each the start of the same long chain, are read once and not to the end."""
    count, length = 20_000, 300
    chain = 8 + 2 + 3 * 12 + 4 + 4 * count
    entries = b"".join(
        struct.pack("<HHII", *entry)
        for entry in ((256, 3, 1, 9), (257, 3, 1, 9), (330, 4, count, chain - 4 * count))
    )
    offsets = b"".join(struct.pack("<I", chain + 18 * (at % length)) for at in range(count))
    links = [*(chain + 18 * (at + 1) for at in range(length - 1)), 0]
    more = b"".join(
        struct.pack("<H", 1) + struct.pack("<HHII", 256, 3, 1, 1) + struct.pack("<I", link) for link in links
    )
    content = b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 3) + entries + bytes(4) + offsets + more
    begun = time.monotonic()
    open_picture(content, "image")
    assert time.monotonic() - begun < _SOON


@pytest.mark.parametrize("size", ['width="%s" height="1"' % ("9" * 400), 'viewBox="0 0 -5 -5"'])
def test_an_svg_of_an_impossible_size_has_no_size(size: str) -> None:
    """An infinite size was an OverflowError, and a negative one was reported as it was."""
    found = facts(f'<svg xmlns="http://www.w3.org/2000/svg" {size}/>'.encode())
    assert (found.width, found.height) == (None, None)


def test_files_without_pixels_are_refused() -> None:
    png, webp = encoded("PNG"), encoded("WEBP", exif=b"Exif\x00\x00MM\x00*")
    end = chunk(b"IEND", b"")
    assert "no pixels" in refusal(png[:33] + end)
    assert "no pixels" in refusal(png[:8] + chunk(b"IHDR", bytes(8) + png[24:29]) + png[33:])
    assert "header is missing" in refusal(png[:8] + chunk(b"IHDR", bytes(4)) + end)
    assert webp[12:16] == b"VP8X"
    assert "no picture" in refusal(b"RIFF" + struct.pack("<I", 22) + b"WEBP" + webp[12:30])
    assert "size is missing" in refusal(tiff({}))
    assert facts(png[:33] + chunk(b"acTL", b"") + png[33:]).frames == 1


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (encoded("PNG").replace(b"\r\n", b"\n"), "a PNG whose bytes were changed as if it were text"),
        (encoded("PNG").decode("utf-8", "replace").encode(), "a PNG whose bytes were changed"),
        (encoded("JPEG").decode("utf-8", "replace").encode(), "a JPEG whose bytes were changed"),
        (encoded("JPEG").decode("latin-1").encode(), "a JPEG whose bytes were changed"),
        (b"\xef\xbb\xbf\r\n" + encoded("JPEG"), "a picture (image/jpeg) behind bytes that do not belong"),
        (b"/annex/objects/SHA256E-s9--0", "a git-annex pointer"),
        (b"\x00\x00\x02" + bytes(9) + b"\x09\x00\x09\x00\x18\x00" + bytes(243), "a TGA picture"),
        (b"{\\rtf1\\ansi hello}", "a text document (RTF)"),
        (b"[InternetShortcut]\r\nURL=https://example.com", "this is text"),
        (b"BMW in the snow", "this is text"),
        (b"P1 of 3 meetings", "this is text"),
        (b"P5 # a comment\n4 4 255\n" + bytes(16), "a PNM picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript (EPS)"),
        (b"\x00\x00\x01\x00\x01\x00\x10\x10\x00\x00" + bytes(40), "an icon (ICO)"),
        (b"\x00\x00\x02\x00\x01\x00\x10\x10\x00\x00" + bytes(40), "a mouse pointer (CUR)"),
        (b"\x89", "of no known kind (it begins with 89)"),
        (b"\xff\xd8", "of no known kind (it begins with ff d8)"),
    ],
)
def test_a_refusal_does_not_name_another_format(content: bytes, what: str) -> None:
    assert what in refusal(content, "picture.tga" if "TGA" in what else "")


def damaged_archive() -> zipfile.ZipExtFile:
    """A member of a ZIP archive whose checksum is wrong."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("fox.png", encoded("PNG"))
    content = bytearray(file.getvalue())
    content[5000] ^= 1
    return zipfile.ZipFile(io.BytesIO(content)).open("fox.png")  # type: ignore[return-value]


class Broken:
    """A file whose `read` raises an error of its own library."""

    def read(self) -> bytes:
        """Raise an error."""
        raise RuntimeError("the connection was lost")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (damaged_archive, "Bad CRC-32"),
        (lambda: gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(encoded("PNG"))[:-500])), "ended before"),
        (lambda: bz2.BZ2File(io.BytesIO(bz2.compress(encoded("PNG"))[:-50])), "ended before"),
        (lambda: lzma.LZMAFile(io.BytesIO(b"x" * 99)), "not supported"),  # noqa: SIM115 - read by the test
        (Broken, "the connection was lost"),
        (lambda: io.BytesIO, "BytesIO"),
    ],
)
def test_an_error_of_a_file_object_names_the_argument(make: Any, why: str) -> None:
    """Archives and decompressors raise BadZipFile, EOFError and LZMAError, which passed through bare."""
    with pytest.raises(InvalidArgumentError, match="image: the file cannot be read") as caught:
        picture_argument(make(), "image", base64=False)
    assert why in str(caught.value)
    assert caught.value.__cause__ is not None


def test_a_member_of_a_streamed_tar_archive_is_read() -> None:
    content, file = encoded("PNG"), io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("fox.png")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    with tarfile.open(fileobj=io.BytesIO(file.getvalue()), mode="r|") as archive:
        first = archive.next()
        assert first is not None
        opened = archive.extractfile(first)
        assert opened is not None
        assert open_picture(opened, "image").size == len(content)


def test_an_entry_of_a_folder_that_was_listed_as_bytes_is_opened(tmp_path: Path) -> None:
    """Its path is bytes, which was a bare TypeError."""
    (tmp_path / "fox.png").write_bytes(encoded("PNG"))
    with os.scandir(os.fsencode(tmp_path)) as entries:
        picture = picture_argument(next(entries), "image", base64=False)  # type: ignore[arg-type]
    assert getattr(picture, "name", None) == "fox.png"


@pytest.mark.parametrize("length", [300, 1000, 1024])
def test_base64_that_is_too_long_for_a_file_name_is_no_error(length: int) -> None:
    text = "A" * length
    assert picture_argument(text, "image", base64=True) == text


def test_long_text_that_is_not_base64_is_not_reported_as_a_path() -> None:
    text = f"url(data:image/png;base64,{'A' * 9000})"
    with pytest.raises(InvalidArgumentError, match="not base64, and too long for a path"):
        picture_argument(text, "image", base64=True)


def test_a_data_url_without_content_is_refused() -> None:
    """It was sent, and the service had to refuse it."""
    with pytest.raises(InvalidArgumentError, match="empty"):
        picture_argument("data:image/png;base64,", "image", base64=False)
