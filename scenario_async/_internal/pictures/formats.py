"""The image formats that the service takes, told from a file's first bytes.

The service documents eight formats: JPEG, PNG, GIF, SVG, WebP, AVIF, TIFF and HEIF/HEIC. The general
libraries for this miss two of them (an SVG behind an XML prolog, a HEIF whose brand is ``mif1``), and they
know hundreds that the service refuses; a table of eight is shorter than correcting them.
"""

from __future__ import annotations

import re
from typing import Final

SIGNATURE_LENGTH: Final = 4096
"""How many bytes from the start of a file `image_type` wants: enough to get past the comments of an SVG."""

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)

_ISO_BRANDS: Final = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
}

# What may stand before a root element. There is one way only to match it: a comment does not reach over its
# end into the next one, or a file of nothing but comments would take a time that doubles with each of them.
_MISCELLANY: Final = rb"(?:\s|<!--(?:(?!-->).)*-->|<\?(?:(?!\?>).)*\?>)*"

_SVG: Final = re.compile(
    rb"\A(?:\xef\xbb\xbf)?%(misc)b(?:<!DOCTYPE\s+(?:[\w.-]+:)?svg[^>\[]*(?:\[.*?\])?[^>]*>%(misc)b)?"
    rb"<(?:[\w.-]+:)?svg[\s>/]" % {b"misc": _MISCELLANY},
    re.DOTALL,
)


def image_type(head: bytes) -> str | None:
    """The MIME type of an image that the service takes, or None.

    Args:
        head: The first bytes of the file; `SIGNATURE_LENGTH` of them, or all if it is shorter.

    Returns:
        One of ``image/jpeg``, ``image/png``, ``image/gif``, ``image/svg+xml``, ``image/webp``,
        ``image/avif``, ``image/tiff``, ``image/heif``, ``image/heic``; None for everything else.
    """
    for signature, mime_type in _SIGNATURES:
        if head.startswith(signature):
            return mime_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _iso_type(head)
    return "image/svg+xml" if _SVG.match(head) else None


def _iso_type(head: bytes) -> str | None:
    """AVIF and HEIF share a container; the brands behind the major one tell them apart."""
    box = head[8 : int.from_bytes(head[:4], "big")]
    brands = [box[:4], *(box[start : start + 4] for start in range(8, len(box), 4))]
    found = [_ISO_BRANDS[brand] for brand in brands if brand in _ISO_BRANDS]
    # `mif1` says only "a HEIF image"; a codec's own brand beside it says more.
    return next((mime_type for mime_type in found if mime_type != "image/heif"), found[0] if found else None)
