"""Read the parts of a picture's file that its structure needs."""

from __future__ import annotations

from typing import BinaryIO, Final

_WINDOW: Final = 4096
"""The size of a block that is read at a time."""


class DamagedPictureError(Exception):
    """A file begins like a picture but is not a valid one; the message says why."""


class CutOffError(DamagedPictureError):
    """A file ends before its structure does."""

    def __init__(self, size: int, missing: str) -> None:
        super().__init__(f"the file is cut off: {missing} is missing after {size:,} bytes")


class Content:
    """Random access to the bytes of a picture; a few are read at a time.

    Attributes:
        size: How many bytes there are.
    """

    def __init__(self, source: bytes | BinaryIO, size: int, start: int = 0) -> None:
        """Read from bytes, or from a seekable file in which the picture begins at `start`."""
        self.size = size
        self._file = None if isinstance(source, bytes) else source
        self._start = start
        self._window = source if isinstance(source, bytes) else b""
        self._offset = 0

    def at(self, offset: int, length: int, what: str = "a part of it") -> bytes:
        """The bytes at an offset.

        Raises:
            CutOffError: The file ends before them; `what` says what is missing.
        """
        if offset + length > self.size:
            raise CutOffError(self.size, what)
        read = self.up_to(offset, length)
        if len(read) < length:  # the file became shorter while it was read
            raise CutOffError(self.size, what)
        return read

    def up_to(self, offset: int, length: int) -> bytes:
        """Return the bytes at an offset, or fewer at the end of the file."""
        if self._file is None:
            return self._window[offset : offset + length]
        begin = offset - self._offset
        if not 0 <= begin <= begin + length <= len(self._window):
            self._file.seek(self._start + offset)
            self._window = self._file.read(min(max(length, _WINDOW), max(self.size - offset, 0)))
            self._offset, begin = offset, 0
        return self._window[begin : begin + length]

    def number(self, offset: int, length: int, what: str = "a part of it") -> int:
        """A big-endian number at an offset."""
        return int.from_bytes(self.at(offset, length, what), "big")

    def find(self, needle: bytes, start: int) -> int:
        """Return the first offset of `needle` from `start` on; -1 if there is none."""
        step = 256 * 1024
        while start < self.size:
            found = self.up_to(start, step).find(needle)
            if found >= 0:
                return start + found
            start += step - len(needle) + 1
        return -1
