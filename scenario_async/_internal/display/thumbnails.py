"""Make small copies of pictures as data URLs, so that a page needs no other files and no network."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Final

PAGE_SIDE: Final = 320
"""Pixels of a thumbnail's longer side on a page."""

TABLE_SIDE: Final = 256
"""Pixels of a thumbnail's longer side in a notebook."""

_FILE_AT_MOST: Final = 256 * 1024 * 1024
"""The largest file in bytes that is read for a thumbnail; larger than the pictures that people train with."""

_BYTES_AT_MOST: Final = 40_000
"""The largest thumbnail in bytes: a page with fifty of them as base64 stays below 3 MB."""

_QUALITIES: Final = (78, 60, 40, 20)
_SVG_STARTS: Final = (b"<svg", b"<?xml", b"<!--", b"<!DOCTYPE svg")


def thumbnail(picture: Path | bytes, side: int = PAGE_SIDE) -> str | None:
    """Make a data URL of a small copy of a picture.

    The copy has no metadata, such as the place, the camera or the name of the original. A small SVG file is
    not copied but used itself, because a browser runs no script in an ``<img>``.

    Args:
        picture: A local file, or its bytes.
        side: Pixels of the longer side.

    Returns:
        The data URL; None if the picture cannot be read or decoded, is larger than 256 MB, or Pillow is not
        installed.
    """
    content = picture if isinstance(picture, bytes) else _content_of(picture)
    if content is None:
        return None
    if content.lstrip().startswith(_SVG_STARTS):
        return _data_url("image/svg+xml", content) if len(content) <= _BYTES_AT_MOST else None
    small = small_copy(content, side)
    return None if small is None else _data_url("image/webp", small)


def _content_of(path: Path) -> bytes | None:
    """Read a file; None if it is too large, cannot be read, or is not a file, since a pipe never ends."""
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size <= _FILE_AT_MOST else None
    except OSError:
        return None


def small_copy(content: bytes, side: int) -> bytes | None:
    """Make a small WebP copy of a picture, without metadata; None if it cannot be decoded, or without Pillow.

    Args:
        content: The picture's bytes.
        side: Pixels of the longer side.
    """
    try:
        from PIL import Image, ImageOps
    except ImportError:
        return None
    try:
        with Image.open(BytesIO(content)) as opened:
            opened.draft("RGB", (side * 2, side * 2))  # a JPEG is decoded in a reduced size
            image = ImageOps.exif_transpose(opened)
            has_alpha = "A" in image.getbands() or "transparency" in image.info
            image = image.convert("RGBA" if has_alpha else "RGB")
            image.thumbnail((side, side))
    except Exception:  # noqa: BLE001 - decoders raise any error; the page is shown without the picture
        return None
    encoded = b""
    for quality in _QUALITIES:
        buffer = BytesIO()
        image.save(buffer, "WEBP", quality=quality)
        encoded = buffer.getvalue()
        if len(encoded) <= _BYTES_AT_MOST:
            break
    return encoded


def _data_url(mime_type: str, content: bytes) -> str:
    return f"data:{mime_type};base64,{b64encode(content).decode()}"
