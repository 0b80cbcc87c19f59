"""Describe files whose format the service does not take, for error messages."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from typing import Final

from attrs import frozen

from scenario_async._internal.pictures.formats import SIGNATURE_LENGTH, XML_ROOT, image_type, inflated

FORMATS: Final = "JPEG, PNG, GIF, SVG, WebP, AVIF, TIFF or HEIF"

_TO_PNG: Final = "convert it to PNG"
_TO_RASTER: Final = "export it as JPEG, PNG or TIFF"
_EXPORT: Final = "export it as PNG"

APPLE_DOUBLE: Final = "an AppleDouble file, in which macOS keeps what belongs to another file"
"""The format of the ``._photo.jpg`` files that macOS creates on other file systems."""

_CHANGED: Final = "copy or download it again, as bytes and not as text"
_PNG_CHANGED: Final = ("a PNG whose bytes were changed as if it were text", _CHANGED)
_JPEG_CHANGED: Final = ("a JPEG whose bytes were changed as if it were text", _CHANGED)

_PICTURES: Final[tuple[tuple[int, bytes, str, str], ...]] = (
    # Offset, bytes, format, advice.
    (0, b"BM", "a BMP picture", _TO_PNG),
    (0, b"8BPS", "a Photoshop document (PSD)", _EXPORT),
    (0, b"\xff\x0a", "a JPEG XL picture", _TO_PNG),
    (0, b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture", _TO_PNG),
    (0, b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture", _TO_PNG),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture", _TO_PNG),
    (0, b"II\xbc", "a JPEG XR picture", _TO_PNG),
    (0, b"icns", "a macOS icon (ICNS)", _TO_PNG),
    (0, b"\x76\x2f\x31\x01", "an OpenEXR picture", _TO_PNG),
    (0, b"#?RADIANCE", "a Radiance HDR picture", _TO_PNG),
    (0, b"#?RGBE", "a Radiance HDR picture", _TO_PNG),
    (0, b"DDS ", "a DDS texture", _TO_PNG),
    (0, b"\xabKTX ", "a KTX texture", _TO_PNG),
    (0, b"qoif", "a QOI picture", _TO_PNG),
    (0, b"SIMPLE  =", "a FITS picture", _TO_PNG),
    (128, b"DICM", "a DICOM picture", _TO_PNG),
    (0, b"\x0a\x05\x01\x08", "a PCX picture", _TO_PNG),
    (0, b"gimp xcf", "a GIMP document (XCF)", _EXPORT),
    (0, b"FUJIFILMCCD-RAW", "a camera RAW file (Fujifilm RAF)", _TO_RASTER),
    (0, b"IIRO", "a camera RAW file (Olympus ORF)", _TO_RASTER),
    (0, b"IIRS", "a camera RAW file (Olympus ORF)", _TO_RASTER),
    (0, b"MMOR", "a camera RAW file (Olympus ORF)", _TO_RASTER),
    (0, b"IIU\x00", "a camera RAW file (Panasonic RW2)", _TO_RASTER),
    (0, b"FOVb", "a camera RAW file (Sigma X3F)", _TO_RASTER),
    (0, b"\x00MRM", "a camera RAW file (Minolta MRW)", _TO_RASTER),
    (6, b"HEAPCCDR", "a camera RAW file (Canon CRW)", _TO_RASTER),
    (4, b"ftypcrx ", "a camera RAW file (Canon CR3)", _TO_RASTER),
    (0, b"\x89PNG", *_PNG_CHANGED),
    (0, b"\xc2\x89PNG", *_PNG_CHANGED),
    (0, b"\xef\xbf\xbdPNG", *_PNG_CHANGED),
    (0, b"\xc3\xbf\xc3\x98\xc3\xbf", *_JPEG_CHANGED),
    (0, b"\xef\xbf\xbd" * 3, *_JPEG_CHANGED),
    (0, b"\xc5\xd0\xd3\xc6", "PostScript (EPS)", _EXPORT),
    (0, b"\xd7\xcd\xc6\x9a", "a Windows metafile (WMF)", _EXPORT),
    (40, b" EMF", "a Windows metafile (EMF)", _EXPORT),
    (0, b"FLIF", "a FLIF picture", _TO_PNG),
    (0, b"BPG\xfb", "a BPG picture", _TO_PNG),
    (0, b"farbfeld", "a farbfeld picture", _TO_PNG),
    (0, b"\x59\xa6\x6a\x95", "a Sun raster picture", _TO_PNG),
    (0, b"/* XPM */", "an XPM picture", _TO_PNG),
    (30, b"mimetypeimage/openraster", "an OpenRaster document", _EXPORT),
    (30, b"mimetypeapplication/x-krita", "a Krita document", _EXPORT),
)
_OTHERS: Final[tuple[tuple[int, bytes, str, str], ...]] = (
    (0, b"SQLite format 3\x00", "an SQLite database", ""),
    (0, b"\x00\x05\x16\x07", APPLE_DOUBLE, ""),
    (0, b"\x00\x05\x16\x00", "an AppleSingle file, in which macOS keeps what belongs to another file", ""),
    (0, b"\x00\x00\x00\x01Bud1", "a folder's settings of macOS (.DS_Store)", ""),
    (0, b"bplist", "a property list of macOS; an iCloud file that is not downloaded is one", "download it"),
    (0, b"version https://git-lfs", "a Git LFS pointer, not the picture itself", "run git lfs pull"),
    (0, b"/annex/objects/", "a git-annex pointer, not the picture itself", "run git annex get"),
    (0, b"{\\rtf", "a text document (RTF)", _EXPORT),
    (0, b"%PDF", "a PDF", _EXPORT),
    (0, b"%!PS", "PostScript (EPS or AI)", _EXPORT),
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
_ISO_PICTURES: Final = frozenset(
    {b"avci", b"avcs", b"j2ki", b"j2is", b"jpeg", b"jpgs", b"vvic", b"vvis", b"evbi", b"evbs", b"mif2"}
)
_NETPBM: Final = re.compile(rb"\A(?:P[1-6Ff](?>(?:\s|#[^\n]*\n)+)\d+\s+\d+\s|P7\n(?:#|[A-Z]+ \S))")
"""The sizes are part of it, because a text can begin with the other letters."""
_SGI: Final = re.compile(rb"\A\x01\xda[\x00\x01][\x01\x02]")
_ICON: Final = re.compile(rb"\A\x00\x00([\x01\x02])\x00[^\x00]\x00.{3}\x00", re.DOTALL)
"""An icon or a pointer has a number of pictures here; a TGA picture begins equally, and has zeros."""
_EPS: Final = re.compile(rb"\A%!PS-Adobe-[\d.]+ EPSF-")
_XBM: Final = re.compile(rb"\A#define\s+\w+_width\s+\d+\s+#define\s+\w+_height\s")
_HTML: Final = re.compile(rb"(?i)<(?:!doctype\s+html|html|head|body)\b")
_SVG_TAG: Final = re.compile(rb"<(?:[\w.-]+:)?svg[\s>/]")
_JSON: Final = re.compile(rb'\A(?:\{\s*["}]|\[\s*[\[{"\d\]-])')
_PRINTABLE: Final = frozenset({*range(32, 127), *b"\t\n\r\f"})
_SHOWN: Final = 8


@frozen
class Kind:
    """A format that the service does not take.

    Attributes:
        what: Its name, for a message.
        advice: What to do about it; empty if there is nothing to do.
        is_picture: Whether a file in this format is a picture.
    """

    what: str
    advice: str = ""
    is_picture: bool = False


class ForeignFileError(Exception):
    """A file whose format the service does not take; the message says what it is and what to do.

    Attributes:
        kind: The format that was found.
    """

    def __init__(self, head: bytes, name: str | None = None) -> None:
        """Recognise the format.

        Args:
            head: The first bytes of the file: at least 1,000, or all if it is shorter.
            name: The file's name; its suffix shows the format of some files.
        """
        self.kind: Kind = known_as(head) or _without_signature(head, name)
        advice = f"; {self.kind.advice}" if self.kind.advice else ""
        super().__init__(f"this is {self.kind.what}, and the service takes {FORMATS}{advice}")


def known_as(head: bytes) -> Kind | None:
    """Return a file's format if its content shows the format; None otherwise."""
    return _picture(head) or _other(head) or _text(head)


