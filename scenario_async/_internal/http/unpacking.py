"""Decompress a file, and notice whether it was cut off; for gzip, aiohttp does not notice it."""

from __future__ import annotations

import zlib
from collections.abc import AsyncGenerator, AsyncIterable
from typing import Final

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError, ContentLengthError

_PIECE: Final = 256 * 1024
"""The most bytes that are decompressed at a time, since a small chunk may become very large."""
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_READ: Final = frozenset({"gzip", "x-gzip", "deflate"})
_COMPRESSIONS: Final = _READ | {"br", "compress", "x-compress", "zstd"}


def compression_in(encoding: str) -> str | None:
    """Return the compression that a ``Content-Encoding`` header names; several are joined with commas.

    None if it names none: other encodings, such as ``aws-chunked``, leave the file as it is.
    """
    named = (name.strip().lower() for name in encoding.split(","))
    return ", ".join(name for name in named if name in _COMPRESSIONS) or None


async def unpacked(chunks: AsyncIterable[bytes], compression: str) -> AsyncGenerator[bytes]:
    """Decompress the chunks of a body.

    Args:
        chunks: The chunks as they were sent.
        compression: The result of `compression_in`.

    Raises:
        aiohttp.ClientPayloadError: They cannot be decompressed, or end too early.
    """
    if compression not in _READ:
        problem = f"it is compressed as {compression!r}, although no compression was asked for"
        raise aiohttp.ClientPayloadError from ContentEncodingError(problem)
    unpacker, begun = zlib.decompressobj(_GZIP_OR_ZLIB), False
    async for chunk in chunks:
        left, is_full = chunk, False
        while left or (is_full and not unpacker.eof):
            if unpacker.eof:  # gzip files may follow one another
                unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
            begun = True
            try:
                piece = unpacker.decompress(left, _PIECE)
            except zlib.error as error:
                raise aiohttp.ClientPayloadError from ContentEncodingError(str(error))
            left, is_full = unpacker.unconsumed_tail or unpacker.unused_data, len(piece) == _PIECE
            if piece:
                yield piece
    if begun and not unpacker.eof:
        raise aiohttp.ClientPayloadError from ContentLengthError("the compressed data has no end")
