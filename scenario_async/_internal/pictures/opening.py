"""Open a picture that was given as an argument, and check it before anything is sent."""

from __future__ import annotations

import inspect
import io
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from scenario_async._internal.pictures import encoded
from scenario_async._internal.pictures.facts import PictureFacts
from scenario_async._internal.pictures.foreign import ForeignFileError, known_as
from scenario_async._internal.pictures.formats import (
    SIGNATURE_LENGTH,
    SVG_SIGNATURE_LENGTH,
    image_type,
    may_be_svg,
)
from scenario_async._internal.pictures.picture import (
    CHUNK_SIZE,
    Picture,
    PictureSource,
    SupportsRead,
    given_file,
    open_regular_file,
)
from scenario_async._internal.pictures.structure import read_facts
from scenario_async._internal.pictures.structure.content import Content, DamagedPictureError
from scenario_async.errors import InvalidArgumentError

_EXPECTED: Final = "a data URL, a path, bytes or a binary file open for reading is needed"

_LONGEST_PATH: Final = 4096
"""The most characters of a path: the limit of Linux, which is the highest of all systems."""


def picture_argument(source: PictureSource, argument: str, *, base64: bool) -> Picture | str:
    """Open the picture of an argument; text that can be sent unchanged is returned.

    Args:
        source: A path, a data URL, base64, bytes, or an object with a ``read`` method.
        argument: The argument's name, for errors.
        base64: Whether the argument is sent as base64 without a ``data:`` prefix. Only then plain base64 is
            accepted; otherwise the error contains a hint.

    Raises:
        InvalidArgumentError: It is not a picture, it is damaged, or the service does not take its format.
    """
    if not isinstance(source, str):
        return open_picture(source, argument)
    if encoded.is_data_url(source):
        content, is_plain = encoded.from_data_url(source, argument)
        return _from_text(source, content, argument, as_it_is=is_plain and not base64)
    encoded.refuse_url(source, argument)
    if encoded.is_base64_picture(source) or encoded.looks_like_base64(source):
        if not base64:
            expected = "this is base64; a path, or a data URL (data:image/png;base64, before it) is needed"
            raise InvalidArgumentError(argument, encoded.shortened(source), expected)
        content, is_plain = encoded.from_base64(source, argument)
        return _from_text(source, content, argument, as_it_is=is_plain)
    # `Path.exists` raises an error for a name that is too long, as base64 may be.
    if base64 and encoded.is_plain_base64(source) and not os.path.exists(source):  # noqa: PTH110
        return source
    if len(source) > _LONGEST_PATH:
        expected = f"this text is not base64, and too long for a path; {_EXPECTED}"
        raise InvalidArgumentError(argument, encoded.shortened(source), expected)
    return open_picture(source, argument)


def _from_text(text: str, content: bytes, argument: str, *, as_it_is: bool) -> Picture | str:
    """Return the picture in a text, or the text itself if it can be sent unchanged.

    If the text has the documented form but its format is unknown, it is sent, and the service decides.
    """
    if not as_it_is:
        return _from_bytes(content, argument)
    mime_type = image_type(content[:SIGNATURE_LENGTH])
    if mime_type or not content or image_type(content[:SVG_SIGNATURE_LENGTH]) or known_as(content):
        _check(Content(content, len(content)), argument, f"{len(content)} bytes", None, mime_type)
    return text


def open_picture(source: PictureSource, argument: str) -> Picture:
    """Open a picture and check it: its format, and whether its file is complete.

    Args:
        source: A path, bytes, or an object with a ``read`` method. A file is read from its current position.
        argument: The argument's name, for errors.

    Raises:
        InvalidArgumentError: The file does not exist, is not a regular file, is empty or cut off, or cannot
            be read; or the service does not take its format.
    """
    if isinstance(source, Picture):
        return source
    if isinstance(source, bytes | bytearray | memoryview):
        return _from_bytes(bytes(source), argument)
    if isinstance(source, str | os.PathLike):
        return _from_path(source, argument)
    return _from_file(source, argument)


def _from_bytes(content: bytes, argument: str, name: str | None = None) -> Picture:
    shown = name or f"{len(content)} bytes"
    return _checked(content, Content(content, len(content)), argument, shown=shown, name=name)


