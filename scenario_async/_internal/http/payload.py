"""Request bodies that read pictures while they are sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, BinaryIO, Final

from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import TOO_LARGE_BYTES_BODY, Payload

from scenario_async._internal.pictures.picture import CHUNK_SIZE, Segment
from scenario_async._internal.threads import in_thread
from scenario_async.errors import InvalidArgumentError

STRETCH: Final = 64 * 1024
"""The number of bytes that the server has to accept or send within the time limit, even on a slow connection.

For sending, the limit can be a tenth shorter, as the timer is not set again for each segment."""


class StreamedPayload(Payload):
    """A body that writes its pieces in order, and starts again from the beginning for each attempt.

    It reads and encodes one chunk at a time, so that memory does not grow with the picture. A worker thread
    reads the chunk, so that the event loop never waits for a disk, unless the chunk is already in the page
    cache. The size is known, so the request has a ``Content-Length`` header.
    """

    _autoclose = True  # files are open only while a piece is written

    def __init__(self, pieces: Sequence[bytes | Segment], *, stalled: float | None = None) -> None:
        super().__init__(pieces)
        self._stalled = stalled
        self.on_end: Callable[[], object] | None = None
        """Called when the last byte was given to the connection."""
        self._size = sum(len(piece) if isinstance(piece, bytes) else piece.size for piece in pieces)
        self._left: int = 0
        self.sent_whole: bool = False
        """Whether the last byte was given to the connection. If not, the service cannot have acted on it."""
        self.failure: InvalidArgumentError | None = None
        """Why a picture could not be read to its end; aiohttp would report a broken connection instead."""

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Not available, because the whole body must never be in memory."""
        del encoding, errors
        raise TypeError("a streamed body is never held as a whole")

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write the whole body."""
        self._left = self.size or 0
        self.sent_whole = False
        joined = _in_one_piece(self._value)
        if joined is None:
            for piece in self._value:
                await self._write_piece(piece, writer)
        else:
            await self._write_bytes(joined, writer)
            for piece in self._value:
                if not isinstance(piece, bytes) and piece.picture.on_sent is not None:
                    piece.picture.on_sent(piece.offset, piece.length)
        if self.on_end is not None:
            self.on_end()

    async def _write_bytes(self, content: bytes | bytearray, writer: AbstractStreamWriter) -> None:
        """Write in segments, each of which the server has to accept within the time limit."""
        view = memoryview(content)
        clock = asyncio.get_running_loop().time
        started = clock()
        async with asyncio.timeout(self._stalled) as limit:
            for start in range(0, len(view), STRETCH):
                stretch = view[start : start + STRETCH]
                self._left -= len(stretch)
                # Set before the write: if the last bytes fail, it is unknown whether they arrived.
                self.sent_whole = self._left == 0
                await writer.write(stretch)
                # Most segments are written immediately, and a new timer for each would cost more than the
                # write.
                if self._stalled is not None and (now := clock()) - started > self._stalled / 10:
                    limit.reschedule(now + self._stalled)
                    started = now

    async def _write_piece(self, piece: bytes | Segment, writer: AbstractStreamWriter) -> None:
        if isinstance(piece, bytes):
            await self._write_bytes(piece, writer)
            return
        with ExitStack() as stack:
            file: BinaryIO | None = None

            def read(done: int) -> bytes | bytearray:
                nonlocal file
                # Together with the first chunk: each switch to a thread and back takes as long as reading
                # one.
                file = file or stack.enter_context(piece.picture.opened())
                return piece.chunk(file, done)

            on_sent = piece.picture.on_sent
            for done in piece.offsets():
                chunk = None if file is None else piece.chunk_in_memory(file, done)
                if chunk is None:
                    chunk = await self._in_thread(piece, read, done)
                else:
                    await asyncio.sleep(0)  # other tasks' turn, if nothing above waited
                await self._write_bytes(chunk, writer)
                if on_sent is not None:
                    on_sent(piece.offset + done, min(CHUNK_SIZE, piece.length - done))

    async def _in_thread(
        self, piece: Segment, read: Callable[[int], bytes | bytearray], done: int
    ) -> bytes | bytearray:
        try:
            return await in_thread(read, done)
        except InvalidArgumentError as error:
            self.failure = error
            raise
        except (OSError, ValueError) as error:
            name = piece.picture.name or "picture"
            self.failure = InvalidArgumentError(
                name, str(error), "the file must stay readable until it is sent"
            )
            raise self.failure from error

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        """Write the whole body, whose length is known."""
        del content_length
        await self.write(writer)


def _in_one_piece(pieces: Sequence[bytes | Segment]) -> bytes | None:
    """Return a small body as bytes in memory; None if it has to be streamed."""
    size = 0
    for piece in pieces:
        if isinstance(piece, bytes):
            size += len(piece)
        elif isinstance(piece.picture.source, bytes):
            size += piece.size
        else:
            return None
    if size > STRETCH:
        return None
    return b"".join(piece if isinstance(piece, bytes) else piece.content_in_memory() for piece in pieces)


def _is_watched(pieces: Sequence[bytes | Segment]) -> bool:
    """Whether something is called after a piece was sent, so that the body needs a payload that does it."""
    return any(not isinstance(piece, bytes) and piece.picture.on_sent is not None for piece in pieces)


def payload_of(body: bytes | Sequence[bytes | Segment] | None, *, stalled: float | None = None) -> Any:
    """Convert a prepared body to a body for aiohttp.

    Args:
        body: The body.
        stalled: Seconds after which the request fails if the server accepts no more of a large body.
    """
    if body is None or (isinstance(body, bytes) and len(body) <= TOO_LARGE_BYTES_BODY):
        return body
    if not isinstance(body, bytes) and not _is_watched(body) and (joined := _in_one_piece(body)) is not None:
        return joined
    return StreamedPayload((body,) if isinstance(body, bytes) else body, stalled=stalled)
