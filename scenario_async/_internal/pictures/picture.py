"""A picture that can be sent, and its segments, which are read while they are sent."""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast

import pybase64
from attrs import field, frozen
from attrs.converters import optional

from scenario_async._internal.pictures.facts import PictureFacts
from scenario_async._internal.pictures.names import sendable_name
from scenario_async.errors import InvalidArgumentError

CHUNK_SIZE: Final = 3 * 96 * 1024
"""The size of a chunk: a multiple of three, so that base64 chunks join without padding."""

INLINE_LIMIT: Final = 4 * 1024 * 1024
"""The largest picture, in bytes, that the batch upload sends inside a JSON body.

The service's own plugin sends larger pictures in parts from 4 MB. The documented limit is 6 MB for the
encoded body.
"""

BODY_LIMIT: Final = 6_000_000
"""The largest body of a request, in bytes. The documentation says 6 MB, which may also mean more."""

_NO_WAITING: Final[int | None] = getattr(os, "RWF_NOWAIT", None)
"""Linux's flag to read only from the page cache, which has most of a file after it was hashed."""


class PictureChangedError(InvalidArgumentError):
    """A file was changed after it was checked, so its upload is not valid."""


@frozen
class Picture:
    """A picture whose bytes can be read from the start several times.

    Attributes:
        source: A path, the bytes themselves, or an open seekable file.
        size: The number of bytes.
        mime_type: What the content is, e.g. ``"image/png"``.
        name: The file's name, or None if it has none; characters that cannot be sent are replaced.
        start: The offset of the picture in `source`, in bytes.
        on_sent: Called after each chunk was sent, with the chunk's offset in the picture and its length in
            bytes. If a chunk is sent again, it is called again with the same offset.
        facts: The width, height and other properties that the file's structure shows; None if it was not
            read.
    """

    source: Path | bytes | BinaryIO = field(repr=lambda source: type(source).__name__)
    size: int
    mime_type: str
    name: str | None = field(default=None, converter=optional(sendable_name))
    start: int = 0
    on_sent: Callable[[int, int], object] | None = field(default=None, eq=False, repr=False)
    facts: PictureFacts | None = field(default=None, eq=False, repr=False)

    @contextmanager
    def opened(self) -> Generator[BinaryIO]:
        """Open the bytes as a file; a file that the caller passed open is not closed.

        All errors of seeking and reading are OSError.
        """
        if isinstance(self.source, Path):
            with open_regular_file(self.source) as file:
                yield file
        elif isinstance(self.source, bytes):
            yield io.BytesIO(self.source)
        else:
            yield given_file(self.source)


@frozen
class _GivenFile:
    """A file that the caller passed open: each read is complete, and all errors are OSError.

    Archives, decompressors and network streams raise errors of their own, and may return fewer bytes than
    requested.
    """

    _file: BinaryIO

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return cast("int", self._call("seek", offset, whence))

    def tell(self) -> int:
        return cast("int", self._call("tell"))

    def read(self, size: int = -1) -> bytes:
        read = self._read(size)
        if len(read) in {0, size}:
            return read
        content = bytearray(read)
        while len(content) != size and (read := self._read(size if size < 0 else size - len(content))):
            content += read
        return bytes(content)

    def readinto(self, buffer: memoryview) -> int:
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def _read(self, size: int) -> bytes:
        read = self._call("read", size)
        if not isinstance(read, bytes | bytearray | memoryview):
            raise OSError(f"its read() returns {type(read).__name__}")
        content = bytes(cast("bytes", read))
        if 0 <= size < len(content):
            raise OSError(f"its read({size}) returns {len(content)} bytes")
        return content

    def _call(self, method: str, *args: int) -> object:
        try:
            return getattr(self._file, method)(*args)
        except OSError:
            raise
        except Exception as error:
            raise OSError(str(error) or type(error).__name__) from error


def given_file(file: BinaryIO) -> BinaryIO:
    """Return a caller's file in a form whose reads are complete, and whose errors are all OSError."""
    return cast("BinaryIO", _GivenFile(file))


