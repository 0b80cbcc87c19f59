"""PNG: chunks of a length, a name, the data and a checksum, from IHDR to IEND."""

from __future__ import annotations

from struct import Struct
from typing import Final

from scenario_async._internal.pictures.facts import ColorModel, PictureFacts
from scenario_async._internal.pictures.structure.content import Content, CutOffError, DamagedPictureError
from scenario_async._internal.pictures.structure.tiff import exif_orientation

_FIRST_CHUNK: Final = 8
_IHDR_LENGTH: Final = 13
_SIZE_AND_COLOR: Final = Struct(">IIBB")
"""The beginning of IHDR: width, height, bits for each channel, and the colour type."""
_ACTL_LENGTH: Final = 8
_END: Final = b"\x00\x00\x00\x00IEND"
_TAIL: Final = 64 * 1024
_HAS_ALPHA: Final = 4
_HAS_COLOR: Final = 2


def read(content: Content, mime_type: str) -> PictureFacts:
    """Read the properties of a PNG, which are all before its pixel data."""
    header = content.at(_FIRST_CHUNK, 8 + _IHDR_LENGTH, "its header")
    if header[4:8] not in {b"IHDR", b"CgBI"}:
        raise DamagedPictureError("the file is damaged: it begins as a PNG, but the header is missing")
    offset, found = _FIRST_CHUNK, dict[bytes, tuple[int, int]]()
    while True:
        head = content.at(offset, 8, "the end of the PNG")
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        found.setdefault(name, (offset + 8, length))
        if name in {b"IDAT", b"IEND"}:
            break
        offset += 12 + length
    _check_end(content, offset)
    start, length = found.get(b"IHDR", (0, 0))
    if length != _IHDR_LENGTH:
        raise DamagedPictureError("the file is damaged: it begins as a PNG, but the header is missing")
    width, height, bits, color_type = _SIZE_AND_COLOR.unpack(content.at(start, _SIZE_AND_COLOR.size))
    if b"IDAT" not in found or not width or not height:
        raise DamagedPictureError("the file is damaged: it begins as a PNG, but there are no pixels in it")
    color: ColorModel = "rgb" if color_type & _HAS_COLOR else "gray"
    return PictureFacts(
        mime_type=mime_type,
        width=width,
        height=height,
        has_alpha=bool(color_type & _HAS_ALPHA) or b"tRNS" in found,
        frames=_frames(content, found),
        orientation=_orientation(content, found),
        color_model=color,
        bits=bits,
    )


def _frames(content: Content, found: dict[bytes, tuple[int, int]]) -> int:
    offset, length = found.get(b"acTL", (0, 0))
    return max(content.number(offset, 4), 1) if length == _ACTL_LENGTH else 1


def _orientation(content: Content, found: dict[bytes, tuple[int, int]]) -> int:
    offset, length = found.get(b"eXIf", (0, 0))
    return exif_orientation(content, offset, length)


def _check_end(content: Content, offset: int) -> None:
    """Search for IEND near the end of the file, or chunk by chunk if much data follows it."""
    # Usually the end is in the last bytes; data that some programs append is rarely long.
    for tail in (len(_END) + 4, _TAIL):
        if _END in content.up_to(max(content.size - tail, 0), tail):
            return
    while True:
        head = content.at(offset, 8, "the end of the PNG")
        if head[4:] == b"IEND":
            return
        if not head[4:].isalpha():
            raise CutOffError(content.size, "the end of the PNG")
        offset += 12 + int.from_bytes(head[:4], "big")
