"""Read TIFF and BigTIFF files: directories of tags that point to the pixel data.

Camera RAW files have the same structure. EXIF data in other formats is a small TIFF too, which
`exif_orientation` reads.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final, Literal

from attrs import frozen

from scenario_async._internal.pictures.facts import ColorModel, PictureFacts
from scenario_async._internal.pictures.structure.content import Content, CutOffError, DamagedPictureError

EXIF_MARK: Final = b"Exif\x00\x00"
"""The beginning of EXIF data in a JPEG, and in some files of other formats."""

_LONGEST_EXIF: Final = 64 * 1024

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_MAKE, _STRIPS, _ORIENTATION, _STRIP_SIZES, _SUB_DIRECTORIES = 271, 273, 274, 279, 330
_TILES, _TILE_SIZES, _EXTRA_SAMPLES, _DNG_VERSION, _KIND = 324, 325, 338, 50706, 254
_JPEG_TABLES = 347
"""The tables that all strips compressed as JPEG need; they may be at the end of the file."""

_LISTS: Final = frozenset(
    {
        _BITS,
        _MAKE,
        _STRIPS,
        _STRIP_SIZES,
        _TILES,
        _TILE_SIZES,
        _SUB_DIRECTORIES,
        _EXTRA_SAMPLES,
        _JPEG_TABLES,
    }
)
"""The tags whose values are read from another place in the file, if they do not fit into the directory."""
_READ: Final = _LISTS | {_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC, _ORIENTATION, _DNG_VERSION, _KIND}

_TEXT: Final = 2
_ANY_BYTES: Final = 7
_TYPES: Final[Mapping[int, Literal["B", "H", "I", "Q"]]] = {
    1: "B",
    _TEXT: "B",
    3: "H",
    4: "I",
    _ANY_BYTES: "B",
    13: "I",
    16: "Q",
    18: "Q",
}
"""The types of text, bytes and whole numbers, by their names in the `array` module; no other is read."""
_MOST_VALUES: Final = 4_000_000
"""The most values of a file that are read, entries of directories included.

