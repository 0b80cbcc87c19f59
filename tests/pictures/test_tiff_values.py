"""The values of a TIFF that are read: all that a real file has, and no more than a limit of a crafted one.

The tests count the bytes that are read, since every value of a list is read before it is used.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import pytest

from scenario_async._internal.pictures.structure import tiff
from scenario_async._internal.pictures.structure.content import Content, DamagedPictureError
from tests.pictures.test_structure import encoded, facts, refusal

_LIMIT = 4_000_000
"""The most values that are read."""

Entry = tuple[int, int, int, int]
"""The tag, type, number and value of an entry; the value is an offset if there are several numbers."""


class Counting(Content):
    """Counts the bytes that are read."""

    count = 0

    def up_to(self, offset: int, length: int) -> bytes:
        """Return the bytes at an offset."""
        found = super().up_to(offset, length)
        Counting.count += len(found)
        return found


@pytest.fixture(autouse=True)
def _from_zero() -> None:
    Counting.count = 0


def file_of(directories: Sequence[Sequence[Entry]], lists: bytes = b"", order: str = "<") -> bytes:
    """A TIFF of a chain of directories; the lists begin at byte 8, and the directories follow."""
    start = 8 + len(lists)
    content = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(f"{order}I", start) + lists
    for at, entries in enumerate(directories):
        content += struct.pack(f"{order}H", len(entries))
        for tag, kind, number, value in entries:
            short = kind == 3 and number == 1
            content += struct.pack(f"{order}HHI", tag, kind, number)
            content += struct.pack(f"{order}HH" if short else f"{order}I", value, *([0] if short else []))
        following = len(content) + 4 if at + 1 < len(directories) else 0
        content += struct.pack(f"{order}I", following)
    return content


def page(strips: int, offsets: int, sizes: int) -> list[Entry]:
    """The entries of a page of 9 by 9 pixels in strips."""
    return [(256, 3, 1, 9), (257, 3, 1, 9), (273, 4, strips, offsets), (279, 4, strips, sizes)]


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_file_of_many_pages_with_many_strips_is_read(order: str) -> None:
    """It has 1.2 million values, and each strip is compared with the size of the file."""
    strips = 2_000
    lists = struct.pack(f"{order}{strips}I", *[8] * strips) + struct.pack(f"{order}{strips}I", *[5] * strips)
    pages = [page(strips, 8, 8 + 4 * strips)] * 300
    found = facts(file_of(pages, lists, order))
    assert (found.width, found.height, found.frames) == (9, 9, 300)
    wrong = lists[:-4] + struct.pack(f"{order}I", 50_000_000)
    assert "bytes of the TIFF's pixels is missing" in refusal(file_of(pages, wrong, order))


def test_pages_that_share_one_long_list_are_refused_at_the_limit() -> None:
    """A file of 4 MB with 300 such pages took 12 GB of memory."""
    content = file_of([page(1_000_000, 8, 8)] * 300, bytes(4_000_000))
    with pytest.raises(DamagedPictureError, match="list over 4,000,000 values"):
        tiff.read(Counting(content, len(content)), "image/tiff")
    assert 4 * (_LIMIT - 1_000_000) < Counting.count < 4 * _LIMIT


def test_directories_that_overlap_are_refused_at_the_limit() -> None:
    """Each of 200 directories claims 65,535 entries, most of which are those of the next."""
    content = bytearray(12 * 65_535 + 200 * 12 + 1_000)
    content[:8] = b"II*\x00" + struct.pack("<I", 8)
    for at in range(200):
        begin = 8 + 12 * at
        content[begin : begin + 2] = b"\xff\xff"
        end = begin + 2 + 12 * 65_535
        content[end : end + 4] = struct.pack("<I", begin + 12)
    with pytest.raises(DamagedPictureError, match="list over 4,000,000 values"):
        tiff.read(Counting(bytes(content), len(content)), "image/tiff")
    assert Counting.count < 12 * _LIMIT + 10_000


def test_one_list_of_too_many_values_is_not_read() -> None:
    """The entry claims more values than the limit, and the file has them."""
    content = file_of([[(256, 3, 1, 9), (257, 3, 1, 9), (273, 1, _LIMIT + 1, 8)]], bytes(_LIMIT + 1))
    with pytest.raises(DamagedPictureError, match="list over 4,000,000 values"):
        tiff.read(Counting(content, len(content)), "image/tiff")
    assert Counting.count < 1_000


def test_a_tag_is_read_once_in_a_directory() -> None:
    """The first entry of a tag counts, as in libtiff."""
    entries = [(256, 3, 1, 9), (257, 3, 1, 9), *[(273, 4, 1_000, 8)] * 50, (256, 3, 1, 7)]
    content = file_of([entries], bytes(4_000))
    assert tiff.read(Counting(content, len(content)), "image/tiff").width == 9
    assert 4_000 < Counting.count < 6_000


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_only_the_orientation_is_read_from_exif(image_format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A JPEG of 64 KB, whose EXIF data names one long list 600 times, took over a minute."""
    monkeypatch.setattr(tiff, "Content", Counting)
    entries = [*[(279, 1, 50_000, 8)] * 600, (274, 3, 1, 8)]
    exif = b"Exif\x00\x00" + file_of([entries], bytes(50_000))
    assert facts(encoded(image_format, exif=exif)).orientation == 8
    assert 12 * 600 < Counting.count < 12 * 600 + 100
