"""Describe files whose format the service does not take, for error messages."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from typing import Final

from scenario_async._internal.pictures.formats import image_type, inflated

FORMATS: Final = "JPEG, PNG, GIF, SVG, WebP, AVIF, TIFF or HEIF"

_TO_PNG: Final = "convert it to PNG"
_TO_RASTER: Final = "export it as JPEG, PNG or TIFF"
_EXPORT: Final = "export it as PNG"

APPLE_DOUBLE: Final = b"\x00\x05\x16\x07"
"""The first bytes of the ``._photo.jpg`` files that macOS creates on other file systems."""

_CHANGED: Final = "copy or download it again, as bytes and not as text"
_PNG_CHANGED: Final = ("a PNG whose bytes were changed as if it were text", _CHANGED)
_JPEG_CHANGED: Final = ("a JPEG whose bytes were changed as if it were text", _CHANGED)

_SIGNATURES: Final[tuple[tuple[int, bytes, str, str], ...]] = (
    # Offset, bytes, format, advice.
    (0, b"BM", "a BMP picture", _TO_PNG),
    (0, b"8BPS", "a Photoshop document (PSD)", _EXPORT),
    (0, b"\xff\x0a", "a JPEG XL picture", _TO_PNG),
    (0, b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture", _TO_PNG),
    (0, b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture", _TO_PNG),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture", _TO_PNG),
    (0, b"II\xbc", "a JPEG XR picture", _TO_PNG),
    (0, b"\x00\x00\x01\x00", "an icon (ICO)", _TO_PNG),
    (0, b"icns", "a macOS icon (ICNS)", _TO_PNG),
    (0, b"\x76\x2f\x31\x01", "an OpenEXR picture", _TO_PNG),
    (0, b"#?RADIANCE", "a Radiance HDR picture", _TO_PNG),
    (0, b"#?RGBE", "a Radiance HDR picture", _TO_PNG),
    (0, b"DDS ", "a DDS texture", _TO_PNG),
    (0, b"\xabKTX ", "a KTX texture", _TO_PNG),
    (0, b"qoif", "a QOI picture", _TO_PNG),
    (0, b"SIMPLE  =", "a FITS picture", _TO_PNG),
    (128, b"DICM", "a DICOM picture", _TO_PNG),
    (0, b"\x01\xda", "an SGI picture", _TO_PNG),
    (0, b"\x0a\x05\x01\x08", "a PCX picture", _TO_PNG),
    (0, b"gimp xcf", "a GIMP document (XCF)", _EXPORT),
    (0, b"SQLite format 3\x00", "an SQLite database", ""),
    (0, b"FUJIFILMCCD-RAW", "a camera RAW file (Fujifilm RAF)", _TO_RASTER),
    (0, b"IIRO", "a camera RAW file (Olympus ORF)", _TO_RASTER),
    (0, b"IIRS", "a camera RAW file (Olympus ORF)", _TO_RASTER),
    (0, b"MMOR", "a camera RAW file (Olympus ORF)", _TO_RASTER),
    (0, b"IIU\x00", "a camera RAW file (Panasonic RW2)", _TO_RASTER),
    (0, b"FOVb", "a camera RAW file (Sigma X3F)", _TO_RASTER),
    (0, b"\x00MRM", "a camera RAW file (Minolta MRW)", _TO_RASTER),
    (6, b"HEAPCCDR", "a camera RAW file (Canon CRW)", _TO_RASTER),
    (4, b"ftypcrx ", "a camera RAW file (Canon CR3)", _TO_RASTER),
    (0, APPLE_DOUBLE, "an AppleDouble file, in which macOS keeps what belongs to another file", ""),
    (0, b"\x00\x05\x16\x00", "an AppleSingle file, in which macOS keeps what belongs to another file", ""),
    (0, b"\x00\x00\x00\x01Bud1", "a folder's settings of macOS (.DS_Store)", ""),
    (0, b"bplist", "a property list of macOS; an iCloud file that is not downloaded is one", "download it"),
    (0, b"version https://git-lfs", "a Git LFS pointer, not the picture itself", "run git lfs pull"),
    (0, b"/annex/objects/", "a git-annex pointer, not the picture itself", "run git annex get"),
    (0, b"{\\rtf", "a text document (RTF)", _EXPORT),
    (0, b"\x89PNG", *_PNG_CHANGED),
    (0, b"\xc2\x89PNG", *_PNG_CHANGED),
    (0, b"\xef\xbf\xbdPNG", *_PNG_CHANGED),
    (0, b"\xc3\xbf\xc3\x98\xc3\xbf", *_JPEG_CHANGED),
    (0, b"\xef\xbf\xbd" * 3, *_JPEG_CHANGED),
    (0, b"%PDF", "a PDF", _EXPORT),
    (0, b"%!PS", "PostScript (EPS or AI)", _EXPORT),
    (0, b"\xc5\xd0\xd3\xc6", "PostScript (EPS)", _EXPORT),
    (0, b"\xd7\xcd\xc6\x9a", "a Windows metafile (WMF)", _EXPORT),
    (40, b" EMF", "a Windows metafile (EMF)", _EXPORT),
    (0, b"AT&TFORM", "a DjVu document", _EXPORT),
    (0, b"PK\x03\x04", "a ZIP archive, or a document made as one", "unpack it"),
    (0, b"PK\x05\x06", "an empty ZIP archive", ""),
    (0, b"Rar!", "a RAR archive", "unpack it"),
    (0, b"7z\xbc\xaf'\x1c", "a 7-Zip archive", "unpack it"),
    (0, b"BZh", "data compressed with bzip2", "unpack it"),
    (0, b"\xfd7zXZ\x00", "data compressed with xz", "unpack it"),
    (0, b"(\xb5/\xfd", "data compressed with zstd", "unpack it"),
    (0, b"\x1f\x8b", "data compressed with gzip", "unpack it"),
    (257, b"ustar", "a tar archive", "unpack it"),
    (0, b"\x1aE\xdf\xa3", "a video (Matroska or WebM)", "take frames out of it"),
    (0, b"FLV", "a video (Flash)", "take frames out of it"),
    (0, b"OggS", "audio or video (Ogg)", ""),
    (0, b"ID3", "audio (MP3)", ""),
    (0, b"fLaC", "audio (FLAC)", ""),
    (0, b"glTF", "a 3D model (glTF)", ""),
    (0, b"\x93NUMPY", "a NumPy array", "save it as PNG"),
    (0, b"\x89HDF", "an HDF5 file", ""),
    (0, b"\xd0\xcf\x11\xe0", "a document of an old Office program, or Thumbs.db", ""),
    (0, b"\x7fELF", "a program", ""),
    (0, b"MZ", "a Windows program", ""),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", "a Windows shortcut", "pass what it points to"),
)

_RIFF: Final = {b"AVI ": "a video (AVI)", b"WAVE": "audio (WAV)"}
_NETPBM: Final = re.compile(rb"\AP[1-7Ff]\s")
_CURSOR: Final = re.compile(rb"\A\x00\x00\x02\x00(?!\x00\x00)")
"""A pointer has a number of pictures here; a TGA picture begins equally, and has zeros."""
_HTML: Final = re.compile(rb"(?i)<(?:!doctype\s+html|html|head|body)\b")
_SVG_TAG: Final = re.compile(rb"<(?:[\w.-]+:)?svg[\s>/]")
_JSON: Final = re.compile(rb'\A(?:\{\s*["}]|\[\s*[\[{"\d\]-])')
_PRINTABLE: Final = frozenset({*range(32, 127), *b"\t\n\r\f"})
_SHOWN: Final = 8


def refusal(head: bytes, name: str | None = None) -> str:
    """Make an error message: the format that was found, what to do, and the formats that the service takes.

    Args:
        head: The first bytes of the file: at least 1,000, or all if it is shorter.
        name: The file's name; its suffix shows the format of some files.
    """
    what, advice = known_as(head) or _without_signature(head, name)
    advice = f"; {advice}" if advice else ""
    return f"this is {what}, and the service takes {FORMATS}{advice}"


def known_as(head: bytes) -> tuple[str, str] | None:
    """Return a file's format and what to do about it, if its content shows the format; None otherwise."""
    for offset, signature, what, advice in _SIGNATURES:
        if head.startswith(signature, offset):
            return what, advice
    if head[:4] == b"RIFF" and head[8:12] in _RIFF:
        return _RIFF[head[8:12]], ""
    if head[4:8] == b"ftyp":
        return _iso(head[8:12])
    if _NETPBM.match(head):
        return "a PNM picture (PBM, PGM, PPM or PFM)", _TO_PNG
    if _CURSOR.match(head):
        return "a mouse pointer (CUR)", _TO_PNG
    if begun := image_type(head.removeprefix(b"\xef\xbb\xbf").lstrip()):
        return f"a picture ({begun}) behind bytes that do not belong to it", "remove the bytes before it"
    return _text(head)


