"""Decode pictures with Pillow, which is optional."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from PIL import Image

T = TypeVar("T")

_MOST_PIXELS: Final = 89_478_485
"""The number of pixels above which a picture is not decoded, because Pillow warns."""


def decode(source: Path | IO[bytes], use: Callable[[Image.Image], T]) -> T | None:
    """Decode a picture and call a function with it; skip large ones and formats that Pillow does not support.

    Pillow has to be installed.

    Raises:
        Exception: The picture is damaged; the decoders raise errors of many kinds.
    """
    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about metadata, which are not decoded
        # An SVG, HEIF without its plug-in, or more than twice as many pixels.
        with suppress(UnidentifiedImageError, Image.DecompressionBombError), Image.open(source) as picture:
            if picture.width * picture.height <= _MOST_PIXELS:
                picture.load()
                return use(picture)
    return None


def damage(error: Exception) -> str:
    """Describe why a picture cannot be decoded, in one line of at most 120 characters."""
    return " ".join(str(error).split())[:120]