A file has no more than a few for each strip or tile of each page; entries that share a list count each.
"""
_MOST_DIRECTORIES: Final = 10_000
_MOST_SUB_DIRECTORIES: Final = 100
"""The most subdirectories, and directories in the chain of one, that are read; cameras write a few."""
_REDUCED: Final = 1

_COLOR_FILTER, _LINEAR_RAW = 32803, 34892
"""The tag value of raw sensor data, which ordinary pictures do not have."""

_COLOR_MODELS: Final[dict[int, ColorModel]] = {
    0: "gray",
    1: "gray",
    2: "rgb",
    3: "rgb",
    5: "cmyk",
    6: "rgb",
    8: "lab",
    9: "lab",
    10: "lab",
}
_ORIENTATIONS: Final = range(1, 9)


@frozen
class _Directory:
    """The tags of one picture in the file, with the numbers of each."""

    tags: Mapping[int, Sequence[int]]

    @property
    def make(self) -> str:
        return bytes(self.tags.get(_MAKE, ())).rstrip(b"\x00 ").decode("latin-1").title()

    def first(self, tag: int, default: int) -> int:
        values = self.tags.get(tag)
        return values[0] if values else default


class _Tiff:
    """The byte order of a TIFF's numbers, the size of its offsets, and how many more values may be read.

    Args:
        content: The file.
        tags: The tags to read; all others are ignored.
    """

    def __init__(self, content: Content, tags: Container[int]) -> None:
        head = content.at(0, 8, "its header")
        self.content = content
        self._tags = tags
        self._left = _MOST_VALUES
        self._order: Literal["little", "big"] = "little" if head[:2] == b"II" else "big"
        big = self._int(head[2:4]) == 43  # noqa: PLR2004 - BigTIFF's version number
        self._wide = 8 if big else 4
        self._count_size = 8 if big else 2
        self._entry = struct.Struct(("<" if self._order == "little" else ">") + ("HHQ8s" if big else "HHI4s"))
        self.first_offset = self._int(content.at(8, 8, "its header") if big else head[4:8])

    def _int(self, data: bytes) -> int:
        return int.from_bytes(data, self._order)

    def directories(self, offset: int) -> Iterator[_Directory]:
        """Yield a chain of directories; each offset is followed once."""
        seen = set[int]()
        while offset and offset not in seen and len(seen) < _MOST_DIRECTORIES:
            seen.add(offset)
            directory, offset = self._directory(offset)
            yield directory

    def _directory(self, offset: int) -> tuple[_Directory, int]:
        missing = "the directory of the TIFF"
        count = self._int(self.content.at(offset, self._count_size, missing))
        self._spend(count)
        start = offset + self._count_size
        block = self.content.at(start, count * self._entry.size, missing)
        tags: dict[int, Sequence[int]] = {}
        for tag, kind, number, field in self._entry.iter_unpack(block):
            is_text_or_bytes = kind in {_TEXT, _ANY_BYTES}
            is_known = kind in _TYPES and is_text_or_bytes is (tag in {_MAKE, _JPEG_TABLES})
            if tag in self._tags and tag not in tags and is_known:
                tags[tag] = self._values(tag, kind, number, field)
        following = self.content.up_to(start + len(block), self._wide)
        return _Directory(tags), self._int(following) if len(following) == self._wide else 0

    def _values(self, tag: int, kind: int, number: int, field: bytes) -> Sequence[int]:
        """Return the numbers of an entry, from the entry or from its offset; none if they are not needed."""
        values = array(_TYPES[kind])
        length = values.itemsize * number
        if length <= len(field):
            values.frombytes(field[:length])
        elif tag in _LISTS:
            self._spend(number)
            values.frombytes(self.content.at(self._int(field), length, "a part of the TIFF's directory"))
        if self._order != sys.byteorder:
            values.byteswap()
        return values

    def _spend(self, number: int) -> None:
        self._left -= number
        if self._left < 0:
            raise DamagedPictureError(
                f"the file is damaged: the directories of the TIFF list over {_MOST_VALUES:,} values"
            )


def read(content: Content, mime_type: str) -> PictureFacts:
    """Read the properties of a TIFF file from its directories.

    Raises:
        DamagedPictureError: The file is cut off, lists too many values, or is a camera RAW file.
    """
    tiff = _Tiff(content, _READ)
    directories = list(tiff.directories(tiff.first_offset))
    if not directories:
        raise CutOffError(content.size, "the directory of the TIFF")
    _refuse_raw(tiff, content, directories)
    for directory in directories:
        _check_pixels(content, directory)
    first = directories[0]
    if not first.first(_WIDTH, 0) or not first.first(_HEIGHT, 0):
        raise DamagedPictureError("the file is damaged: it begins as a TIFF, but its size is missing")
    pages = sum(not directory.first(_KIND, 0) & _REDUCED for directory in directories)
    photometric = first.first(_PHOTOMETRIC, 1)
    orientation = first.first(_ORIENTATION, 1)
    return PictureFacts(
        mime_type=mime_type,
        width=first.first(_WIDTH, 0),
        height=first.first(_HEIGHT, 0),
        has_alpha=first.first(_EXTRA_SAMPLES, 0) in {1, 2},
        frames=max(pages, 1),
        orientation=orientation if orientation in _ORIENTATIONS else 1,
        color_model=_COLOR_MODELS.get(photometric),
        bits=max(first.tags.get(_BITS, (1,)), default=1),
    )


def _refuse_raw(tiff: _Tiff, content: Content, directories: list[_Directory]) -> None:
    every = list(directories)
    offsets = {offset for directory in directories for offset in directory.tags.get(_SUB_DIRECTORIES, ())}
    for offset in sorted(offsets)[:_MOST_SUB_DIRECTORIES]:
        with suppress(CutOffError):
            every += islice(tiff.directories(offset), _MOST_SUB_DIRECTORIES)
    is_dng = any(_DNG_VERSION in directory.tags for directory in every)
    is_raw = any(
        directory.first(_PHOTOMETRIC, 0) in {_COLOR_FILTER, _LINEAR_RAW}
        or directory.first(_COMPRESSION, 1) in _RAW_COMPRESSIONS
        for directory in every
    )
    if is_dng or is_raw or content.up_to(8, 2) == b"CR":
        make = directories[0].make
        kind = "DNG" if is_dng else make or "unknown camera"
        raise DamagedPictureError(f"this is a camera RAW file ({kind}): export it as JPEG, PNG or TIFF")


_RAW_COMPRESSIONS: Final = frozenset({32767, 32769, 32770, 32772, 34713, 65000, 65535})
"""The compression methods of Sony, Epson, Samsung, Nikon, Kodak and Pentax for raw sensor data."""


def _check_pixels(content: Content, directory: _Directory) -> None:
    for offsets, sizes in ((_STRIPS, _STRIP_SIZES), (_TILES, _TILE_SIZES)):
        for offset, size in zip(directory.tags.get(offsets, ()), directory.tags.get(sizes, ()), strict=False):
            if offset + size > content.size and offset:
                missing = offset + size - content.size
                raise CutOffError(content.size, f"{missing:,} bytes of the TIFF's pixels")


def exif_orientation(content: Content, offset: int, length: int) -> int:
    """Return the orientation in the EXIF data of a picture from 1 (upright) to 8; 1 if it cannot be read."""
    exif = content.up_to(offset, min(length, _LONGEST_EXIF)).removeprefix(EXIF_MARK)
    if exif[:4] not in {b"II*\x00", b"MM\x00*"}:
        return 1
    try:
        tiff = _Tiff(Content(exif, len(exif)), {_ORIENTATION})
        first = next(tiff.directories(tiff.first_offset), None)
    except DamagedPictureError:
        return 1
    orientation = first.first(_ORIENTATION, 1) if first else 1
    return orientation if orientation in _ORIENTATIONS else 1
