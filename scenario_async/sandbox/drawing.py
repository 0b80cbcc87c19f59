"""Drawing pictures, for what the sandbox generates: real PNGs, made with the standard library alone."""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import Final

from scenario_async.sandbox.state import Picture, StoredBytes

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_RGB: Final = 2


def draw(about: str, *, width: int, height: int, keep: bool) -> Picture:
    """Draw stripes whose colours follow from a text: the same for the same text, others for another.

    Args:
        about: What the colours follow from.
        width: Pixels across.
        height: Pixels down.
        keep: Whether to keep the bytes, beside their size and hash.
    """
    digest = hashlib.sha256(about.encode()).digest()
    stripes = digest[:3] * (width // 2) + digest[3:6] * (width - width // 2)
    # Each row begins with the number of its filter; 0 is none.
    rows = zlib.compress((b"\x00" + stripes) * height, 1)
    content = b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, _RGB, 0, 0, 0)),
            _chunk(b"IDAT", rows),
            _chunk(b"IEND", b""),
        )
    )
    return Picture(StoredBytes.of(content, keep=keep), "image/png", width, height)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