def _picture(head: bytes) -> Kind | None:
    for offset, signature, what, advice in _PICTURES:
        if _begins(head, signature, offset):
            return Kind(what, advice, is_picture=True)
    if head[4:8] == b"ftyp" and head[8:12] in _ISO_PICTURES:
        return Kind(f"a HEIF picture with the brand {_shown(head[8:12])}", _TO_PNG, is_picture=True)
    for pattern, what, advice in (
        (_NETPBM, "a PNM picture (PBM, PGM, PPM, PAM or PFM)", _TO_PNG),
        (_SGI, "an SGI picture", _TO_PNG),
        (_EPS, "PostScript (EPS)", _EXPORT),
        (_XBM, "an XBM picture", _TO_PNG),
    ):
        if pattern.match(head):
            return Kind(what, advice, is_picture=True)
    if icon := _ICON.match(head):
        what = "an icon (ICO)" if icon[1] == b"\x01" else "a mouse pointer (CUR)"
        return Kind(what, _TO_PNG, is_picture=True)
    if (svg := _wide_svg(head)) is not None:
        return svg
    if begun := image_type(head.removeprefix(b"\xef\xbb\xbf").lstrip()):
        what = f"a picture ({begun}) behind bytes that do not belong to it"
        return Kind(what, "remove the bytes before it", is_picture=True)
    return None


