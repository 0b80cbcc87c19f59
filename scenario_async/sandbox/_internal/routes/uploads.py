"""Multipart uploads of files that are too large for a JSON body."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from scenario_async.sandbox._internal.context import NO_CHANGE, Context, context_of
from scenario_async.sandbox._internal.errors import UNHANDLED_IMAGE_FORMAT, Refusal, bad_request, not_imitated
from scenario_async.sandbox._internal.parameters import fields_of, required
from scenario_async.sandbox._internal.routes.answers import AUTHOR_ID, OWNER_ID, json_answer
from scenario_async.sandbox._internal.routes.dry_run import dry_run_answer, is_dry_run
from scenario_async.sandbox._internal.routes.lookup import collections_named, find_asset, upload_of
from scenario_async.sandbox._internal.state import Upload, new_id, timestamp

SMALLEST_PART: Final = 5 * 1024 * 1024
"""The smallest part except the last, in bytes. The service documents 5 MB; object storage needs 5 MiB."""

MOST_PARTS: Final = 10_000

_KINDS: Final = ("3d", "asset", "audio", "avatar", "image", "model", "text", "video")
_IMITATED_KINDS: Final = ("asset", "image")


async def create(request: web.Request) -> web.Response:
    """Start an upload and return a presigned URL for each part. A dry run only returns the price."""
    fields = fields_of(request)
    fields.refuse("url", "civitaiModelUrl", "huggingFaceModelName")
    kind = required(fields.choice("kind", _KINDS), "kind")
    if kind not in _IMITATED_KINDS:
        # [sandbox] the kind is documented; the sandbox does not imitate it
        raise not_imitated(f"uploads of the kind {kind}")
    options = fields.object("assetOptions")
    collections = collections_named(request, options)
    parent_id = options.text("parentId")
    if parent_id is not None:
        find_asset(request, parent_id)
    context = context_of(request)
    now = context.state.now()
    upload = Upload(
        id=new_id("upload"),
        kind=kind,
        file_name=required(fields.text("fileName"), "fileName"),
        content_type=required(fields.text("contentType"), "contentType"),
        file_size=required(fields.whole_number("fileSize", lowest=1), "fileSize"),
        parts_count=required(fields.whole_number("parts", lowest=1, highest=MOST_PARTS), "parts"),
        expires=context.urls.expiry(context.settings.part_url_lifetime),
        created_at=now,
        updated_at=now,
        is_hidden=options.flag("hide") or False,
        parent_id=parent_id,
        collection_ids=[collection.id for collection in collections],
    )
    if is_dry_run(request):
        return dry_run_answer(request, 0)
    upload.import_delay = context.settings.import_delay_of(upload)
    context.state.uploads[upload.id] = upload
    return _answer(context, upload)


async def retrieve(request: web.Request) -> web.Response:
    """Return an upload. After its `import_delay`, each call moves it to the next status."""
    context = context_of(request)
    upload = upload_of(request)
    _advance(context, upload)
    return _answer(context, upload)


async def trigger_action(request: web.Request) -> web.Response:
    """Complete an upload. An upload that was completed before is returned unchanged."""
    upload = upload_of(request)
    required(fields_of(request).choice("action", ("complete",)), "action")
    context = context_of(request)
    if upload.status == "pending":
        _check_parts(upload)
        upload.become("validating", now=context.state.now())
        await _import(context, upload)
    else:
        request[NO_CHANGE] = True
    return _answer(context, upload)


def _check_parts(upload: Upload) -> None:
    """Check, like object storage, that all parts are there and all except the last are large enough."""
    missing = [number for number in range(1, upload.parts_count + 1) if number not in upload.parts]
    if missing:
        # [documented] Amazon S3, completing a multipart upload: all parts; the form of the refusal is a guess
        raise bad_request(
            f"{len(missing)} of {upload.parts_count} parts are missing, first part {missing[0]}"
        )
    for number in range(1, upload.parts_count):
        if len(upload.parts[number]) < SMALLEST_PART:
            # [documented] docs or tooling: at least 5 MB; the form of the refusal is a guess
            raise bad_request(f"Part {number} is smaller than {SMALLEST_PART} bytes")


async def _import(context: Context, upload: Upload) -> None:
    """Create an asset from the parts, or record why this fails. Later responses show the result."""
    parts = [upload.parts[number] for number in sorted(upload.parts)]
    upload.parts.clear()
    size = sum(map(len, parts))
    if size != upload.file_size:
        upload.error_message = f"Got {size} bytes of a file of {upload.file_size}"
    else:
        try:
            picture = await context.pictures.from_parts(parts, upload.digest.hexadecimal())
        except Refusal:
            upload.error_message = UNHANDLED_IMAGE_FORMAT
        else:
            asset = context.state.add_asset(
                picture, name=upload.file_name, is_hidden=upload.is_hidden, parent_id=upload.parent_id
            )
            upload.entity_id = asset.id
            for collection in context.state.collections.values():
                if collection.id in upload.collection_ids:
                    collection.asset_ids.append(asset.id)
    upload.completed_at = context.clock.now()


def _advance(context: Context, upload: Upload) -> None:
    if upload.completed_at is None or context.clock.now() < upload.completed_at + upload.import_delay:
        return
    now = context.state.now()
    match upload.status:
        case "validating" if upload.validating_polls > 0:
            upload.validating_polls -= 1
        case "validating":
            upload.become("validated" if upload.error_message is None else "failed", now=now)
        case "validated":
            upload.become("imported", now=now)
        case _:
            pass


def _answer(context: Context, upload: Upload) -> web.Response:
    """An upload. Its part URLs do not change, and are shown only while it is pending."""
    answer: dict[str, Any] = {
        "id": upload.id,
        "authorId": AUTHOR_ID,
        "ownerId": OWNER_ID,
        "contentType": upload.content_type,
        "createdAt": upload.created_at,
        "updatedAt": upload.updated_at,
        "fileName": upload.file_name,
        "fileSize": upload.file_size,
        "kind": upload.kind,
        "partsCount": upload.parts_count,
        "source": "multipart",
        "status": upload.status,
    }
    match upload.status:
        case "pending":
            answer["parts"] = _parts(context, upload)
        case "imported":
            answer["entityId"] = upload.entity_id
        case "failed":
            answer["errorMessage"] = upload.error_message
        case _:
            pass
    return json_answer({"upload": answer})


def _parts(context: Context, upload: Upload) -> list[dict[str, Any]]:
    expires = timestamp(upload.expires / 1000)
    return [
        {
            "number": number,
            "expires": expires,
            "url": context.urls.part(upload.id, number, expires=upload.expires),
        }
        for number in range(1, upload.parts_count + 1)
    ]


ROUTES: Final = (
    web.post("/uploads", create),
    web.get("/uploads/{uploadId}", retrieve),
    web.post("/uploads/{uploadId}/action", trigger_action),
)
