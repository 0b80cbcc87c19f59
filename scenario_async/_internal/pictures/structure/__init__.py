"""Read a picture's properties from the structure of its file, and find out whether the file is cut off.

There is one module for each container format. Each module goes from one length field to the next, so that it
reads only a small part of a large file. If a length leads beyond the end of the file, it raises
`DamagedPictureError`.
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
    """Read the properties of a picture from the structure of its file.

    Args:
        content: The file's bytes.
        mime_type: The result of `image_type`.

    Raises:
        DamagedPictureError: The file is cut off or damaged, or is a camera RAW file.
        OSError: The file cannot be read.
    """
    return _READERS[mime_type](content, mime_type)
