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
_ENCODINGS: Final = ("gzip", "x-gzip", "deflate")
_OTHERS: Final = ("br", "compress", "x-compress", "zstd")
"""Compressions that are not read. Any other encoding, such as ``aws-chunked``, leaves the file as it is."""


async def unpacked(chunks: AsyncIterable[bytes], encoding: str) -> AsyncGenerator[bytes]:
    """Decompress the chunks of a body.

    Args:
        chunks: The chunks as they were sent.
        encoding: The header ``Content-Encoding``.

    Raises:
        aiohttp.ClientPayloadError: They cannot be decompressed, or end too early.
    """
    encoding = encoding.strip().lower()
    if encoding in _OTHERS:
        problem = f"it is compressed as {encoding!r}, although no compression was asked for"
        raise aiohttp.ClientPayloadError from ContentEncodingError(problem)
    if encoding not in _ENCODINGS:
        async for chunk in chunks:
            yield chunk
        return
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
