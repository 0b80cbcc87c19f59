"""What a file is when its turn has come, and whether it still is that afterwards."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from scenario_async._internal.pictures.picture import Picture, open_picture
from scenario_async.errors import InvalidArgumentError
from scenario_async.upload.plan import Fingerprint, PlannedFile

_CHUNK_SIZE: Final = 1024 * 1024
"""Bytes of a file that are digested at a time."""

_PATIENCE: Final = 0.5
"""Seconds that the end of a batch waits for a disk that hangs."""


class Examiner:
    """Looks at files in a thread of its own, one after another.

    One digests over a gigabyte in a second, which is more than networks take; several would fight for the
    interpreter, and all be done at the same time instead of one after another.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="scenario-async-examiner")
        self._buffer = memoryview(bytearray(_CHUNK_SIZE))  # touched by that thread only
        self._given_up = threading.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A thread cannot be cancelled, and a large file takes seconds: it is told to leave off, and does so
        # after a chunk, unless the disk hangs.
        self._given_up.set()
        idle = asyncio.wrap_future(self._thread.submit(lambda: None))
        try:
            await asyncio.wait([idle], timeout=_PATIENCE)
        finally:
            self._thread.shutdown(wait=idle.done(), cancel_futures=True)

    async def examine(self, file: PlannedFile) -> None:
        """Find out what a file is: it may have changed since it was planned.

        Raises:
            InvalidArgumentError: It cannot be read any more, or is no picture any more.
        """
        loop = asyncio.get_running_loop()
        before, picture, digest = await loop.run_in_executor(self._thread, self._examine, file)
        file.fingerprint, file.sha256 = before, digest
        file.mime_type, file.size = picture.mime_type, picture.size

    def _examine(self, file: PlannedFile) -> tuple[Fingerprint, Picture, bytes]:
        before = _fingerprint(file)
        picture = open_picture(file.path, "images")
        digest = sha256()
        try:
            with Path(file.path).open("rb", buffering=0) as content:
                while not self._given_up.is_set() and (read := content.readinto(self._buffer)):
                    digest.update(self._buffer[:read])
        except OSError as error:
            raise _unreadable(file, error) from error
        return before, picture, digest.digest()


async def has_changed(file: PlannedFile) -> bool:
    """Whether a file has changed since it was examined.

    Raises:
        InvalidArgumentError: It is not there any more.
    """
    return file.fingerprint != await asyncio.to_thread(_fingerprint, file)


def _fingerprint(file: PlannedFile) -> Fingerprint:
    try:
        status = Path(file.path).stat()
    except OSError as error:
        raise _unreadable(file, error) from error
    return status.st_size, status.st_mtime_ns, status.st_ino


def _unreadable(file: PlannedFile, error: OSError) -> InvalidArgumentError:
    return InvalidArgumentError(
        "images", file.path, f"the file has to stay readable until it is sent ({error})"
    )
