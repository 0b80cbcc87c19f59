"""Read a file of a source, and check that it is a picture."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import IO, Any, Final

from attrs import frozen

from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import Picture, open_regular_file
from scenario_async.errors import InvalidArgumentError
from scenario_async.work._internal.library.reading import Reader
from scenario_async.work._internal.library.sources import Found, has_changed

_HELD_BYTES: Final = 1 << 20
"""The largest picture that is read into memory once, so that the sent content is the hashed content."""

_DIGEST_CHUNK: Final = 1 << 20


class NotReadableError(InvalidArgumentError):
    """A file of the source cannot be read."""


@frozen
class Examined:
    """A picture that was checked, with its digest.

    Attributes:
        picture: The picture, with the name of its file.
        digest: The SHA-256 of its content in hexadecimal.
    """

    picture: Picture
    digest: str

    @property
    def is_held(self) -> bool:
        """Whether its bytes are in memory, so that a change of the file has no effect."""
        return isinstance(self.picture.source, bytes)

    def close(self) -> None:
        """Close the file of a remote picture."""
        if not isinstance(self.picture.source, Path | bytes):
            self.picture.source.close()


def examine(reader: Reader, found: Found) -> Examined:
    """Read a file, check that it is a picture, and compute its digest; the call blocks meanwhile.

    Args:
        reader: Opens the file.
        found: The file.

    Raises:
        NotReadableError: The file cannot be read, or it was changed since it was listed.
        InvalidArgumentError: It is not a picture that the service takes.
    """
    try:
        source = reader.open(found)
        try:
            return _examined(source, found)
        except BaseException:
            if not isinstance(source, Path):
                source.close()
            raise
    except OSError as error:
        raise NotReadableError("source", found.name, f"it cannot be read ({error})") from error


def _examined(source: IO[bytes] | Path, found: Found) -> Examined:
    content: Any = source
    if found.size <= _HELD_BYTES and (held := _read(source)) is not None:
        content = held
        if not isinstance(source, Path):
            source.close()
    opened = open_picture(content, "source")
    picture = Picture(opened.source, opened.size, opened.mime_type, found.file_name, opened.start)
    digest = hashlib.sha256()
    with picture.opened() as file:
        file.seek(picture.start)
        while chunk := file.read(_DIGEST_CHUNK):
            digest.update(chunk)
    if has_changed(found):
        raise NotReadableError("source", found.name, "the file was changed since it was listed")
    return Examined(picture, digest.hexdigest())


def _read(source: IO[bytes] | Path) -> bytes | None:
    """Read all bytes of a file; None if it is too large for memory."""
    if isinstance(source, Path):
        with open_regular_file(source) as file:
            content = file.read(_HELD_BYTES + 1)
    else:
        content = source.read(_HELD_BYTES + 1)
        source.seek(0)
    return content if len(content) <= _HELD_BYTES else None