class BodyTooLargeError(InvalidArgumentError):
    """A request would be larger than the service takes.

    Attributes:
        picture: The largest argument if it is a picture; None otherwise.
    """

    def __init__(self, argument: str, value: object, expected: str, picture: Picture | None = None) -> None:
        super().__init__(argument, value, expected)
        self.picture = picture


def open_regular_file(path: str | Path, *, buffering: int = -1) -> BinaryIO:
    """Open a regular file for reading; a pipe is refused at once, since to open it could block forever.

    Args:
        path: The path of the file.
        buffering: As for `open`; 0 for a file without a buffer.

    Raises:
        OSError: The file cannot be opened, or is not a regular file.
    """
    try:
        file = open(path, "rb", buffering, opener=_without_waiting)  # noqa: SIM115 - Path has no opener
    except IsADirectoryError:
        pass
    else:
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return file
        file.close()
    raise OSError(errno.EINVAL, "not a regular file", str(path))


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))


class SupportsRead(Protocol):
    """An object with a synchronous ``read``: an open file, a member of an archive, or an upload."""

    def read(self) -> bytes:
        """Return the bytes from the current position to the end."""
        ...


PictureSource = str | os.PathLike[str] | bytes | bytearray | memoryview | SupportsRead | Picture
"""The types of a picture argument: a path, a data URL, bytes, or an object with ``read``."""


@frozen
class Segment:
    """A segment of a picture, in the form in which it is sent: raw, or as base64."""

    picture: Picture
    base64: bool
    offset: int
    length: int

    @property
    def size(self) -> int:
        """The number of bytes to send."""
        return (self.length + 2) // 3 * 4 if self.base64 else self.length

    def offsets(self) -> range:
        """The offsets of the chunks, in bytes from the start of this segment."""
        return range(0, self.length, CHUNK_SIZE)

    def chunk(self, file: BinaryIO, done: int) -> bytes | bytearray:
        """Read the next chunk of this segment, in the form in which it is sent.

        Args:
            file: The open picture, from `Picture.opened`.
            done: How many bytes of this segment were read already.

        Raises:
            PictureChangedError: The file is shorter than before.
        """
        wanted = min(CHUNK_SIZE, self.length - done)
        file.seek(self.picture.start + self.offset + done)
        read = file.read(wanted)
        if len(read) < wanted:
            raise PictureChangedError(
                self.picture.name or "picture",
                f"{self.picture.start + self.offset + done + len(read)} bytes",
                f"the file had {self.picture.start + self.picture.size} bytes or more when it was checked, "
                "and has to stay as it is",
            )
        return self._encoded(read)

    def content_in_memory(self) -> bytes | bytearray:
        """Return the whole segment of a picture that was given as bytes, in the form in which it is sent."""
        content, start = self.picture.source, self.picture.start + self.offset
        if not isinstance(content, bytes):
            raise TypeError("only a picture that was given as bytes is in memory")
        return self._encoded(content[start : start + self.length])

    def chunk_in_memory(self, file: BinaryIO, done: int) -> bytes | bytearray | None:
        """Do the same as `chunk` if this certainly does not wait for a disk; otherwise return None."""
        if isinstance(self.picture.source, bytes):
            return self.chunk(file, done)
        if _NO_WAITING is None or not isinstance(self.picture.source, Path):
            return None
        read = bytearray(min(CHUNK_SIZE, self.length - done))
        try:
            count = os.preadv(file.fileno(), [read], self.picture.start + self.offset + done, _NO_WAITING)
        except OSError:  # reading would wait, or the file system does not support the check
            return None
        return self._encoded(read) if count == len(read) else None

    def _encoded(self, read: bytes | bytearray) -> bytes | bytearray:
        return pybase64.b64encode(read) if self.base64 else read


def whole(picture: Picture, *, base64: bool) -> Segment:
    """Return the segment that is the whole picture."""
    return Segment(picture, base64, 0, picture.size)
