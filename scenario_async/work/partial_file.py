"""A file that is being written: complete under its own name, or not there at all."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final

from attrs import define

from scenario_async._internal.pictures.formats import SIGNATURE_LENGTH
from scenario_async.errors import InvalidArgumentError, ScenarioError
from scenario_async.work.naming import extension

_LEFTOVER_SECONDS: Final = 3600.0
"""A partial file that nothing was written to for this long was left by a run that was killed."""


class FileWriteError(ScenarioError):
    """A file cannot be written: the disk is full, or the folder cannot be written to."""


@define
class PartialFile:
    """A file that is being downloaded, in the folder where it will be published under its name."""

    folder: Path
    path: Path
    file: BinaryIO
    size: int = 0
    head: bytes = b""
    digest: Any = None

    @classmethod
    def begin(cls, folder: Path, asset_id: str) -> PartialFile:
        """Make an empty one, and remove those that killed runs left of the same asset."""
        make_folder(folder)
        prefix = f".{asset_id}-"
        for old in folder.glob(f"{prefix}*.part"):
            with suppress(OSError):
                if time.time() - old.stat().st_mtime > _LEFTOVER_SECONDS:
                    old.unlink()
        descriptor, path = tempfile.mkstemp(prefix=prefix, suffix=".part", dir=folder)
        return cls(folder, Path(path), os.fdopen(descriptor, "wb"))

    async def fill(self, chunks: AsyncIterator[bytes]) -> None:
        """Write a download, from its beginning, and put it onto the disk."""
        await asyncio.to_thread(self._restart)
        async for chunk in chunks:
            await asyncio.to_thread(self._write, chunk)
        await asyncio.to_thread(self._sync)

    def _restart(self) -> None:
        self.file.seek(0)
        self.file.truncate()
        self.size, self.head, self.digest = 0, b"", hashlib.sha256()

    def _write(self, chunk: bytes) -> None:
        try:
            self.file.write(chunk)
        except OSError as error:  # and not one of the connection
            raise FileWriteError(f"{self.path.parent}: {error.strerror or error}") from error
        self.size += len(chunk)
        self.digest.update(chunk)
        if len(self.head) < SIGNATURE_LENGTH:
            self.head += chunk[: SIGNATURE_LENGTH - len(self.head)]

    def _sync(self) -> None:
        try:
            self.file.flush()
            os.fsync(self.file.fileno())
        except OSError as error:
            raise FileWriteError(f"{self.path.parent}: {error.strerror or error}") from error

    def publish(self, name: PurePosixPath, mime_type: str) -> tuple[Path, bool]:
        """Give it its name, or the next free one. A file of that name with the same content is kept instead.

        Returns:
            The file, and whether it is new.
        """
        self.file.close()
        self.path.chmod(0o666 & ~_UMASK)
        ending = extension(self.head, mime_type)
        number = 1
        while True:
            numbered = name.name if number == 1 else f"{name.name}-{number}"
            path = self.folder / f"{numbered}{ending}"
            if path.exists() and self._is_same(path):
                return path, False
            if _link(self.path, path):
                _sync_folder(self.folder)
                return path, True
            number += 1

    def _is_same(self, path: Path) -> bool:
        with suppress(OSError):
            if path.stat().st_size == self.size:
                with path.open("rb") as file:
                    return bool(hashlib.file_digest(file, "sha256").digest() == self.digest.digest())
        return False

    def discard(self) -> None:
        """Remove the partial file; the published one is not touched."""
        self.file.close()
        with suppress(OSError):
            self.path.unlink()


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


_UMASK: Final = _umask()
"""Read once: it is the process's, and another thread may be making files meanwhile."""


def _link(source: Path, target: Path) -> bool:
    """Give a file a second name unless that is taken; whether it was free."""
    try:
        os.link(source, target)
    except FileExistsError:
        return False
    except OSError:
        # Some file systems know no second names (FAT, some network shares). Renaming could replace a file
        # that another program makes under the same name at the very same moment.
        if target.exists():
            return False
        source.rename(target)
    return True


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, unless they are there.

    Raises:
        InvalidArgumentError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        expected = f"a folder is needed that files can be written to ({error.strerror or error})"
        raise InvalidArgumentError("to", str(folder), expected) from error


def _sync_folder(folder: Path) -> None:
    """Put a new name onto the disk; Windows does so by itself, and cannot open a folder."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file, in the place of one that may be there; complete, or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).chmod(0o666 & ~_UMASK)
    Path(file.name).replace(path)
