"""Pictures that tests upload."""

from __future__ import annotations

import io
import random
import struct
import zlib
from typing import Final

from PIL import Image

MIB: Final = 1024 * 1024

_LAST_CHUNK: Final = 12
"""Bytes of the chunk that ends a PNG."""


def png(number: int = 0) -> bytes:
    """A small picture; each number gives a different picture."""
    return encoded("PNG", number)


def encoded(image_format: str, number: int = 0) -> bytes:
    """A small picture in a format that Pillow can write."""
    file = io.BytesIO()
    # Pillow 10 writes icons of 16 pixels and more.
    Image.new("RGB", (16, 16), (number % 256, number // 256, 7)).save(file, image_format)
    return file.getvalue()


def undecodable_png(number: int = 0) -> bytes:
    """A file with the structure of a PNG whose pixels cannot be decoded."""
    content = png(number)
    at = content.index(b"IDAT") + 4
    return content[:at] + b"\x00" * 4 + content[at + 4 :]


def png_of(size: int, number: int = 0) -> bytes:
    """A picture of exactly `size` bytes, in which no two ranges are equal."""
    small = png(number)
    noise = random.Random(number).randbytes(size - len(small) - _LAST_CHUNK)  # noqa: S311 - no secret
    chunk = b"nOse" + noise  # an ancillary chunk: its first letter is lower case, so readers skip it
    packed = struct.pack(">I", len(noise)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return small[:-_LAST_CHUNK] + packed + small[-_LAST_CHUNK:]
