"""Read TIFF and BigTIFF files: directories of tags that point to the pixel data.

Camera RAW files have the same structure. EXIF data in other formats is a small TIFF too, which
`exif_orientation` reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Final

from attrs import frozen

from scenario_async._internal.pictures.facts import ColorModel, PictureFacts
from scenario_async._internal.pictures.structure.content import Content, CutOffError, DamagedPictureError

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_MAKE, _STRIPS, _ORIENTATION, _STRIP_SIZES, _SUB_DIRECTORIES = 271, 273, 274, 279, 330
_TILES, _TILE_SIZES, _EXTRA_SAMPLES, _DNG_VERSION, _KIND = 324, 325, 338, 50706, 254

_TYPE_SIZES: Final = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_WHOLE_NUMBERS: Final = frozenset({1, 3, 4, 13, 16, 18})
_SIZE_TYPES: Final = frozenset({3, 4, 13, 16, 18})
_MOST_VALUES: Final = 1_000_000
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

    tags: Mapping[int, tuple[int, ...]]
    make: str

    def first(self, tag: int, default: int) -> int:
        values = self.tags.get(tag)
        return values[0] if values else default


class _Tiff:
    """The byte order of a TIFF's numbers, and the size of its offsets."""

    def __init__(self, content: Content) -> None:
        head = content.at(0, 8, "its header")
        self.content = content
        self._order = "little" if head[:2] == b"II" else "big"
        big = self._int(head[2:4]) == 43  # noqa: PLR2004 - BigTIFF's version number
        self._wide = 8 if big else 4
        self._count_size = 8 if big else 2
        self.first_offset = self._int(content.at(8, 8, "its header") if big else head[4:8])

    def _int(self, data: bytes) -> int:
        return int.from_bytes(data, "little" if self._order == "little" else "big")

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
        entry_size = 4 + 2 * self._wide
        start = offset + self._count_size
        block = self.content.at(start, count * entry_size, missing)
        tags: dict[int, tuple[int, ...]] = {}
        make = ""
        for at in range(0, len(block), entry_size):
            entry = block[at : at + entry_size]
            tag, kind = self._int(entry[:2]), self._int(entry[2:4])
            number = self._int(entry[4 : 4 + self._wide])
            data = self._data(
                entry[4 + self._wide :], _TYPE_SIZES.get(kind, 0), number, needed=tag in _NEEDED
            )
            if tag == _MAKE:
                make = data.rstrip(b"\x00 ").decode("latin-1").title()
            elif kind in _WHOLE_NUMBERS:
                width = _TYPE_SIZES[kind]
                tags[tag] = tuple(self._int(data[i : i + width]) for i in range(0, len(data), width))
        following = self.content.up_to(start + len(block), self._wide)
        return _Directory(tags, make), self._int(following) if len(following) == self._wide else 0

    def _data(self, field: bytes, width: int, number: int, *, needed: bool) -> bytes:
        """Return the bytes of an entry, from the entry or from its offset; none if they are not needed."""
        length = width * number
        if length <= len(field):
            return field[:length]
        if not needed or number > _MOST_VALUES:
            return b""
        return self.content.at(self._int(field), length, "a part of the TIFF's directory")


_NEEDED: Final = frozenset(
    {_BITS, _MAKE, _STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES, _SUB_DIRECTORIES, _EXTRA_SAMPLES}
)


def read(content: Content, mime_type: str) -> PictureFacts:
    """Read the properties of a TIFF file from its directories.

    Raises:
        DamagedPictureError: The file is cut off, or is a camera RAW file.
    """
    tiff = _Tiff(content)
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


def exif_orientation(exif: bytes) -> int:
    """Return the orientation of EXIF data from 1 (upright) to 8; 1 if it cannot be read."""
    exif = exif.removeprefix(b"Exif\x00\x00")
    if exif[:4] not in {b"II*\x00", b"MM\x00*"}:
        return 1
    try:
        tiff = _Tiff(Content(exif, len(exif)))
        first = next(tiff.directories(tiff.first_offset), None)
    except DamagedPictureError:
        return 1
    orientation = first.first(_ORIENTATION, 1) if first else 1
    return orientation if orientation in _ORIENTATIONS else 1
