"""Pictures as arguments: a path, bytes or an open file; checked before anything is sent, read while it is."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast

import pybase64
from attrs import field, frozen

from scenario_async._internal.pictures.formats import SIGNATURE_LENGTH, image_type
from scenario_async.errors import InvalidArgumentError

CHUNK_SIZE: Final = 3 * 96 * 1024
"""Bytes read at a time. A multiple of three, so that chunks of base64 join without padding between them."""

INLINE_LIMIT: Final = 4 * 1024 * 1024
"""The largest picture, in bytes, that the batch upload sends inside a JSON body.

The service's own plugin switches at 4 MB; the documented ceiling is 6 MB for the encoded body.
"""

BODY_LIMIT: Final = 6 * 1024 * 1024
"""The largest body, in bytes, that the service's gateway takes (documented as 6 MB)."""

_NO_WAITING: Final[int | None] = getattr(os, "RWF_NOWAIT", None)
"""Linux's flag to read only what is in memory: most of a file that was digested a moment ago."""

FORMATS: Final = "JPEG, PNG, GIF, SVG, WebP, AVIF, TIFF or HEIF"


class PictureChangedError(InvalidArgumentError):
    """A file became shorter after it was checked. What was sent of it counts for nothing."""


@frozen
class Picture:
    """A picture whose bytes can be read from the start as often as needed.

    Attributes:
        source: Where the bytes are: a path, the bytes themselves, or an open seekable file.
        size: How many bytes there are.
        mime_type: What the content is, e.g. ``"image/png"``.
        name: The file's name, or None if it has none.
        start: Where in `source` the picture begins, in bytes.
        on_sent: Called after each chunk that was sent, with its offset in the picture and its length, in
            bytes. A chunk that is sent again is reported again, with the same offset.
    """

    source: Path | bytes | BinaryIO = field(repr=lambda source: type(source).__name__)
    size: int
    mime_type: str
    name: str | None = None
    start: int = 0
    on_sent: Callable[[int, int], object] | None = field(default=None, eq=False, repr=False)

    @contextmanager
    def opened(self) -> Generator[BinaryIO]:
        """The bytes as a file; closed afterwards unless the caller brought it open."""
        if isinstance(self.source, Path):
            with self.source.open("rb") as file:
                yield file
        elif isinstance(self.source, bytes):
            yield io.BytesIO(self.source)
        else:
            yield self.source


PictureSource = str | os.PathLike[str] | bytes | BinaryIO | Picture
"""What an argument that carries a picture takes: a path, bytes, or a binary file open for reading."""


@frozen
class Segment:
    """A stretch of a picture, as it travels: raw, or as base64."""

    picture: Picture
    base64: bool
    offset: int
    length: int

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return (self.length + 2) // 3 * 4 if self.base64 else self.length

    def offsets(self) -> range:
        """Where the chunks begin, in bytes from the start of this stretch."""
        return range(0, self.length, CHUNK_SIZE)

    def chunk(self, file: BinaryIO, done: int) -> bytes | bytearray:
        """Read what comes next, ready to be sent.

        Args:
            file: The picture's bytes, from `Picture.opened`.
            done: How many of this stretch's bytes were read already.

        Raises:
            PictureChangedError: The file ends before it should.
        """
        wanted = min(CHUNK_SIZE, self.length - done)
        file.seek(self.picture.start + self.offset + done)
        read = file.read(wanted)
        if len(read) < wanted:
            raise PictureChangedError(
                self.picture.name or "picture",
                f"{self.offset + done + len(read)} bytes",
                f"the file had {self.picture.size} bytes when it was checked, and has to stay as it is",
            )
        return self._encoded(read)

    def chunk_in_memory(self, file: BinaryIO, done: int) -> bytes | bytearray | None:
        """The same as `chunk`, where that is sure not to wait for a disk; None where it is not."""
        if isinstance(self.picture.source, bytes):
            return self.chunk(file, done)
        if _NO_WAITING is None or not isinstance(self.picture.source, Path):
            return None
        read = bytearray(min(CHUNK_SIZE, self.length - done))
        try:
            count = os.preadv(file.fileno(), [read], self.picture.start + self.offset + done, _NO_WAITING)
        except OSError:  # it would have to wait, or its file system cannot tell
            return None
        return self._encoded(read) if count == len(read) else None

    def _encoded(self, read: bytes | bytearray) -> bytes | bytearray:
        return pybase64.b64encode(read) if self.base64 else read


