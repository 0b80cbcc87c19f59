"""The object storage for presigned URLs. It takes no credentials, and its errors are XML."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from aiohttp import web

from scenario_async.sandbox._internal.addresses import STORAGE
from scenario_async.sandbox._internal.context import context_of
from scenario_async.sandbox._internal.errors import Refusal, from_storage
from scenario_async.sandbox._internal.parameters import received_body


async def put_part(request: web.Request) -> web.Response:
    """Store one part of an upload; a part that is sent again replaces the earlier one.

    A request without a ``Content-Length`` header is refused, as by object storage.
    """
    context = context_of(request)
    context.urls.check(request)
    if request.content_length is None:
        # [documented] Amazon S3, error responses
        raise from_storage(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
    body = await received_body(request) or b""
    # Checked only now, because the upload may have been completed while the body was sent.
    upload = context.state.uploads.get(request.match_info["uploadId"])
    if upload is None or upload.status != "pending":
        # [documented] Amazon S3, error responses
        raise from_storage(404, "NoSuchUpload", "The upload does not exist or has been completed")
    upload.store(int(request.match_info["number"]), body)
    return web.Response(headers={"ETag": _etag(body)})


async def get_asset(request: web.Request) -> web.Response:
    """Return the unchanged bytes of an asset. With ``keep_bytes=False`` there are none."""
    context = context_of(request)
    context.urls.check(request)
    asset = context.state.assets.get(request.match_info["assetId"])
    content = None if asset is None else asset.picture.stored.content
    if asset is None or content is None:
        raise _no_such_key()
    return _download(request, content, asset.picture.mime_type)


async def get_file(request: web.Request) -> web.Response:
    """Return a file that was created for a download."""
    context = context_of(request)
    context.urls.check(request)
    file = context.state.files.get(request.match_info["fileId"])
    if file is None:
        raise _no_such_key()
    disposition = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    return _download(request, file.content, file.mime_type, {"Content-Disposition": disposition})


def _no_such_key() -> Refusal:
    # [documented] Amazon S3, error responses
    return from_storage(404, "NoSuchKey", "The sandbox holds no bytes under this key")


def _etag(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def _download(
    request: web.Request, content: bytes, mime_type: str, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return a file, or the requested range of its bytes, as object storage does.

    Raises:
        Refusal: 416 for a range outside the file.
    """
    tag = _etag(content)
    answer = web.Response(
        body=content,
        content_type=mime_type,
        headers={"Accept-Ranges": "bytes", "ETag": tag, **(headers or {})},
    )
    try:
        wanted = request.http_range
    except ValueError:
        # If the header is not a range of bytes, the whole picture is sent.
        return answer
    if (wanted.start, wanted.stop) == (None, None) or request.headers.get("If-Range", tag) != tag:
        return answer
    start, stop, _ = wanted.indices(len(content))
    if start >= stop:
        # [documented] Amazon S3, error responses
        raise from_storage(416, "InvalidRange", "The requested range is not satisfiable")
    answer.set_status(206)
    answer.body = content[start:stop]
    answer.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(content)}"
    return answer


ROUTES: Final = (
    web.put(STORAGE + "/parts/{uploadId}/{number}", put_part),
    web.get(STORAGE + "/assets/{assetId}", get_asset),
    web.get(STORAGE + "/files/{fileId}", get_file),
)
