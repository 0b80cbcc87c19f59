"""Write a file so that it exists under its final name only when it is complete."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from scenario_async._internal.pictures.foreign import is_text, known_as
from scenario_async._internal.pictures.formats import SIGNATURE_LENGTH, image_type
from scenario_async._internal.pictures.structure import read_facts
from scenario_async._internal.pictures.structure.content import Content, CutOffError, DamagedPictureError
from scenario_async._internal.threads import in_thread
from scenario_async._internal.whole_file import NEW_FILE_MODE, written_beside
from scenario_async.errors import InvalidArgumentError, ScenarioError
from scenario_async.work._internal.naming import extension, portable_id

_BINARY: Final = ("image/", "video/", "audio/")
"""The beginnings of types whose files are not text."""
_LEFTOVER_SECONDS: Final = 3600.0
"""Seconds without a write after which a partial file counts as left by a killed run."""


class FileWriteError(ScenarioError):
    """A file cannot be written: the disk is full, the folder is not writable, or the content is wrong."""


def prefix_of(asset_id: str) -> str:
    """Return the beginning of the temporary names of an asset's files, which a later download removes."""
    return f".{portable_id(asset_id)[:64]}-"


class PartialFile:
    """A file that is being downloaded, in the folder where it will get its final name.

    Its methods wait for the disk, so they run in threads. A cancelled download discards the file, although a
    write may still be running in a thread. So all methods do nothing after `discard`.

    Args:
        folder: The folder.
        asset_id: The asset that is downloaded. A partial file of it that a killed run left is removed.
    """

    def __init__(self, folder: Path, asset_id: str) -> None:
        self.size = 0
        self._folder = folder
        self._prefix = prefix_of(asset_id)
        self._file: BinaryIO | None = None
        self._path = folder
        self._head = b""
        self._digest = hashlib.sha256()
        self._discarded = False
        self._lock = threading.Lock()

    async def fill(self, chunks: AsyncIterator[bytes]) -> None:
        """Write a download from its beginning, and flush it to disk."""
        await in_thread(self._restart)
        async for chunk in chunks:
            await in_thread(self._write, chunk)
        await in_thread(self._sync)

    def _restart(self) -> None:
        with self._lock, _named(self._folder):
            if self._discarded:
                return
            if self._file is None:
                self._file = self._open()
            self._file.seek(0)
            self._file.truncate()
            self.size, self._head, self._digest = 0, b"", hashlib.sha256()

    def _open(self) -> BinaryIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.glob(f"{self._prefix}*.part"):
            with suppress(OSError):
                if time.time() - old.stat().st_mtime > _LEFTOVER_SECONDS:
                    old.unlink()
        descriptor, path = tempfile.mkstemp(prefix=self._prefix, suffix=".part", dir=self._folder)
        self._path = Path(path)
        return os.fdopen(descriptor, "wb")

    def _write(self, chunk: bytes) -> None:
        with self._lock, _named(self._folder):
            if self._file is None or self._discarded:
                return
            self._file.write(chunk)
            self.size += len(chunk)
            self._digest.update(chunk)
            self._head += chunk[: max(0, SIGNATURE_LENGTH - len(self._head))]

    def _sync(self) -> None:
        with self._lock, _named(self._folder):
            if self._file is not None and not self._discarded:
                self._file.flush()
                os.fsync(self._file.fileno())

    def publish(self, name: PurePosixPath, mime_type: str | None) -> tuple[Path, bool]:
        """Rename it to its final or the next free name; an existing file with the same content is kept.

        Args:
            name: The name without its suffix.
            mime_type: The type according to the service, for content that is not recognised; None if the
                response has none.

        Returns:
            The file, and whether it is new.
        """
        if self._file is None:
            raise FileWriteError("nothing was downloaded")
        self._file.close()
        self._path.chmod(NEW_FILE_MODE)
        ending = extension(self._head, mime_type or "")
        number = 1
        while True:
            numbered = name.name if number == 1 else f"{name.name}-{number}"
            path = self._folder / f"{numbered}{ending}"
            if path.exists() and self._is_same(path):
                return path, False
            if _link(self._path, path):
                _sync_folder(self._folder)
                return path, True
            number += 1

    def check(self, mime_type: str | None) -> None:
        """Check that a download is not empty, that a picture is complete, and that no text is in place of it.

        A text, such as an error page, can be in place of a video or audio too. A broken connection is noticed
        elsewhere, but only if the response has a length.

        Args:
            mime_type: The expected type; None if it is not known.

        Raises:
            FileWriteError: The content is certainly not the asset.
        """
        if not self.size:
            raise FileWriteError("the download is empty")
        mime_type = mime_type or ""
        is_binary = mime_type.startswith(_BINARY) and "svg" not in mime_type
        looks_like_text = self._head.lstrip()[:1] in {b"<", b"{"} or is_text(self._head)
        if is_binary and looks_like_text and image_type(self._head) is None:
            kind = known_as(self._head)
            if kind is None or not kind.is_picture:  # some other formats of pictures begin like text
                what = kind.what if kind else "text"
                raise FileWriteError(f"the download is {what}, and {mime_type} was expected")
        found = image_type(self._head)
        if found is not None:
            try:
                with self._path.open("rb") as file:
                    read_facts(Content(file, self.size), found)
            except CutOffError as error:
                raise FileWriteError(f"the download is incomplete: {error}") from None
            except DamagedPictureError:
                pass  # not cut off: it is saved as the service stores it

    def _is_same(self, path: Path) -> bool:
        with suppress(OSError):
            if path.stat().st_size == self.size:
                with path.open("rb") as file:
                    return bool(hashlib.file_digest(file, "sha256").digest() == self._digest.digest())
        return False

    def discard(self) -> None:
        """Remove the partial file, now or after a running write; a published file is not changed."""
        with self._lock:
            self._discarded = True
            if self._file is not None:
                with suppress(OSError):
                    self._file.close()  # writes what is left, and so raises again if the disk is full
                with suppress(OSError):
                    self._path.unlink()


@contextmanager
def _named(folder: Path) -> Generator[None]:
    """Distinguish a disk error from a connection error, which is an `OSError` too."""
    try:
        yield
    except OSError as error:
        raise FileWriteError(f"{folder}: {error.strerror or error}") from error


def _link(source: Path, target: Path) -> bool:
    """Give a file a second name unless it is taken; return whether it was free."""
    try:
        os.link(source, target)
    except FileExistsError:
        return False
    except OSError:
        # Some file systems have no hard links (FAT, some network shares). Renaming could replace a file that
        # another program creates under the same name at the same moment.
        if target.exists():
            return False
        source.rename(target)
    return True


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, unless they are there, and check that it takes files.

    Raises:
        InvalidArgumentError: It cannot be made, or no file can be created in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder, prefix=".", suffix=".part"):
            pass
    except OSError as error:
        expected = f"a folder is needed that files can be written to ({error.strerror or error})"
        raise InvalidArgumentError("to", str(folder), expected) from error


def _sync_folder(folder: Path) -> None:
    """Flush a new name to disk; Windows does this by itself, and cannot open a folder."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_unless_taken(path: Path, content: bytes, *, prefix: str) -> bool:
    """Write a small file atomically unless there is one; return whether it was written."""
    with written_beside(path, content, prefix=prefix) as written:
        return _link(written, path)
