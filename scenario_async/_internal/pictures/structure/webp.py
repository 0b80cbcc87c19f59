"""WebP: a RIFF file whose chunks have the pixel data, alpha, EXIF and frames."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.pictures.facts import PictureFacts
from scenario_async._internal.pictures.structure.content import Content, CutOffError, DamagedPictureError
from scenario_async._internal.pictures.structure.tiff import exif_orientation

_FIRST_CHUNK: Final = 12
_ALPHA: Final = 0x10
_PIXELS: Final = frozenset({b"VP8 ", b"VP8L", b"ANMF"})
_LOSSY_SIZE: Final = 6


def read(content: Content, mime_type: str) -> PictureFacts:
    """Read the properties of a WebP."""
    end = 8 + int.from_bytes(content.at(4, 4, "its header"), "little")
    # Some writers omit the padding byte of the last chunk.
    if end > content.size + 1:
        raise CutOffError(content.size, f"{end - content.size:,} bytes of the WebP")
    width = height = 0
    has_pixels = has_alpha = False
    orientation, frames = 1, 0
    offset = _FIRST_CHUNK
    while offset + 8 <= min(end, content.size):
        head = content.at(offset, 8)
        name, length = head[:4], int.from_bytes(head[4:], "little")
        body = offset + 8
        has_pixels |= name in _PIXELS
        if name == b"VP8X":
            data = content.at(body, 10)
            has_alpha |= bool(data[0] & _ALPHA)
            width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (4, 7))
        elif name == b"VP8 " and not width:
            data = content.at(body + _LOSSY_SIZE, 4)
            width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (0, 2))
        elif name == b"VP8L" and not width:
            packed = int.from_bytes(content.at(body + 1, 4), "little")
            width, height, has_alpha = (
                (packed & 0x3FFF) + 1,
                (packed >> 14 & 0x3FFF) + 1,
                bool(packed >> 28 & 1),
            )
        elif name == b"ANMF":
            frames += 1
        elif name == b"EXIF":
            orientation = exif_orientation(content, body, length)
        offset = body + length + length % 2
    if not width or not has_pixels:
        raise DamagedPictureError("the file is damaged: it begins as a WebP, but there is no picture in it")
    return PictureFacts(
        mime_type=mime_type,
        width=width,
        height=height,
        has_alpha=has_alpha,
        frames=max(frames, 1),
        orientation=orientation,
        color_model="rgb",
        bits=8,
    )
