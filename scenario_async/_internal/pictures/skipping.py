"""Decide whether a file that cannot be sent is skipped or is a failure."""

from __future__ import annotations

import os
from typing import Final

from scenario_async._internal.pictures.foreign import APPLE_DOUBLE, ForeignFileError
from scenario_async._internal.pictures.structure.content import DamagedPictureError
from scenario_async.errors import InvalidArgumentError

_SUFFIXES: Final = frozenset(
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg", ".png", ".apng", ".gif", ".svg", ".svgz", ".webp",
        ".avif", ".avifs", ".tif", ".tiff", ".heic", ".heics", ".heif", ".heifs", ".hif", ".bmp", ".dib",
        ".psd", ".psb", ".jxl", ".jp2", ".j2k", ".jpx", ".jpf", ".ico", ".cur", ".icns", ".tga", ".exr",
        ".hdr", ".dds", ".qoi", ".pcx", ".ppm", ".pgm", ".pbm", ".pnm", ".xcf", ".kra", ".ora", ".raw",
        ".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".srf", ".sr2", ".dng", ".raf", ".orf", ".rw2",
        ".pef", ".srw", ".x3f", ".3fr", ".iiq", ".mrw", ".eps", ".ai", ".wmf", ".emf", ".erf", ".mef",
        ".mos", ".dcr", ".kdc", ".rwl", ".gpr", ".fff", ".cap", ".avci", ".avcs", ".j2c", ".jpc", ".jxr",
        ".wdp", ".hdp", ".mpo", ".jps", ".fits", ".fts", ".dcm", ".dicom", ".sgi", ".rgb", ".rgba", ".xpm",
        ".xbm", ".ktx", ".ktx2", ".flif", ".bpg", ".pam", ".pfm", ".ras", ".lbm", ".ilbm", ".jls", ".jng",
        ".mng", ".pct", ".pict", ".pdd", ".bay", ".k25", ".dcs", ".drf", ".eip", ".pxn", ".rwz",
    }
)  # fmt: skip
"""Suffixes of pictures, whether or not the service takes their formats."""


def has_picture_suffix(name: str) -> bool:
    """Whether a file's name has a suffix of pictures; spaces and dots after it do not count."""
    return os.path.splitext(name.rstrip(" ."))[1].lower() in _SUFFIXES  # noqa: PTH122 - faster than Path


def reason_to_skip(name: str, error: InvalidArgumentError, *, is_named: bool) -> str | None:
    """Return why a file that cannot be sent is skipped; None if it is a failure.

    A file is a failure if the caller named it, or if it is a picture by its content or by the suffix of its
    name. A file that macOS keeps beside another file (AppleDouble) is always skipped.

    Args:
        name: The last part of the file's name.
        error: The error of `open_picture`.
        is_named: Whether the caller named the file, instead of its folder.
    """
    found = error.__context__
    if isinstance(found, ForeignFileError):
        if found.kind.what == APPLE_DOUBLE and name.startswith("._"):
            return "macOS made it beside the file of that name (AppleDouble)"
        is_picture = found.kind.is_picture
    else:
        is_picture = isinstance(found, DamagedPictureError)
    if is_named or is_picture or has_picture_suffix(name):
        return None
    return "it is not a picture" if isinstance(found, ForeignFileError) else error.expected
