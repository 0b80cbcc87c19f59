"""Open the files of a source for reading; file systems stay open, so that an archive is opened only once."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import IO, Any, Final, cast

from attrs import frozen

from scenario_async._internal.pictures.formats import SIGNATURE_LENGTH, SVG_SIGNATURE_LENGTH, image_type
from scenario_async.work._internal.library.sources import Found
from scenario_async.work._internal.library.urls import has_query, without_credentials

IN_MEMORY_BYTES: Final = 8 * 1024 * 1024
"""The largest remote picture in memory; a larger one is stored in a temporary file."""

_CHUNK: Final = 1 << 20

_SYSTEMS_OPEN: Final = 32
"""File systems that stay open: each archive of a list of archives needs a file descriptor."""


@frozen
class _System:
    """An open file system, and the lock of a thread that reads from it."""

    files: Any
    reading: AbstractContextManager[Any]


class Reader:
    """Opens found files for reading; several threads may call it."""

    def __init__(self) -> None:
        self._systems: dict[str, _System] = {}
        self._opening = Lock()

    def open(self, found: Found) -> IO[bytes] | Path:
        """Open a found file: return the path of a local file, or a temporary copy of a remote one.

        If the first bytes of a remote file are not those of a picture, the copy has only the first bytes.

        Raises:
            OSError: The file cannot be read.
        """
        if not found.system:
            return Path(found.name)
        # Small files are kept in memory, large ones in a file; the sender closes it.
        target = SpooledTemporaryFile[bytes](max_size=IN_MEMORY_BYTES)
        try:
            system = self._system(found.system)
            with system.reading:
                _copy(system.files, found, cast("IO[bytes]", target))
            target.seek(0)
        except Exception as error:  # noqa: BLE001 - each file system has its own
            target.close()
            message = str(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
            # The error itself may contain a password.
            raise OSError(without_credentials(message, found.path)) from None
        except BaseException:
            target.close()
            raise
        return cast("IO[bytes]", target)

    def _system(self, url: str) -> _System:
        with self._opening:
            system = self._systems.get(url)
            if system is None:
                if len(self._systems) >= _SYSTEMS_OPEN:
                    self._systems.pop(next(iter(self._systems)))
                files: Any = import_module("fsspec.core").url_to_fs(url)[0]
                lock = nullcontext() if _may_be_shared(files, url) else Lock()
                system = self._systems[url] = _System(files, lock)
        return system


def _may_be_shared(files: Any, url: str) -> bool:
    """Whether several threads may read from a file system at the same time.

    An asynchronous file system makes all its requests on a thread of its own. Others may have one position
    in one file (an archive), or one connection (FTP), which a second thread would change.
    """
    return "::" not in url and bool(files.async_impl)


def _copy(files: Any, found: Found, target: IO[bytes]) -> None:
    """Copy a file, or only its first bytes if they are not those of a picture."""
    protocol = found.system.partition("://")[0]
    if protocol == "ftp":
        # fsspec's open file makes a transfer for each of its blocks, and ends it with an abort.
        files.get_file(found.path, target)
        return
    is_stream = has_query(protocol)
    if not is_stream and found.size > _CHUNK:
        # Reading from an open file would load a whole block, which may be as large as the file.
        head = files.cat_file(found.path, start=0, end=SVG_SIGNATURE_LENGTH)
        if not _may_be_picture(head):
            target.write(head)
            return
    # Some HTTP servers do not send parts of a file, and with this block size fsspec requests none.
    options = {"block_size": 0} if is_stream else {}
    is_known = False
    with files.open(found.path, "rb", **options) as read:
        while chunk := read.read(_CHUNK):
            target.write(chunk)
            if not is_known and target.tell() >= SVG_SIGNATURE_LENGTH:
                target.seek(0)
                if not _may_be_picture(target.read(SVG_SIGNATURE_LENGTH)):
                    return
                target.seek(0, 2)
                is_known = True


def _may_be_picture(head: bytes) -> bool:
    """Whether the first `SVG_SIGNATURE_LENGTH` bytes of a file are those of a picture."""
    return image_type(head[:SIGNATURE_LENGTH]) is not None or image_type(head) is not None