def whole(picture: Picture, *, base64: bool) -> Segment:
    """All of a picture."""
    return Segment(picture, base64, 0, picture.size)


def open_picture(source: PictureSource, argument: str) -> Picture:
    """Check a picture and say what it is; reads its first bytes.

    Args:
        source: A path, bytes, or a binary file open for reading (from where it stands).
        argument: The argument's name, for errors.

    Raises:
        InvalidArgumentError: There is no such file, it is no regular file, it is empty, it cannot be read, or
            its content is no image of a format that the service takes.
    """
    if isinstance(source, Picture):
        return source
    if isinstance(source, bytes):
        return _recognised(source, len(source), source[:SIGNATURE_LENGTH], argument, name=None)
    if isinstance(source, str | os.PathLike):
        return _from_path(Path(source), argument)
    return _from_file(source, argument)


def _from_path(path: Path, argument: str) -> Picture:
    try:
        status = path.stat()
        # Anything else is not opened: opening a named pipe waits until somebody writes into it.
        if is_file := stat.S_ISREG(status.st_mode):
            with path.open("rb") as file:
                head = file.read(SIGNATURE_LENGTH)
        else:
            head = b""
    except FileNotFoundError:
        raise InvalidArgumentError(argument, str(path), "there is no such file") from None
    except (OSError, ValueError) as error:
        raise InvalidArgumentError(argument, str(path), f"the file cannot be read ({error})") from error
    if not is_file:
        what = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
        raise InvalidArgumentError(argument, str(path), f"a picture's file is needed, and this is {what}")
    return _recognised(path, status.st_size, head, argument, name=path.name)


def _from_file(file: BinaryIO, argument: str) -> Picture:
    expected = "a data URL, a path, bytes or a binary file open for reading is needed"
    if not hasattr(file, "read") or isinstance(file, io.TextIOBase):
        raise InvalidArgumentError(argument, file, expected)
    try:
        source, size, head, start = _measured(file)
    except (OSError, ValueError) as error:
        raise InvalidArgumentError(argument, file, f"the file cannot be read ({error})") from error
    if not isinstance(cast("object", head), bytes):  # text, in a wrapper that is no `TextIOBase`
        raise InvalidArgumentError(argument, file, expected)
    name = getattr(file, "name", None)
    name = Path(name).name if isinstance(name, str) else None
    return _recognised(source, size, head, argument, name=name, start=start)


def _measured(file: BinaryIO) -> tuple[bytes | BinaryIO, int, bytes, int]:
    """What to read an open file from, its size from where it stands, its first bytes, and where it stands."""
    if not file.seekable():  # a pipe: it cannot be read a second time, so it is kept
        content = file.read()
        return content, len(content), content[:SIGNATURE_LENGTH], 0
    start = file.tell()
    head = file.read(SIGNATURE_LENGTH)
    size = file.seek(0, os.SEEK_END) - start
    file.seek(start)
    return file, size, head, start


def _recognised(
    source: Path | bytes | BinaryIO,
    size: int,
    head: bytes,
    argument: str,
    *,
    name: str | None,
    start: int = 0,
) -> Picture:
    shown = str(source) if isinstance(source, Path) else name or f"{size} bytes"
    if size == 0:
        raise InvalidArgumentError(argument, shown, "the picture is empty")
    mime_type = image_type(head)
    if mime_type is None:
        raise InvalidArgumentError(argument, shown, f"the content must be an image ({FORMATS})")
    return Picture(source, size, mime_type, name, start)


def is_data_url(source: object) -> bool:
    """Whether an argument is a picture already in the documented form."""
    return isinstance(source, str) and source[:5].lower() == "data:"