def _without_signature(head: bytes, name: str | None) -> tuple[str, str]:
    if not head.strip(b"\x00"):
        return "nothing but zeros: the file was not written to its end", "copy it again"
    suffix = (name or "").lower().rpartition(".")[2]
    if suffix in {"tga", "pcx", "xpm", "xbm"}:
        return f"a {suffix.upper()} picture, by its name", _TO_PNG
    return f"of no known kind (it begins with {head[:_SHOWN].hex(' ')})", ""


def _iso(brand: bytes) -> tuple[str, str]:
    if brand in {b"M4A ", b"M4B "}:
        return "audio (M4A)", ""
    shown = brand.decode("ascii", "replace").strip()
    if brand[:2] in {b"mp", b"is", b"qt", b"M4", b"3g", b"av", b"da", b"f4", b"MS"}:
        return f"a video (MP4 or QuickTime, brand {shown!r})", "take frames out of it"
    return f"a file of the MP4 family with the brand {shown!r}", _TO_PNG


def _text(head: bytes) -> tuple[str, str] | None:
    """Return the format of a text file; None if it is not text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "ignore").encode()
        if _SVG_TAG.search(text):
            return "an SVG in UTF-16", "save it as UTF-8"
        return "text in UTF-16", ""
    head = inflated(head).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not _is_text(head):
        return None
    if head.startswith(b"data:image/"):
        return "text: a data URL", "decode it, or pass the text itself"
    if _HTML.search(head):
        return "HTML, such as an error page", "download the picture itself"
    if head.startswith(b"<"):
        return "XML that is no SVG", ""
    if _JSON.match(head):
        return "JSON", ""
    return "text", ""


def _is_text(head: bytes) -> bool:
    if not head:
        return False
    try:
        # The decoder waits for the rest of a character that the end of the sample cuts in two.
        getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return all(byte in _PRINTABLE or byte >= 128 for byte in head)  # noqa: PLR2004 - end of ASCII
