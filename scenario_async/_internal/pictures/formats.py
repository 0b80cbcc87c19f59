"""The image formats that the service takes, recognised by a file's first bytes.

The service documents eight formats: JPEG, PNG, GIF, SVG, WebP, AVIF, TIFF and HEIF/HEIC. The general
libraries for this miss two of them (an SVG behind an XML prolog, a HEIF whose brand is ``mif1``), and they
know hundreds that the service refuses; a table of eight is shorter than correcting them.
"""

from __future__ import annotations

import re
import zlib
from typing import Final

SIGNATURE_LENGTH: Final = 4096
"""Bytes from the start of a file that `image_type` needs for every format but an SVG with a long preamble."""

SVG_SIGNATURE_LENGTH: Final = 256 * 1024
"""Bytes from the start of an SVG file that are searched for its root element, behind comments and a DTD."""

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

# What may stand before a root element. The groups are atomic: no text is matched in two ways, so that a file
# of nothing but comments takes a time that grows with its length only.
_MISCELLANY: Final = rb"(?>\s+|<!--(?>.*?-->)|<\?(?>.*?\?>))*+"

_SVG: Final = re.compile(
    rb"\A(?:\xef\xbb\xbf)?%(misc)b(?:<!DOCTYPE\s+(?:[\w.-]+:)?svg(?>[^>\[]*)(?>\[(?>.*?\]\s*>)|>)%(misc)b)?"
    rb"<(?:[\w.-]+:)?svg[\s>/]" % {b"misc": _MISCELLANY},
    re.DOTALL,
)


def image_type(head: bytes) -> str | None:
    """The MIME type of an image that the service takes, or None.

    Args:
        head: The first bytes of the file; `SIGNATURE_LENGTH` of them, or all if it is shorter. More are
            needed for an SVG with a long preamble: `may_be_svg` says so.

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
    """Whether more than `SIGNATURE_LENGTH` bytes may show an SVG: the file begins as XML or gzip do."""
    return bool(_XML.match(inflated(head)))


def inflated(head: bytes, limit: int = SVG_SIGNATURE_LENGTH) -> bytes:
    """The beginning of what is compressed with gzip, at most `limit` bytes; other bytes as they are.

    libvips reads an SVG that is compressed (``.svgz``), so the service is expected to take one (a guess).
    """
    if not head.startswith(_GZIP):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, limit)
    except zlib.error:
        return b""


def _iso_type(head: bytes) -> str | None:
    """AVIF and HEIF share a container; the brands behind the major one tell them apart."""
    box = head[8 : int.from_bytes(head[:4], "big")]
    brands = [box[:4], *(box[start : start + 4] for start in range(8, len(box), 4))]
    found = [_ISO_BRANDS[brand] for brand in brands if brand in _ISO_BRANDS]
    # `mif1` says only "a HEIF image"; a codec's own brand beside it says more.
    return next((mime_type for mime_type in found if mime_type != "image/heif"), found[0] if found else None)
