"""Pictures for the tests, and responses as the service documents them."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from attrs import evolve
from PIL import Image

from scenario_async._internal.pictures.picture import Picture

TRAINING_IMAGE: Final[dict[str, Any]] = {
    "id": "asset_1",
    "automaticCaptioning": "a fox among birches",
    "createdAt": "2023-02-03T11:19:41.579Z",
    "description": "a fox",
    "downloadUrl": "https://cdn.example/asset_1",
    "name": "fox.png",
}

DOCUMENTED: Final = {
    "trainingImage": {
        "id": "id",
        "automaticCaptioning": "automaticCaptioning",
        "createdAt": "createdAt",
        "description": "description",
        "downloadUrl": "downloadUrl",
        "name": "name",
    }
}
"""The response in the examples of the service's documentation."""

Image.init()
RASTER_FORMATS: Final = tuple(
    name for name in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "AVIF") if name in Image.SAVE
)
"""The raster formats that the installed Pillow can write; AVIF only since 11.3."""

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def picture(image_format: str = "PNG") -> bytes:
    """A small real picture."""
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, image_format)
    return file.getvalue()


def png_like(size: int) -> bytes:
    """A file with the structure of a PNG, of `size` bytes (69 or more) without short repetitions."""
    before, after = png_frame(size)
    body = b"".join(number.to_bytes(3, "big") for number in range(size // 3 + 1))
    return before + body[: size - len(before) - len(after)] + after


def sparse_png(path: Path, size: int) -> Path:
    """A sparse file with the structure of a PNG, of `size` bytes; it uses no space on the disk."""
    before, after = png_frame(size)
    with path.open("wb") as file:
        file.write(before)
        file.seek(size - len(after))
        file.write(after)
    return path


def png_frame(size: int) -> tuple[bytes, bytes]:
    """The bytes before and after the pixels of a PNG of `size` bytes."""
    header = (13).to_bytes(4, "big") + b"IHDR" + struct.pack(">IIBBBBB", 1024, 1024, 8, 2, 0, 0, 0) + bytes(4)
    end = bytes(4) + b"\x00\x00\x00\x00IEND\xaeB`\x82"
    length = size - len(PNG_SIGNATURE) - len(header) - 8 - len(end)
    return PNG_SIGNATURE + header + length.to_bytes(4, "big") + b"IDAT", end


def watched(picture: Picture, on_sent: Callable[[int, int], object]) -> Picture:
    """The same picture; it calls `on_sent` for each chunk that was sent."""
    return evolve(picture, on_sent=on_sent)
