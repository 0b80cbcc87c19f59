"""Create an asset from a picture: inside a request, or in parts through object storage."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

from attrs import define, evolve, field

from scenario_async._internal.background_thread import BackgroundThread
from scenario_async._internal.declare.operation import Sender
from scenario_async._internal.http.pace import StoppedError
from scenario_async._internal.pictures.picture import (
    INLINE_LIMIT,
    Picture,
    PictureChangedError,
    whole,
)
from scenario_async._internal.tasks import task_group
from scenario_async.errors import APIError, APIStatusError
from scenario_async.upload._internal.examining import opened
from scenario_async.upload._internal.imports import ImportFailedError, ImportWatch
from scenario_async.upload._internal.response_fields import id_of, number_of, text_of
from scenario_async.upload._internal.stages import Examined, Planned
from scenario_async.values.asset import AssetUploadParams
from scenario_async.values.upload import UploadCreateParams, UploadTriggerActionParams

PART_SIZE: Final = 8 * 1024 * 1024
"""The size of a part in bytes. The service requires at least 5 MB, except for the last part."""

_PARTS_AT_ONCE: Final = 4
"""Parts of one picture that are sent at the same time. Also the parts of all pictures that are in memory at
the same time: a part is read into memory if the digest of the picture is computed while it is sent."""

OnSent = Callable[[int], object]
"""Called with the number of a picture's bytes that were sent so far in this attempt. It is 0 just before the
first byte."""

OnStored = Callable[[bytes], Awaitable[None]]

_URL_REFUSED: Final = frozenset({400, 401, 403, 404, 410})
"""Statuses of object storage for a URL, a token or an upload that has expired or does not exist any more."""


class PartRefusedError(APIError):
    """The URL of a part has expired; a new upload gets new URLs."""


async def send(sender: Sender, picture: Picture) -> str:
    """Create an asset from one picture and return its id; `PictureSender` does this for a batch.

    Raises:
        APIError: A request failed.
        ImportFailedError: All parts were uploaded, but the service could not import the picture.
        PictureChangedError: The file changed while it was sent.
    """
    planned = Planned(0, picture, picture.mime_type, picture.size)
    thread = BackgroundThread("scenario-async-reader")
    try:
        examined = Examined(planned, picture, None, None)
        asset_id, _ = await PictureSender(sender, thread).send(examined, None, in_parts=False)
    finally:
        await thread.closed()
    return asset_id


def requests_needed(size: int, *, in_parts: bool = False) -> int:
    """Return the number of changing requests that a picture needs, by its size in bytes."""
    return 2 + _parts(size) if in_parts or size > INLINE_LIMIT else 1


def _parts(size: int) -> int:
    return max(-(-size // PART_SIZE), 1)


@define
class SentBytes:
    """Counts the bytes of one attempt; a chunk that is sent again counts once."""

    on_sent: OnSent
    furthest: dict[int, int] = field(factory=dict[int, int])

    def of_part(self, part: int) -> Callable[[int, int], None]:
        """Return the function to call for each chunk of a part, with its offset and its length in bytes."""

        def count(offset: int, length: int) -> None:
            self.furthest[part] = max(self.furthest.get(part, 0), offset + length)
            self.on_sent(sum(self.furthest.values()))

        return count


class PictureSender:
    """Makes assets of pictures.

    Args:
        sender: Sends the requests.
        thread: Reads large files.
        concurrency: How many pictures are sent at the same time. The others wait here and not for the sender,
            which sends its requests in their order, so that they do not delay requests of other kinds.
    """

    def __init__(self, sender: Sender, thread: BackgroundThread, concurrency: int = 1) -> None:
        self._sender = sender
        self._thread = thread
        self._free = asyncio.Semaphore(concurrency)
        self._imports = ImportWatch(sender)
        self._memory = asyncio.Semaphore(_PARTS_AT_ONCE)

    async def send(
        self,
        examined: Examined,
        on_sent: OnSent | None,
        *,
        in_parts: bool,
        on_stored: OnStored | None = None,
    ) -> tuple[str, bytes]:
        """Create an asset from a picture.

        Args:
            examined: The picture.
            on_sent: Called while it is sent. Without it, a small picture is sent in one write.
            in_parts: Send it in parts even if it is small.
            on_stored: Awaited with the digest of the content when all parts are sent, before the service is
                requested to import them.

        Returns:
            The asset's id, and the digest of the content that was sent.

        Raises:
            APIError: A request failed.
            ImportFailedError: All parts were uploaded, but the service could not import the picture.
            PictureChangedError: The file changed while it was sent.
        """
        if in_parts or examined.picture.size > INLINE_LIMIT:
            return await self._send_in_parts(examined, on_sent or (lambda _: None), on_stored)
        return await self._send_inline(examined, on_sent)

    async def _send_inline(self, examined: Examined, on_sent: OnSent | None) -> tuple[str, bytes]:
        picture = examined.picture
        if on_sent is not None:
            picture = evolve(picture, on_sent=SentBytes(on_sent).of_part(0))
        request = AssetUploadParams(image=picture, name=examined.planned.name)
        async with self._free:
            if on_sent is not None:
                on_sent(0)
            answer = await self._sender.send(request)
        return _id_in(getattr(answer, "asset", None), "POST", "/assets"), examined.sha256 or b""

    async def _send_in_parts(
        self, examined: Examined, on_sent: OnSent, on_stored: OnStored | None
    ) -> tuple[str, bytes]:
        picture = examined.picture
        count = _parts(picture.size)
        answer = await self._sender.send(
            UploadCreateParams(
                kind="image",
                file_name=examined.planned.name,
                content_type=picture.mime_type,
                file_size=picture.size,
                parts=count,
            )
        )
        upload: Any = getattr(answer, "upload", None)
        _id_in(upload, "POST", "/uploads")
        urls = _urls_of(upload, count)
        async with self._free:
            on_sent(0)
            digest = await self._store_parts(examined, urls, SentBytes(on_sent))
        if on_stored is not None:
            await on_stored(digest)
        return await self._imported(upload), digest

    async def _store_parts(self, examined: Examined, urls: list[str], sent: SentBytes) -> bytes:
        """Upload all parts, several at a time, and return the digest of the content."""
        digest = sha256()
        reads = examined.sha256 is None or not isinstance(examined.picture.source, Path | bytes)
        free = self._memory if reads else asyncio.Semaphore(_PARTS_AT_ONCE)
        async with task_group() as tasks:
            for number, url in enumerate(urls):
                await free.acquire()
                try:
                    part = _part_of(examined.picture, number)
                    if reads:
                        part = await self._thread.call(_read, examined.planned, part, digest.update)
                except BaseException:
                    free.release()
                    raise
                part = evolve(part, on_sent=sent.of_part(number))
                # A task that is cancelled before its first step does not run at all.
                tasks.create_task(self._store(url, part)).add_done_callback(lambda _: free.release())
        if not reads:
            return examined.sha256 or b""
        if examined.sha256 not in {None, digest.digest()}:
            path = examined.planned.shown_path
            raise PictureChangedError("images", path, "the file was changed while it was sent")
        return digest.digest()

    async def _store(self, url: str, part: Picture) -> None:
        try:
            await self._sender.store(url, whole(part, base64=False), part.mime_type)
        except APIStatusError as error:
            if error.status_code not in _URL_REFUSED:
                raise
            # The problem is the URL or its token, which expire; a new upload gets new ones.
            raise PartRefusedError(str(error), method="PUT", path=error.path, in_doubt=True) from error

    async def _imported(self, upload: Any) -> str:
        """Complete an upload and return the id of its asset.

        All errors after the completion are in doubt, because the asset may exist.
        """
        request, answer = UploadTriggerActionParams(upload.id, action="complete"), None
        asked_at = time.monotonic()
        try:
            answer = await self._sender.send(request)
        except APIError as error:
            if not error.in_doubt:
                raise
        try:
            if answer is None:
                answer = await self._imports.request_status(upload.id)
                if getattr(getattr(answer, "upload", None), "status", None) == "pending":
                    asked_at = time.monotonic()
                    answer = await self._sender.send(request)
            return await self._imports.entity_of(upload, answer, asked_at)
        except (APIError, StoppedError) as error:
            error.in_doubt = True
            raise


def _part_of(picture: Picture, number: int) -> Picture:
    """Return a part of a picture, as a picture of its own."""
    start = number * PART_SIZE
    return evolve(picture, start=picture.start + start, size=min(PART_SIZE, picture.size - start))


def _read(planned: Planned, part: Picture, add: Callable[[bytes | bytearray], object]) -> Picture:
    """Read a part into memory, and pass it to the function that adds it to the digest of the picture."""
    with opened(planned) as (file, _):
        file.seek(part.start)
        content = bytearray()
        while len(content) < part.size and (read := file.read(part.size - len(content))):
            content += read
    if len(content) < part.size:
        expected = "the file became shorter after it was checked, and has to stay as it is"
        raise PictureChangedError("images", planned.shown_path, expected)
    add(content)
    return Picture(bytes(content), part.size, part.mime_type)


def _urls_of(upload: Any, count: int) -> list[str]:
    """Return the URLs of an upload's parts, in order.

    Raises:
        ImportFailedError: The number of URLs is wrong, or two parts have the same one.
    """
    listed: Any = getattr(upload, "parts", None)
    parts = cast("Sequence[Any]", listed) if isinstance(listed, list) else ()
    if len(parts) != count:
        raise ImportFailedError(upload, f"the response has {len(parts)} part URLs instead of {count}")
    urls = dict[float, str]()
    for part in parts:
        number, url = number_of(part, "number"), text_of(part, "url")
        if number is None or url is None:
            raise ImportFailedError(upload, "the response has a part without a number or a URL")
        urls[number] = url
    if len(set(urls.values())) < count:
        raise ImportFailedError(upload, "the response has two parts with the same number or the same URL")
    return [urls[number] for number in sorted(urls)]


def _id_in(made: object, method: str, path: str) -> str:
    """Return the id of a new object, which all further requests need.

    Raises:
        APIError: The response has no id. The new object is unknown, so the error is in doubt.
    """
    identifier = id_of(made)
    if identifier is not None:
        return identifier
    raise APIError(f"{method} {path}: the response has no id", method=method, path=path, in_doubt=True)
