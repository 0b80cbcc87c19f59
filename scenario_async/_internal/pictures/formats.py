"""The image formats that the service takes, recognised by a file's first bytes.

The service documents eight formats: JPEG, PNG, GIF, SVG, WebP, AVIF, TIFF and HEIF/HEIC. General libraries
for this task do not recognise all files of two formats (an SVG after an XML prolog, and a HEIF whose brand is
``mif1``). They also accept hundreds of formats that the service refuses. A table of eight formats needs less
code than corrections of their results.
"""

from __future__ import annotations

import re
import zlib
from typing import Final

SIGNATURE_LENGTH: Final = 4096
"""The first bytes that `image_type` needs for all formats, except for an SVG with a long preamble."""

SVG_SIGNATURE_LENGTH: Final = 256 * 1024
"""The first bytes of an SVG file that are searched for its root element, after comments and a DTD."""

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00\x08\x00\x00\x00", "image/tiff"),  # BigTIFF, which libvips and Pillow read
    (b"MM\x00+\x00\x08\x00\x00", "image/tiff"),
)

_GZIP: Final = b"\x1f\x8b\x08"
_XML: Final = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<")

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

# The text that may precede a root element. The groups are atomic: each text matches in one way only, so the
# time for a file of comments grows only with its length.
_MISCELLANY: Final = rb"(?>\s+|<!--(?>.*?-->)|<\?(?>.*?\?>))*+"

_SVG: Final = re.compile(
    rb"\A(?:\xef\xbb\xbf)?%(misc)b(?:<!DOCTYPE\s+(?:[\w.-]+:)?svg(?>[^>\[]*)(?>\[(?>.*?\]\s*>)|>)%(misc)b)?"
    rb"<(?:[\w.-]+:)?svg[\s>/]" % {b"misc": _MISCELLANY},
    re.DOTALL,
)
XML_ROOT: Final = re.compile(
    rb"\A%(misc)b(?:<!DOCTYPE(?>[^>\[]*)(?>\[(?>.*?\]\s*>)|>)%(misc)b)?<[^!?]" % {b"misc": _MISCELLANY},
    re.DOTALL,
)
"""The beginning of XML up to its first element."""


def image_type(head: bytes) -> str | None:
    """Return the MIME type of an image that the service takes, or None.

    Args:
        head: The first `SIGNATURE_LENGTH` bytes of the file, or all if it is shorter. An SVG with a long
            preamble needs more bytes; `may_be_svg` detects this.

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
    return "image/svg+xml" if _SVG.match(inflated(head)) else None


def may_be_svg(head: bytes) -> bool:
    """Whether the file may be an SVG with a long preamble, because it begins like XML or gzip."""
    return bool(_XML.match(inflated(head)))


def inflated(head: bytes, limit: int = SVG_SIGNATURE_LENGTH) -> bytes:
    """Decompress the beginning of gzip data, at most `limit` bytes; return other data unchanged.

    libvips reads a compressed SVG (``.svgz``), so the service probably takes one (a guess).
    """
    if not head.startswith(_GZIP):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, limit)
    except zlib.error:
        return b""


def _iso_type(head: bytes) -> str | None:
    """Distinguish AVIF and HEIF, which share a container format, by the compatible brands."""
    box = head[8 : int.from_bytes(head[:4], "big")]
    brands = [box[:4], *(box[start : start + 4] for start in range(8, len(box), 4))]
    found = [_ISO_BRANDS[brand] for brand in brands if brand in _ISO_BRANDS]
    # `mif1` only means a HEIF image; the brand of a codec is more specific.
    return next((mime_type for mime_type in found if mime_type != "image/heif"), found[0] if found else None)
