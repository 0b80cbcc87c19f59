"""Read the pictures of a batch and compute their digests; very small ones are sent from memory."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final, Self

from attrs import evolve

from scenario_async._internal.background_thread import BackgroundThread
from scenario_async._internal.pictures.decoding import damage, decode
from scenario_async._internal.pictures.formats import SIGNATURE_LENGTH, image_type
from scenario_async._internal.pictures.opening import open_picture
from scenario_async._internal.pictures.picture import (
    CHUNK_SIZE,
    INLINE_LIMIT,
    Picture,
    PictureChangedError,
    open_regular_file,
)
from scenario_async.errors import InvalidArgumentError
from scenario_async.upload._internal.stages import Examined, Fingerprint, Planned

_DIGEST_CHUNK_SIZE: Final = 1024 * 1024
"""The size of a chunk for the digest of a file, in bytes."""


class Examiner:
    """Reads files in its own thread, one after another.

    One thread hashes more than a gigabyte per second, which is faster than networks. Several threads would
    compete for the interpreter, and would finish all files at the same time instead of one after another.

    Args:
        decode: Decode each picture if Pillow is installed, as a dry run does.
    """

    def __init__(self, *, decode: bool = False) -> None:
        self._decode = decode
        self.thread: BackgroundThread = BackgroundThread("scenario-async-examiner")
        self._given_up = threading.Event()
        self._buffer = memoryview(bytearray(_DIGEST_CHUNK_SIZE))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        # A thread cannot be cancelled, and a large file takes seconds, so the thread stops after its current
        # chunk.
        self._given_up.set()
        await self.thread.closed()

    async def examine(self, planned: Planned, *, needs_digest: bool) -> Examined:
        """Read a picture, which may have changed since it was planned.

        Args:
            planned: The picture.
            needs_digest: Compute the digest of a picture above 4 MiB too. The digest of a smaller picture is
                always computed.

        Raises:
            InvalidArgumentError: It cannot be read any more, or is not a picture any more.
        """
        return await self.thread.call(self._examine, planned, needs_digest)

    async def check_unchanged(self, examined: Examined, digest: bytes) -> None:
        """Check that a file still has the content that was sent.

        If the size or the times differ, the content is compared, since some file systems report different
        times for an unchanged file.

        Raises:
            PictureChangedError: The content has changed.
            InvalidArgumentError: The file cannot be read any more.
        """
        if examined.fingerprint is not None:
            await self.thread.call(self._check_unchanged, examined, digest)

    def _examine(self, planned: Planned, needs_digest: bool) -> Examined:
        if self._decode:
            _check_decodes(planned)
        with opened(planned) as (file, fingerprint):
            size = planned.size if fingerprint is None else fingerprint[0]
            # The position of an open file is shared, so the file is read only here.
            if size <= (INLINE_LIMIT if fingerprint is None else CHUNK_SIZE):
                content = file.read(INLINE_LIMIT + 1)
                if len(content) > INLINE_LIMIT:
                    expected = "the file became longer after it was checked, and has to stay as it is"
                    raise PictureChangedError("images", planned.shown_path, expected)
                planned, mime_type = _now(planned, content, len(content))
                picture = Picture(content, len(content), mime_type, planned.name)
                return Examined(planned, picture, sha256(content).digest(), fingerprint)
            planned, mime_type = _now(planned, file.read(SIGNATURE_LENGTH), size)
            picture = _picture_of(planned, size, mime_type)
            file.seek(picture.start)
            digest = self._digest(file) if needs_digest or size <= INLINE_LIMIT else None
        return Examined(planned, picture, digest, fingerprint)

    def _check_unchanged(self, examined: Examined, digest: bytes) -> None:
        with opened(examined.planned) as (file, fingerprint):
            if fingerprint == examined.fingerprint:
                return
            if fingerprint is None or fingerprint[0] != examined.picture.size or self._digest(file) != digest:
                path = examined.planned.shown_path
                raise PictureChangedError("images", path, "the file was changed while it was sent")

    def _digest(self, file: BinaryIO) -> bytes:
        """Return the digest of a file, from its current position."""
        digest = sha256()
        while not self._given_up.is_set() and (read := file.readinto(self._buffer)):  # type: ignore[attr-defined]
            digest.update(self._buffer[:read])
        return digest.digest()


def _picture_of(planned: Planned, size: int, mime_type: str) -> Picture:
    """Return a picture that is read while it is sent."""
    source = planned.source
    if isinstance(source, str):
        return Picture(Path(source), size, mime_type, planned.name)
    return Picture(source.source, size, mime_type, planned.name, source.start)


def _check_decodes(planned: Planned) -> None:
    """Decode a picture if Pillow is installed.

    Raises:
        InvalidArgumentError: The picture is damaged.
    """
    if find_spec("PIL") is None:
        return
    with opened(planned) as (file, _):
        content = file.read()
    try:
        decode(BytesIO(content), lambda _: None)
    except Exception as error:  # noqa: BLE001 - decoders raise errors of many kinds for broken files
        expected = f"the file is damaged: it cannot be decoded ({damage(error)})"
        raise InvalidArgumentError("images", planned.shown_path, expected) from None


def _now(planned: Planned, head: bytes, size: int) -> tuple[Planned, str]:
    """Return a picture and its type, with other facts if it was replaced since it was planned.

    Raises:
        InvalidArgumentError: It is not a picture any more, or is cut off.
    """
    source = planned.source
    mime_type = image_type(head[:SIGNATURE_LENGTH])
    if mime_type is not None and size == planned.size:
        return planned, mime_type
    if not isinstance(source, Picture):
        opened = open_picture(source, "images")
    elif isinstance(source.source, Path | bytes):
        opened = source
    else:
        with source.opened() as file:
            file.seek(source.start)
        opened = open_picture(source.source, "images")
    return evolve(planned, facts=opened.facts), opened.mime_type


@contextmanager
def opened(planned: Planned) -> Generator[tuple[BinaryIO, Fingerprint | None]]:
    """Open a picture, and return it with the fingerprint of its file, or with None if it is not a file.

    Raises:
        InvalidArgumentError: The picture cannot be read.
    """
    source = planned.source
    try:
        if isinstance(source, Picture):
            with source.opened() as file:
                file.seek(source.start)
                yield file, None
        else:
            with open_regular_file(source, buffering=0) as file:
                status = os.fstat(file.fileno())
                yield file, (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    except OSError as error:
        expected = f"the file has to stay readable until it is sent ({error})"
        raise InvalidArgumentError("images", planned.shown_path, expected) from error
