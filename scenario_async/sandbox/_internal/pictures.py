"""Read pictures in requests: base64, signature and, if Pillow is installed, every pixel."""

from __future__ import annotations

import asyncio
import binascii
import importlib.util
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from typing import Final

from attrs import define, field

from scenario_async._internal.pictures.formats import SVG_SIGNATURE_LENGTH, image_type
from scenario_async.sandbox._internal.errors import bad_request, unhandled_image_format
from scenario_async.sandbox._internal.state import Picture, StoredBytes

PILLOW_INSTALLED: Final = importlib.util.find_spec("PIL") is not None

_PILLOW_FORMATS: Final = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/tiff": "TIFF",
    "image/avif": "AVIF",
}
_DATA_URL_HEAD: Final = re.compile(r"data:image/[a-zA-Z0-9.+-]+;base64")
_SMALL: Final = 64 * 1024
"""The largest picture, in bytes, whose signature is read without a thread."""


@define
class PictureReader:
    """Reads pictures for one sandbox, in its own threads.

    If Pillow is installed and `decode` is set, it decodes all frames of every PNG, JPEG, GIF, WebP, TIFF and
    AVIF file, and refuses a truncated file. It is not known whether the service does the same; this is the
    stricter behaviour. In all other cases, and always for SVG, HEIF and HEIC, it reads only the signature.
    Then it accepts a truncated file, and the width and height are unknown. A picture with more than 89
    megapixels, which is Pillow's limit, is not decoded, because no limit of the service is documented.
    """

    keep_bytes: bool
    decode: bool
    _threads: ThreadPoolExecutor | None = field(default=None, init=False, repr=False)

    def open(self) -> None:
        """Start the threads."""
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="scenario-sandbox")

    def close(self) -> None:
        """Stop the threads; a thread that is still decoding ends when it is done."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    async def from_base64(self, text: str, *, parameter: str) -> Picture:
        """Read a picture from plain base64; a data URL is not plain base64.

        Raises:
            Refusal: 400, if it is not valid base64 or not a readable picture.
        """
        return await self._run(partial(self._from_base64, text, parameter), len(text))

    async def from_data_url(self, text: str, *, parameter: str) -> Picture:
        """Read a picture from a data URL. The declared type may differ from the actual type.

        Raises:
            Refusal: 400, if it is not a base64 data URL of an image or not a readable picture.
        """
        head, comma, encoded = text.partition(",")
        if not comma or not _DATA_URL_HEAD.fullmatch(head):
            # [guess] others are refused; a data URL is documented (official package,
            # training_image_add_params)
            raise bad_request(f"{parameter} must be a data URL of an image, in base64", field=parameter)
        return await self.from_base64(encoded, parameter=parameter)

    async def from_bytes(self, content: bytes) -> Picture:
        """Read a picture from its bytes.

        Raises:
            Refusal: 400, if it is not a readable picture.
        """
        return await self._run(partial(self._from_bytes, content), len(content))

    async def from_parts(self, parts: Sequence[bytes], sha256: str) -> Picture:
        """Read a picture from its parts, which are joined only if its whole content is needed.

        Args:
            parts: The parts in order.
            sha256: The digest of all of them, hexadecimal.

        Raises:
            Refusal: 400, if it is not a readable picture.
        """
        size = sum(map(len, parts))
        if self.keep_bytes or (self.decode and PILLOW_INSTALLED) or len(parts[0]) < SVG_SIGNATURE_LENGTH:
            return await self._run(lambda: self._from_bytes(b"".join(parts), sha256), size)
        return Picture(StoredBytes(size, sha256, None), _type_of(parts[0]))

    async def _run(self, work: Callable[[], Picture], size: int) -> Picture:
        if size > _SMALL or (self.decode and PILLOW_INSTALLED):
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        return work()

    def _from_base64(self, text: str, parameter: str) -> Picture:
        try:
            content = binascii.a2b_base64(text, strict_mode=True)
        except ValueError:
            # `binascii.Error`, or the plain ValueError for a character outside ASCII.
            # [guess] invalid base64 is refused
            raise bad_request(f"{parameter} must be base64", field=parameter) from None
        return self._from_bytes(content)

    def _from_bytes(self, content: bytes, sha256: str | None = None) -> Picture:
        mime_type = _type_of(content)
        width, height = None, None
        if self.decode and PILLOW_INSTALLED and mime_type in _PILLOW_FORMATS:
            width, height = _decode(content, mime_type)
        if sha256 is None:
            stored = StoredBytes.of(content, keep=self.keep_bytes)
        else:
            stored = StoredBytes(len(content), sha256, content if self.keep_bytes else None)
        return Picture(stored, mime_type, width, height)


def _type_of(content: bytes) -> str:
    mime_type = image_type(content[:SVG_SIGNATURE_LENGTH])
    if mime_type is None:
        # [documented] docs or tooling: the formats, and this message for other files
        raise unhandled_image_format()
    return mime_type


def _decode(content: bytes, mime_type: str) -> tuple[int | None, int | None]:
    """Decode a whole picture; return its width and height in pixels, or None if it was not decoded."""
    from PIL import Image

    if not _is_decodable(mime_type):
        return None, None
    try:
        return _decode_all(content, [_PILLOW_FORMATS[mime_type]])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None, None
    except Exception:  # noqa: BLE001 - Pillow's decoders raise many kinds of error for broken files
        # [guess] a truncated picture is refused
        raise unhandled_image_format() from None


def _is_decodable(mime_type: str) -> bool:
    """Whether the installed Pillow decodes a format: AVIF needs 11.3, built with AVIF support."""
    from PIL import Image, features

    Image.init()
    name = _PILLOW_FORMATS[mime_type]
    return name in Image.OPEN and (name != "AVIF" or bool(features.check("avif")))


def _decode_all(content: bytes, formats: list[str]) -> tuple[int | None, int | None]:
    from PIL import Image, ImageSequence

    with Image.open(BytesIO(content), formats=formats) as checked:
        # The checksums: this finds a PNG that lacks only its end.
        checked.verify()
    with Image.open(BytesIO(content), formats=formats) as picture:
        width, height = picture.size
        if Image.MAX_IMAGE_PIXELS is not None and width * height > Image.MAX_IMAGE_PIXELS:
            return width, height
        for frame in ImageSequence.Iterator(picture):
            frame.load()
    return width, height