def _other(head: bytes) -> Kind | None:
    for offset, signature, what, advice in _OTHERS:
        if _begins(head, signature, offset):
            return Kind(what, advice)
    if head[:4] == b"RIFF" and head[8:12] in _RIFF:
        return Kind(_RIFF[head[8:12]])
    return _iso(head[8:12]) if head[4:8] == b"ftyp" else None


def _begins(head: bytes, signature: bytes, offset: int) -> bool:
    """Whether a file has a signature; one that is a word, such as BM, can also begin a text."""
    return head.startswith(signature, offset) and not (signature.strip().isalnum() and is_text(head))


def _without_signature(head: bytes, name: str | None) -> Kind:
    if not head.strip(b"\x00"):
        return Kind("nothing but zeros: the file was not written to its end", "copy it again")
    suffix = (name or "").lower().rpartition(".")[2]
    if suffix in {"tga", "pcx", "xpm", "xbm"}:
        return Kind(f"a {suffix.upper()} picture, by its name", _TO_PNG)
    return Kind(f"of no known kind (it begins with {head[:_SHOWN].hex(' ')})")


def _iso(brand: bytes) -> Kind:
    if brand in {b"M4A ", b"M4B "}:
        return Kind("audio (M4A)")
    if brand[:2] in {b"mp", b"is", b"qt", b"M4", b"3g", b"av", b"da", b"f4", b"MS"}:
        return Kind(f"a video (MP4 or QuickTime, brand {_shown(brand)})", "take frames out of it")
    return Kind(f"a file of the MP4 family with the brand {_shown(brand)}", _TO_PNG)


def _shown(brand: bytes) -> str:
    return repr(brand.decode("ascii", "replace").strip())


def _wide_svg(head: bytes) -> Kind | None:
    """Return the format of an SVG in UTF-16 or UTF-32, which may lack the mark of the byte order."""
    text = inflated(head)
    packed = " compressed with gzip" if text is not head else ""
    for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):  # one mark begins with another
        if text.startswith(("\ufeff".encode(encoding), "<".encode(encoding))):
            if not _SVG_TAG.search(text.decode(encoding, "ignore").encode()):
                return None
            what = f"an SVG in {encoding.upper()[:6]}{packed}"
            return Kind(what, "save it as UTF-8", is_picture=True)
    return None


def _text(head: bytes) -> Kind | None:
    """Return the format of a text file; None if it is not text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return Kind("text in UTF-16 or UTF-32")
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not is_text(head):
        return None
    if head.startswith(b"data:image/"):
        return Kind("text: a data URL", "decode it, or pass the text itself")
    if _HTML.search(head, 0, SIGNATURE_LENGTH):
        return Kind("HTML, such as an error page", "download the picture itself")
    if head.startswith(b"<"):
        return _xml(head)
    if _JSON.match(head):
        return Kind("JSON")
    return Kind("text")


def _xml(head: bytes) -> Kind:
    if XML_ROOT.match(head):
        return Kind("XML that is not SVG")
    what = f"XML without an element in the first {len(head):,} bytes"
    return Kind(what, "if it is an SVG, remove the comments before its first element")


def is_text(head: bytes) -> bool:
    """Whether a file is text in UTF-8, by its first bytes."""
    head = head[:SIGNATURE_LENGTH]
    if not head:
        return False
    try:
        # The decoder waits for the rest of a character that the end of the sample cuts in two.
        getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return all(byte in _PRINTABLE or byte >= 128 for byte in head)  # noqa: PLR2004 - end of ASCII
