"""Downloads: of an asset, of several assets in a ZIP, and of a trained model."""

from __future__ import annotations

import itertools
import re
import struct
from collections.abc import Container, Mapping
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_STORED, ZipFile

import orjson
from aiohttp import web

from scenario_async.sandbox._internal.context import Context, context_of
from scenario_async.sandbox._internal.errors import bad_request, not_imitated
from scenario_async.sandbox._internal.jobs import Job
from scenario_async.sandbox._internal.objects import StoredFile
from scenario_async.sandbox._internal.parameters import fields_of, required
from scenario_async.sandbox._internal.routes.answers import asset_url, json_answer, model_answer, present
from scenario_async.sandbox._internal.routes.dry_run import dry_run_answer, is_dry_run
from scenario_async.sandbox._internal.routes.jobs import job_of
from scenario_async.sandbox._internal.routes.lookup import asset_of, find, find_asset, find_model, model_of
from scenario_async.sandbox._internal.routes.running import announce, start_job
from scenario_async.sandbox._internal.state import Asset, Model, new_id

_FORMATS: Final = {
    "gif": "image/gif",
    "heif": "image/heif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "avif": "image/avif",
    "tif": "image/tiff",
    "tiff": "image/tiff",
}
_OTHER_FORMATS: Final = ("fbx", "glb", "mp3", "mp4", "obj")
_EXTENSIONS: Final = {mime_type: extension for extension, mime_type in _FORMATS.items()}
_UNSAFE: Final = re.compile(r"[^\w .()-]+")
_TOKEN: Final = re.compile(r"<(\w+)>")
# [documented] official package, assets/download_request_batch_params
_TOKENS: Final = ("seed", "num", "prompt", "generator", "id", "description")
_LONGEST_NAME: Final = 128
_LONGEST_FOLDER: Final = 64
"""The tokens of a file's name, and the most characters of the name with its suffix and of its folders."""


async def request_one(request: web.Request) -> web.Response:
    """Return the URL of an asset in its stored format; the sandbox does not convert formats."""
    asset = asset_of(request)
    target = fields_of(request).choice("targetFormat", (*_FORMATS, *_OTHER_FORMATS))
    mime_type = asset.picture.mime_type
    if target is not None and _FORMATS.get(target) != mime_type:
        # [sandbox] the conversion is documented; the sandbox does not imitate it
        raise not_imitated(f"the conversion of {mime_type} to {target}")
    return json_answer({"url": asset_url(context_of(request), asset), "mimeType": mime_type})


async def request_batch(request: web.Request) -> web.Response:
    """Start to create a ZIP file of assets: given ones, those that jobs created, and training sets of models.

    `fileNameTemplate` can have the documented tokens (``<seed> <num> <prompt> <generator> <id>
    <description>``). ``/`` creates folders. If a token occurs several times, only the first one is used. A
    token that is not documented is refused.
    """
    fields = fields_of(request)
    options, query = fields.object("options"), fields.object("query")
    template = required(options.text("fileNameTemplate"), "fileNameTemplate")
    if unknown := set(_TOKEN.findall(template)).difference(_TOKENS):
        message = f"fileNameTemplate has an unknown token <{min(unknown)}>"
        # [guess] others are refused; the tokens are documented
        raise bad_request(message, field="fileNameTemplate")
    for flag in ("flat", "preferOriginal"):
        options.flag(flag)
    chosen = _chosen(
        request, *(required(query.texts(name), name) for name in ("assetIds", "inferenceIds", "modelIds"))
    )
    if not chosen:
        # [guess] a query that finds nothing is refused
        raise bad_request("The query finds no asset")
    if is_dry_run(request):
        return dry_run_answer(request, 0)
    context = context_of(request)
    # [documented] official package, assets/download_request_batch_params: the name by default
    archive = options.text("archiveName") or context.state.now()[:10].replace("-", "") + "-export"

    def finish() -> Mapping[str, Any]:
        files: dict[str, bytes] = {}
        for number, asset in enumerate(chosen, 1):
            name = _free_name(_file_name(template, asset, number), files)
            files[name] = asset.picture.stored.content or b""
        return _finished(context, "asset", archive, files)

    asset_ids = [asset.id for asset in chosen]
    job = start_job(context, "assets-download", input={"assetIds": asset_ids}, cost=0, finish=finish)
    return _begun(context, job, "asset")


