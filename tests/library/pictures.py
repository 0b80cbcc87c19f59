"""Small real pictures with different contents, in any number."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path


def small_png(number: int) -> bytes:
    """A PNG of 4 by 2 pixels; each number gives a different picture."""
    row = b"\x00" + struct.pack(">Q", number) + b"\x40\x80\xc0\xff"

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 4, 2, 8, 2, 0, 0, 0)
    body = zlib.compress(row + row, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def fill(folder: Path, count: int, *, start: int = 0) -> Path:
    """Write the given number of pictures into a folder; above a thousand, into subfolders of a thousand."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(start, start + count):
        inside = folder if count <= 1000 else folder / f"{number // 1000:03}"
        inside.mkdir(exist_ok=True)
        (inside / f"picture-{number:06}.png").write_bytes(small_png(number))
    return folder
