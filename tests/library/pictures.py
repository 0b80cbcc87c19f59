"""Small real pictures with different contents, in any number."""

from __future__ import annotations

import hashlib
import io
import struct
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any


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


def random_bytes(number: int, size: int) -> bytes:
    """Bytes without a pattern, the same for the same number."""
    return hashlib.shake_128(number.to_bytes(8, "big")).digest(size)


def large_png(number: int, size: int) -> bytes:
    """A PNG with about the given number of bytes, most of them random bytes in a text."""
    content = small_png(number)
    text = b"tEXtnote\0" + random_bytes(number, size)
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    return content[:-12] + chunk + content[-12:]


def packed(path: Path, files: Mapping[str, bytes], mode: Any = "w") -> str:
    """Write a tar archive whose files all have the time 0; return its URL."""
    with tarfile.open(path, mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return f"tar://::{path}"
