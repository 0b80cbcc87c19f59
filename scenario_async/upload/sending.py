"""How one picture becomes an asset: inside a request if it is small, in parts if it is not."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final, cast

from scenario_async._internal.declare.operation import Async, Sender
from scenario_async._internal.pictures.picture import INLINE_LIMIT, Picture, Segment
from scenario_async.errors import APIError, PermissionDeniedError, ScenarioError
from scenario_async.resources.assets import Assets

if TYPE_CHECKING:
    from scenario_async.resources.uploads import Uploads
    from scenario_async.values.upload import Upload, UploadResponse

PART_SIZE: Final = 8 * 1024 * 1024
"""Bytes of one part. The service wants at least 5 MB in each but the last."""

IMPORT_TIMEOUT: Final = 300.0
"""Seconds that the service may take to import a file whose parts are all there."""

_POLL_FIRST: Final = 0.1
_POLL_LONGEST: Final = 3.0


class ImportFailedError(ScenarioError):
    """All parts of a file arrived, and the service did not make an asset of it.

    Attributes:
        upload_id: The upload.
        status: The state in which it was left, e.g. ``"failed"``.
    """

    def __init__(self, upload: Upload, why: str) -> None:
        super().__init__(f"upload {upload.id} ({upload.status}): {why}")
        self.upload_id: str = upload.id
        self.status: str = upload.status


class PartRefusedError(APIError):
    """The URL that a part was to be put to is not good any more."""


async def send(sender: Sender, picture: Picture) -> str:
    """Make an asset of a picture, by the way that its size asks for; gives the asset's id."""
    name = picture.name or "picture"
    if picture.size <= INLINE_LIMIT:
        return await send_inline(sender, picture, name)
    return await send_in_parts(sender, picture, name)


def requests_needed(size: int) -> int:
    """How many requests that change something it takes to make an asset of a picture of a size in bytes."""
    return 1 if size <= INLINE_LIMIT else 2 + _parts(size)


def _parts(size: int) -> int:
    return -(-size // PART_SIZE)


async def send_inline(sender: Sender, picture: Picture, name: str) -> str:
    """Make an asset of a small picture; gives its id."""
    assets: Assets[Async] = Assets(sender)
    answer = await assets.upload(image=picture, name=name)
    return _known(getattr(answer.asset, "id", None), "POST", "/assets")


async def send_in_parts(sender: Sender, picture: Picture, name: str) -> str:
    """Make an asset of a picture of any size; gives its id.

    Raises:
        ImportFailedError: The service could not import it.
    """
    from scenario_async.resources.uploads import Uploads

    uploads: Uploads[Async] = Uploads(sender)
    count = _parts(picture.size)
    opened = await uploads.create(
        kind="image",
        file_name=name,
        content_type=picture.mime_type,
        file_size=picture.size,
        parts=count,
    )
    upload = opened.upload
    upload_id = _known(getattr(upload, "id", None), "POST", "/uploads")
    parts = sorted(upload.parts or [], key=lambda part: part.number)
    if len(parts) != count:
        raise ImportFailedError(upload, f"{count} part URLs were asked for, and {len(parts)} came")
    for index, part in enumerate(parts):
        offset = index * PART_SIZE
        length = min(PART_SIZE, picture.size - offset)
        segment = Segment(picture, base64=False, offset=offset, length=length)
        try:
            await sender.store(part.url, segment, picture.mime_type)
        except PermissionDeniedError as error:
            # About the URL, which expires, and not about our credentials: another upload gets another one.
            raise PartRefusedError(str(error), method="PUT", path=error.path, in_doubt=True) from error
    return await _imported(uploads, upload, await _complete(uploads, upload_id))


async def _complete(uploads: Uploads[Async], upload_id: str) -> UploadResponse:
    """Say that all parts are there; in doubt, see whether that arrived before it is said again."""
    try:
        return await uploads.trigger_action(upload_id, action="complete")
    except APIError as error:
        if not error.in_doubt:
            raise
    answer = await uploads.retrieve(upload_id)
    if getattr(answer.upload, "status", None) == "pending":
        return await uploads.trigger_action(upload_id, action="complete")
    return answer


async def _imported(uploads: Uploads[Async], upload: Upload, answer: UploadResponse) -> str:
    deadline = time.monotonic() + IMPORT_TIMEOUT
    wait = _POLL_FIRST
    while True:
        # An answer without an upload in it tells nothing new.
        upload = cast("Upload | None", answer.upload) or upload
        if upload.status == "imported" and upload.entity_id:
            return upload.entity_id
        if upload.status == "failed":
            raise ImportFailedError(upload, upload.error_message or "the service says no more")
        if time.monotonic() > deadline:
            raise ImportFailedError(upload, f"not imported after {IMPORT_TIMEOUT:.0f} s")
        await asyncio.sleep(wait)
        wait = min(wait * 2, _POLL_LONGEST)
        answer = await uploads.retrieve(upload.id)


def _known(identifier: object, method: str, path: str) -> str:
    """An id, without which nothing can follow.

    Raises:
        APIError: The answer has none. Whatever was made stays unknown, so it is in doubt.
    """
    if isinstance(identifier, str) and identifier:
        return identifier
    raise APIError(f"{method} {path}: the answer names no id", method=method, path=path, in_doubt=True)
