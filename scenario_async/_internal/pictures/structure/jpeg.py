"""JPEG: marked segments with a length each, then the pixels up to the end marker."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.pictures.facts import ColorModel, PictureFacts
from scenario_async._internal.pictures.structure.content import Content, CutOffError, DamagedPictureError
from scenario_async._internal.pictures.structure.tiff import EXIF_MARK, exif_orientation

_START_OF_FRAME: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_START_OF_SCAN: Final = 0xDA
_APP1: Final = 0xE1
_TAIL: Final = 64 * 1024
_COLOR_MODELS: Final[dict[int, ColorModel]] = {1: "gray", 3: "rgb", 4: "cmyk"}


def read(content: Content, mime_type: str) -> PictureFacts:
    """Read the properties of a JPEG from the segments before its pixel data."""
    offset = 2
    frame: bytes | None = None
    orientation = 1
    while True:
        marker, offset = _marker(content, offset)
        if marker in _WITHOUT_LENGTH:
            continue
        length = content.number(offset, 2, "the pixels of the JPEG")
        if marker == _START_OF_SCAN:
            break
        if marker in _START_OF_FRAME:
            frame = content.at(offset + 2, 6, "the pixels of the JPEG")
        elif marker == _APP1 and content.up_to(offset + 2, len(EXIF_MARK)) == EXIF_MARK:
            orientation = exif_orientation(content, offset + 2, max(length - 2, 0))
        offset += length
    _check_end(content, offset + length)
    if frame is None:
        raise DamagedPictureError("the file is damaged: it begins as a JPEG, but its size is missing")
    return PictureFacts(
        mime_type=mime_type,
        width=int.from_bytes(frame[3:5], "big"),
        height=int.from_bytes(frame[1:3], "big"),
        orientation=orientation,
        color_model=_COLOR_MODELS.get(frame[5]),
        bits=frame[0],
    )


def _marker(content: Content, offset: int) -> tuple[int, int]:
    """Return the next marker and the offset after it; unexpected bytes are skipped."""
    while True:
        offset = content.find(b"\xff", offset)
        if offset < 0:
            raise CutOffError(content.size, "the pixels of the JPEG")
        marker = content.number(offset + 1, 1, "the pixels of the JPEG")
        if marker not in {0x00, 0xFF}:
            return marker, offset + 2
        offset += 1 + (marker == 0x00)


def _check_end(content: Content, pixels: int) -> None:
    """Search for the end marker after the beginning of the pixel data.

    A thumbnail is before this position, in its own segment, so its end marker is not found by mistake. Some
    cameras write videos and previews after the end marker. Only for these files, all of the pixel data is
    searched.
    """
    if (
        content.find(b"\xff\xd9", max(pixels, content.size - _TAIL)) < 0
        and content.find(b"\xff\xd9", pixels) < 0
    ):
        raise CutOffError(content.size, "the end of the JPEG")
