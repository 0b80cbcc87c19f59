"""GIF: blocks, each a chain of short pieces, up to a trailer."""

from __future__ import annotations

from typing import Final

from scenario_async._internal.pictures.facts import PictureFacts
from scenario_async._internal.pictures.structure.content import Content, CutOffError

_HEADER: Final = 13
_HAS_PALETTE: Final = 0x80
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_GRAPHIC_CONTROL: Final = 0xF9


def read(content: Content, mime_type: str) -> PictureFacts:
    """Read the properties of a GIF; the whole file is read to count the frames."""
    header = content.at(0, _HEADER, "its header")
    offset = _HEADER + _palette(header[10])
    frames, has_alpha = 0, False
    while True:
        kind = content.up_to(offset, 1)
        # Some writers omit the trailer: such a file is complete if it has a picture.
        if frames and (not kind or kind[0] not in {_EXTENSION, _IMAGE}):
            break
        if not kind or kind[0] == _TRAILER:
            raise CutOffError(content.size, "the pixels of the GIF")
        if kind[0] == _IMAGE:
            packed = content.number(offset + 9, 1, "the pixels of the GIF")
            offset = _behind_pieces(content, offset + 10 + _palette(packed) + 1)
            frames += 1
        elif kind[0] == _EXTENSION:
            if content.number(offset + 1, 1, "the pixels of the GIF") == _GRAPHIC_CONTROL:
                has_alpha |= bool(content.number(offset + 3, 1, "the pixels of the GIF") & 1)
            offset = _behind_pieces(content, offset + 2)
        else:
            offset += 1
    return PictureFacts(
        mime_type=mime_type,
        width=int.from_bytes(header[6:8], "little"),
        height=int.from_bytes(header[8:10], "little"),
        has_alpha=has_alpha,
        frames=frames,
        color_model="rgb",
        bits=8,
    )


def _palette(packed: int) -> int:
    """The bytes of a palette, by the flags before it."""
    return 3 << ((packed & 7) + 1) if packed & _HAS_PALETTE else 0


def _behind_pieces(content: Content, offset: int) -> int:
    while length := content.number(offset, 1, "the end of the GIF"):
        offset += 1 + length
    return offset + 1
