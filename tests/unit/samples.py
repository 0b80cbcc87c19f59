"""Pictures made for the tests, and an answer as the service documents it."""

from __future__ import annotations

import io
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

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def picture(image_format: str = "PNG") -> bytes:
    """A small real picture."""
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, image_format)
    return file.getvalue()


def png_like(size: int) -> bytes:
    """Bytes that begin as a PNG does and go on without ever repeating soon, `size` of them."""
    body = b"".join(number.to_bytes(3, "big") for number in range(size // 3 + 1))
    return (PNG_SIGNATURE + body)[:size]


def sparse_png(path: Path, size: int) -> Path:
    """A file of `size` bytes that begins as a PNG does and takes no room on the disk."""
    with path.open("wb") as file:
        file.write(PNG_SIGNATURE)
        file.truncate(size)
    return path


def watched(picture: Picture, on_sent: Callable[[int, int], object]) -> Picture:
    """The same picture, calling `on_sent` for each chunk that was sent."""
    return evolve(picture, on_sent=on_sent)