def _from_path(given: str | os.PathLike[str], argument: str) -> Picture:
    text = path_text(given, argument)
    if not text:
        raise InvalidArgumentError(argument, given, "the path of a picture is needed, not an empty one")
    path = Path(text)
    shown = str(path)
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            with open_regular_file(path) as file:
                size = os.fstat(file.fileno()).st_size
                return _checked(path, Content(file, size), argument, shown=shown, name=path.name)
    except FileNotFoundError:
        expected = "there is no such file"
        if shown.startswith("~"):
            expected += "; ~ is not replaced: use Path.expanduser()"
        raise InvalidArgumentError(argument, shown, expected) from None
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidArgumentError):
            raise
        raise InvalidArgumentError(argument, shown, f"the file cannot be read ({error})") from error
    what = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
    raise InvalidArgumentError(argument, shown, f"a picture's file is needed, and this is {what}")


def path_text(given: object, argument: str) -> str:
    """Return the text of a path; an entry of a folder that was listed as bytes is decoded.

    Raises:
        InvalidArgumentError: It is not a path.
    """
    why = ""
    try:
        if not isinstance(given, bytes):
            return os.fsdecode(cast("str", given))
    except TypeError:
        pass
    except Exception as error:  # noqa: BLE001 - the method of a caller's object may raise any error
        why = f", and its __fspath__ raises {type(error).__name__}"
    raise InvalidArgumentError(argument, given, f"a path is needed{why}")


def path_of(given: object, argument: str) -> Path:
    """Return the path of a file or a folder.

    Raises:
        InvalidArgumentError: It is not a path, or an empty one.
    """
    text = path_text(given, argument)
    if not text:
        raise InvalidArgumentError(argument, given, "the path is empty; for the current folder, pass '.'")
    return Path(text)


