"""What the structure of a picture's file shows without decoding it: its facts, and whether it is cut off.

One module for each container. Each walks from one length field to the next, so that it reads little of a
large file, and stops with a `DamagedPictureError` where a length leads past the end of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scenario_async._internal.pictures.facts import PictureFacts
from scenario_async._internal.pictures.structure import gif, iso, jpeg, png, svg, tiff, webp
from scenario_async._internal.pictures.structure.content import Content

_READERS: Final[Mapping[str, Callable[[Content, str], PictureFacts]]] = {
    "image/avif": iso.read,
    "image/gif": gif.read,
    "image/heic": iso.read,
    "image/heif": iso.read,
    "image/jpeg": jpeg.read,
    "image/png": png.read,
    "image/svg+xml": svg.read,
    "image/tiff": tiff.read,
    "image/webp": webp.read,
}


def read_facts(content: Content, mime_type: str) -> PictureFacts:
    """Read the facts of a picture from the structure of its file.

    Args:
        content: The file's bytes.
        mime_type: What `image_type` found.

    Raises:
        DamagedPictureError: The file is cut off or damaged, or is a camera RAW file.
        OSError: It cannot be read.
    """
    return _READERS[mime_type](content, mime_type)
