"""Draw the pictures that the sandbox generates: real PNG files, made with the standard library only."""

from __future__ import annotations

import colorsys
import math
import random
import struct
import zlib
from typing import Final, TypeAlias

from attrs import frozen

from scenario_async.sandbox._internal.state import Picture, StoredBytes

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_RGB: Final = 2
_RANGES: Final = 3
_PEAKS: Final = 4

Colour: TypeAlias = bytes


@frozen
class _Peak:
    """A mountain: the position of its top, and the pixels by which each side widens with each row."""

    x: float
    y: float
    slope: float
    colour: Colour

    def span(self, row: int) -> tuple[int, int]:
        reach = max(row - self.y, 0) * self.slope
        return int(self.x - reach), int(self.x + reach)


@frozen
class _Sun:
    x: float
    y: float
    radius: float
    colour: Colour

    def span(self, row: int) -> tuple[int, int]:
        reach = math.sqrt(max(self.radius**2 - (row - self.y) ** 2, 0))
        return int(self.x - reach), int(self.x + reach)


def draw(about: str, *, width: int, height: int, keep: bool) -> Picture:
    """Draw a sun behind mountains from a text. The same text gives the same picture.

    Args:
        about: The text, such as a prompt and a seed.
        width: The width in pixels.
        height: The height in pixels.
        keep: Whether to keep the bytes in addition to their size and hash.
    """
    chance = random.Random(about)  # noqa: S311 - no secret
    hue = chance.random()
    shapes: list[_Sun | _Peak] = [_sun(chance, hue, width, height), *_mountains(chance, hue, width, height)]
    rows = bytearray()
    for row in range(height):
        line = bytearray(_colour(hue, 0.35, 0.55 + 0.4 * row / height) * width)
        for shape in shapes:
            left, right = (min(max(edge, 0), width) for edge in shape.span(row))
            line[3 * left : 3 * right] = shape.colour * (right - left)
        # Each row begins with the number of its filter; 0 means no filter.
        rows += b"\x00" + line
    header = struct.pack(">IIBBBBB", width, height, 8, _RGB, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows, 1)), _chunk(b"IEND", b""))
    content = _SIGNATURE + b"".join(parts)
    return Picture(StoredBytes.of(content, keep=keep), "image/png", width, height)


def _sun(chance: random.Random, hue: float, width: int, height: int) -> _Sun:
    radius = min(width, height) * chance.uniform(0.08, 0.16)
    x, y = width * chance.uniform(0.15, 0.85), height * chance.uniform(0.15, 0.45)
    return _Sun(x, y, radius, _colour(hue + 0.5, 0.4, 1.0))


def _mountains(chance: random.Random, hue: float, width: int, height: int) -> list[_Peak]:
    """Ranges from the farthest and lightest to the nearest and darkest."""
    return [
        _Peak(
            width * (peak + chance.random()) / _PEAKS,
            height * (0.4 + 0.18 * depth + chance.uniform(-0.1, 0.1)),
            chance.uniform(0.7, 1.5) * width / height,
            _colour(hue + 0.06 * depth, 0.45, 0.62 - 0.17 * depth),
        )
        for depth in range(_RANGES)
        for peak in range(_PEAKS)
    ]


def _colour(hue: float, saturation: float, value: float) -> Colour:
    return bytes(round(part * 255) for part in colorsys.hsv_to_rgb(hue % 1, saturation, value))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