async def request_model(request: web.Request) -> web.Response:
    """Start to create a ZIP of a trained model: an empty file of weights, and the model's description."""
    model, context = model_of(request), context_of(request)
    fields_of(request).refuse("modelEpoch")
    if model.status != "trained":
        # [guess] a model without weights is refused
        raise bad_request(f"{model.id} is not trained")
    if is_dry_run(request):
        return dry_run_answer(request, 0)

    def finish() -> Mapping[str, Any]:
        header = orjson.dumps({"__metadata__": {"modelId": model.id}})
        weights = struct.pack("<Q", len(header)) + header
        files = {
            f"{model.id}.safetensors": weights,
            "model.json": orjson.dumps(model_answer(context, model)),
        }
        return _finished(context, "model", model.name, files)

    job = start_job(
        context, "model-download", input={"modelId": model.id}, cost=0, finish=finish, model_id=model.id
    )
    return _begun(context, job, "model")


async def get_status(request: web.Request) -> web.Response:
    """Return the status of a download, and its URL when it has ended."""
    context, job = context_of(request), job_of(request)
    file_id = (job.output or {}).get("output", {}).get("fileId")
    lifetime = context.settings.download_url_lifetime
    url = None if file_id is None else context.urls.file(file_id, lifetime=lifetime)
    status = job.status(context.clock.now())
    return json_answer({"jobId": job.id, "jobStatus": status, **present(downloadUrl=url)})


def _chosen(
    request: web.Request, asset_ids: list[str], job_ids: list[str], model_ids: list[str]
) -> list[Asset]:
    context = context_of(request)
    chosen = [find_asset(request, asset_id) for asset_id in asset_ids]
    for job_id in job_ids:
        job = find(context.state.jobs, "Job", job_id)
        made: list[str] = (job.output or {}).get("assetIds", [])
        chosen.extend(context.state.assets[asset_id] for asset_id in made if asset_id in context.state.assets)
    models: list[Model] = [find_model(request, model_id) for model_id in model_ids]
    chosen.extend(image.asset for model in models for image in model.training_images.values())
    return list({asset.id: asset for asset in chosen}.values())


def _file_name(template: str, asset: Asset, number: int) -> str:
    """Return the name of an asset in a ZIP, from the template and the suffix of its format."""
    metadata = asset.origin.metadata
    values = {
        "seed": metadata.get("seed", ""),
        "num": number,
        "prompt": metadata.get("prompt", ""),
        "generator": metadata.get("modelId", ""),
        "id": asset.id,
        "description": asset.description or "",
    }
    seen: set[str] = set()

    def value_of(match: re.Match[str]) -> str:
        token = match[1]
        if token in seen:
            return ""
        seen.add(token)
        return _UNSAFE.sub("_", str(values[token]))

    *folders, name = _TOKEN.sub(value_of, template).split("/")
    extension = "." + _EXTENSIONS.get(asset.picture.mime_type, "bin")
    folder = "/".join(clean for part in folders if (clean := _portable(part)))[:_LONGEST_FOLDER].rstrip("/")
    name = (_portable(name) or asset.id)[: _LONGEST_NAME - len(extension)] + extension
    return f"{folder}/{name}" if folder else name


def _portable(part: str) -> str:
    return _UNSAFE.sub("_", part).strip(" .")


def _free_name(name: str, taken: Container[str]) -> str:
    """Return the name, or one with a number if it is taken; the service's form is unknown."""
    stem, _, extension = name.rpartition(".")
    numbered = (f"{stem}-{number}.{extension}" for number in itertools.count(2))
    return next(one for one in itertools.chain([name], numbered) if one not in taken)


def _begun(context: Context, job: Job, kind: str) -> web.Response:
    announce(context, f"{kind}.download.created", {"jobId": job.id})
    return json_answer({"jobId": job.id})


def _finished(context: Context, kind: str, archive: str, files: Mapping[str, bytes]) -> Mapping[str, Any]:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    file_id = new_id("download")
    name = _UNSAFE.sub("_", archive).removesuffix(".zip") + ".zip"
    context.state.files[file_id] = StoredFile(name, buffer.getvalue())
    announce(context, f"{kind}.download.completed", {"fileId": file_id})
    return {"output": {"fileId": file_id, "count": len(files)}}


ROUTES: Final = (
    # Before the next route, whose template also matches this path.
    web.post("/assets/download", request_batch),
    web.get("/assets/download/{jobId}", get_status),
    web.post("/assets/{assetId}/download", request_one),
    web.post("/models/{modelId}/download", request_model),
)