def is_folder(path: Path, argument: str) -> bool:
    """Whether a path leads to a folder, and not to a file.

    Raises:
        InvalidArgumentError: There is neither a folder nor a file, or it cannot be read.
    """
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        raise InvalidArgumentError(argument, str(path), "there is no such folder or file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidArgumentError(argument, str(path), f"it cannot be read ({reason})") from error


def _from_file(file: SupportsRead, argument: str) -> Picture:
    name = name_of(file)
    try:
        _check_is_binary_file(file, argument)
        if not _is_seekable(file):
            # A pipe or a response cannot be read a second time, so its bytes are kept.
            return _from_bytes(_read(file.read, argument, file), argument, name)
        return _from_seekable(cast("BinaryIO", file), argument, name)
    except InvalidArgumentError:
        raise
    except Exception as error:  # archives, decompressors and network streams have errors of their own
        why = str(error) or type(error).__name__
        raise InvalidArgumentError(argument, file, f"the file cannot be read ({why})") from error


def _from_seekable(file: BinaryIO, argument: str, name: str | None) -> Picture:
    start = file.tell()
    _read(lambda: file.read(1), argument, file)
    opened = given_file(file)
    size = _end_of(file) - start
    file.seek(start)
    shown = name or f"{max(size, 0)} bytes"
    if size <= 0 and start:
        expected = f"the file is at its end, after {start:,} bytes; call seek(0) before passing it"
        raise InvalidArgumentError(argument, shown, expected)
    try:
        return _checked(file, Content(opened, size, start), argument, shown=shown, name=name, start=start)
    finally:
        file.seek(start)


def _end_of(file: BinaryIO) -> int:
    """Go to the end of a file, and return the number of its bytes.

    A member of a ZIP archive is read, because its checksum is not checked after a seek (since CPython 3.12).
    """
    archives = sys.modules.get("zipfile")
    if archives is not None and isinstance(file, archives.ZipExtFile):
        while file.read(CHUNK_SIZE):
            pass
    else:
        file.seek(0, os.SEEK_END)
    return file.tell()


def _check_is_binary_file(file: Any, argument: str) -> None:
    if inspect.iscoroutinefunction(getattr(file, "read", None)):
        raise _awaited(argument, file)
    is_text = isinstance(file, io.TextIOBase)
    if callable(getattr(file, "read", None)) and not is_text:
        return
    expected = _EXPECTED
    if is_text:
        expected += "; open the file in binary mode: open(path, 'rb')"
    elif callable(getattr(file, "save", None)):
        expected += "; save the picture into an io.BytesIO, and pass its getvalue()"
    elif hasattr(file, "__array_interface__"):
        expected += "; encode the array as PNG first, with Pillow or imageio"
    elif callable(getattr(file, "read_bytes", None)):
        expected += "; call read_bytes() and pass the result"
    elif hasattr(file, "__next__"):
        expected += "; join the chunks: b''.join(…)"
    elif hasattr(file, "file"):
        expected += "; pass its .file"
    raise InvalidArgumentError(argument, file, expected)


def has_read(given: object) -> bool:
    """Whether an object has ``read``; if that cannot be found out, `open_picture` says why."""
    try:
        return hasattr(given, "read")
    except Exception:  # noqa: BLE001 - in Django it is a property, which fails if its file is missing
        return True


def _awaited(argument: str, file: object) -> InvalidArgumentError:
    return InvalidArgumentError(
        argument, file, "this file is read by awaiting: await .read() and pass the bytes"
    )


def _is_seekable(file: object) -> bool:
    seekable: Any = getattr(file, "seekable", None)
    try:
        # An mmap has no `seekable` before Python 3.13.
        is_seekable = bool(seekable()) if callable(seekable) else True
    except AttributeError:  # a member of a tar archive that is read as a stream
        return False
    return is_seekable and hasattr(file, "seek") and hasattr(file, "tell")


def _read(read: Callable[[], object], argument: str, file: object) -> bytes:
    """Read from an object, which must not be asynchronous or contain text.

    Raises:
        InvalidArgumentError: The object is asynchronous or contains text.
    """
    content = read()
    if isinstance(content, bytes):
        return content
    if isinstance(content, bytearray | memoryview):
        return bytes(cast("bytearray", content))
    if inspect.isawaitable(content):
        if inspect.iscoroutine(content):
            content.close()
        raise _awaited(argument, file)
    raise InvalidArgumentError(argument, file, f"{_EXPECTED}; its read() returns {type(content).__name__}")


def name_of(file: object) -> str | None:
    """Return a file's own name; an uploaded file has it in `filename`, and its form field in `name`."""
    for attribute in ("filename", "name"):
        if (
            attribute == "filename"
            and isinstance(file, io.BufferedIOBase)
            and attribute not in getattr(file, "__dict__", ())
        ):
            continue  # a gzip file warns that this attribute is deprecated
        name: object = None
        with suppress(Exception):  # a property of a caller's object may raise any error
            name = getattr(file, attribute, None)
        if isinstance(name, str) and name:
            # A browser on Windows may send the whole path.
            return Path(name).name.rpartition("\\")[2] or None
    return None


def _checked(
    source: Path | bytes | BinaryIO,
    content: Content,
    argument: str,
    *,
    shown: str,
    name: str | None,
    start: int = 0,
) -> Picture:
    mime_type, facts = _check(content, argument, shown, name)
    return Picture(source, content.size, mime_type, name, start, facts=facts)


def _check(
    content: Content, argument: str, shown: str, name: str | None, mime_type: str | None = None
) -> tuple[str, PictureFacts]:
    """Recognise a picture by its beginning unless its type is known, and check that it is complete."""
    if content.size <= 0:
        raise InvalidArgumentError(argument, shown, "the picture is empty: it has no bytes")
    try:
        mime_type = mime_type or _recognised(content, name)
        return mime_type, read_facts(content, mime_type)
    except (DamagedPictureError, ForeignFileError) as error:
        raise InvalidArgumentError(argument, shown, str(error)) from None


def _recognised(content: Content, name: str | None) -> str:
    head = content.up_to(0, SIGNATURE_LENGTH)
    mime_type = image_type(head)
    if mime_type is None and content.size > SIGNATURE_LENGTH and may_be_svg(head):
        head = content.up_to(0, SVG_SIGNATURE_LENGTH)
        mime_type = image_type(head)
    if mime_type is None:
        raise ForeignFileError(head, name)
    return mime_type
