"""Response bodies in the form of the service."""

from __future__ import annotations

from typing import Any, Final

import orjson
from aiohttp import web

from scenario_async.sandbox._internal.accounts import FIRST_PROJECT_ID, FIRST_TEAM_ID
from scenario_async.sandbox._internal.base_models import LORAS_COMPONENT, base_model
from scenario_async.sandbox._internal.context import Context
from scenario_async.sandbox._internal.jobs import Job
from scenario_async.sandbox._internal.objects import Text
from scenario_async.sandbox._internal.state import (
    Asset,
    Epoch,
    Model,
    TrainingImage,
    TrainingImagePair,
    timestamp,
)

OWNER_ID: Final = FIRST_PROJECT_ID
AUTHOR_ID: Final = "user_sandbox"
TEAM_ID: Final = FIRST_TEAM_ID

# [guess] the statuses of jobs correspond to these stages, which are documented (official package)
TRAINING_STAGES: Final = {
    "queued": "queued-for-train",
    "warming-up": "starting-train",
    "in-progress": "running-train",
    "finalizing": "running-train",
}
"""The status of a model for each status of its training's job."""


def json_answer(body: Any, status: int = 200) -> web.Response:
    """Make a response with a JSON body."""
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def present(**fields: Any) -> dict[str, Any]:
    """Return the fields of a response that are not None, since the service leaves out the others."""
    return {name: value for name, value in fields.items() if value is not None}


def asset_answer(context: Context, asset: Asset) -> dict[str, Any]:
    """An asset with every field that the API marks as required."""
    picture = asset.picture
    size = present(width=picture.width, height=picture.height)
    lock = None if asset.lock is None else timestamp(asset.lock.expires)
    collections = context.state.collections.values()
    return {
        "id": asset.id,
        "authorId": AUTHOR_ID,
        "ownerId": asset.owner_id or OWNER_ID,
        "automaticCaptioning": asset.automatic_captioning,
        "collectionIds": [one.id for one in collections if asset.id in one.asset_ids],
        "createdAt": asset.created_at,
        "updatedAt": asset.updated_at,
        "editCapabilities": [],
        "isHidden": asset.is_hidden,
        "kind": "image",
        "metadata": {
            "kind": "image",
            "type": asset.origin.type,
            "name": asset.name,
            "size": picture.stored.size,
            **size,
            **present(parentId=asset.parent_id, lockExpiresAt=lock),
            **asset.origin.metadata,
        },
        "mimeType": picture.mime_type,
        "privacy": "private",
        "properties": {"size": picture.stored.size, **size},
        "source": asset.origin.source,
        "status": "success",
        "tags": asset.tags,
        "url": asset_url(context, asset),
        **present(description=asset.description),
    }


def training_image_answer(context: Context, image: TrainingImage) -> dict[str, Any]:
    """A training image; its description is empty until it is set on the asset."""
    asset = image.asset
    return {
        "id": image.id,
        "automaticCaptioning": asset.automatic_captioning,
        "createdAt": image.created_at,
        "description": asset.description or "",
        "downloadUrl": asset_url(context, asset),
        "name": asset.name,
    }


def pair_answer(pair: TrainingImagePair) -> dict[str, Any]:
    """A pair of training images."""
    return {"sourceId": pair.source_id, "targetId": pair.target_id, **present(instruction=pair.instruction)}


def whole_model_answer(context: Context, model: Model) -> dict[str, Any]:
    """A model in a response of its own: unlike in lists, a model that can be run has its inputs."""
    answer = model_answer(context, model)
    # [recorded] a plugin of the team
    if model.type == "custom":
        answer["inputs"] = list(base_model(model.id).inputs)
        answer["uiConfig"] = {"lorasComponent": dict(LORAS_COMPONENT)}
    return answer


def model_answer(context: Context, model: Model, *, most: int | None = None) -> dict[str, Any]:
    """A model with its training set and pairs, or with the first `most` of each."""
    images = list(model.training_images.values())
    collections = context.state.collections.values()
    return {
        "id": model.id,
        "authorId": AUTHOR_ID,
        "ownerId": model.owner_id or OWNER_ID,
        "capabilities": ["txt2img"],
        "collectionIds": [one.id for one in collections if model.id in one.model_ids],
        "concepts": model.concepts,
        "createdAt": model.created_at,
        "updatedAt": model.updated_at,
        "custom": True,
        "exampleAssetIds": model.example_ids,
        "name": model.name,
        "privacy": "public" if model.is_public else "private",
        "source": "scenario",
        "status": "trained" if model.is_public else model.status,
        "tags": model.tags,
        "type": model.type,
        "trainingImages": [training_image_answer(context, image) for image in images[:most]],
        "trainingImagePairs": [pair_answer(pair) for pair in model.training_image_pairs[:most]],
        "trainingImagesNumber": len(images),
        **present(shortDescription=model.short_description, parentModelId=model.parent_id),
        **_training(context, model),
    }


def _training(context: Context, model: Model) -> dict[str, Any]:
    """The training fields of a model: always the job, and the progress only while it runs."""
    if model.training_job_id is None:
        return {}
    job, now = context.state.jobs[model.training_job_id], context.clock.now()
    answer: dict[str, Any] = {"jobId": job.id, "parameters": model.training_parameters}
    if model.status == "training":
        answer["trainingProgress"] = _training_progress(context, job, now)
    elif model.status == "trained":
        begun = dict(job.history(now)).get("in-progress", job.created)
        answer["trainingStats"] = {
            "startedAt": timestamp(job.created),
            "endedAt": timestamp(job.ends),
            "queueDuration": begun - job.created,
            "trainDuration": job.ends - begun,
        }
    if model.epochs:
        answer["epoch"] = model.epochs[-1].name
        answer["epochs"] = [_epoch(context, epoch) for epoch in model.epochs]
    return answer


def _training_progress(context: Context, job: Job, now: float) -> dict[str, Any]:
    """The state of a training: its position in the queue, or its progress and remaining milliseconds."""
    # [documented] official package, model_retrieve_response
    status = job.status(now)
    progress: dict[str, Any] = {
        # The job may end between the settling of jobs and this response; the next one shows its result.
        "stage": TRAINING_STAGES.get(status, "running-train"),
        "startedAt": round(job.created * 1000),
        "updatedAt": round(now * 1000),
    }
    if status == "queued":
        jobs = context.state.jobs.values()
        before = [
            one
            for one in jobs
            if one.type == job.type and one.sequence < job.sequence and not one.is_over(now)
        ]
        progress["position"] = len(before) + 1
    elif progress["stage"] == "running-train":
        progress["progress"] = job.progress(now)
        progress["remainingTimeMs"] = round(max(job.ends - now, 0) * 1000)
    return progress


def _epoch(context: Context, epoch: Epoch) -> dict[str, Any]:
    links = [asset_link(context, asset=asset_id).get("asset") for asset_id in epoch.asset_ids]
    return {"epoch": epoch.name, "assets": [link for link in links if link is not None]}


def text_answer(text: Text) -> dict[str, Any]:
    """A text as an asset, whose content is its preview."""
    # [documented] Blender plugin, coordinator of jobs
    size = len(text.content.encode())
    return {
        "id": text.id,
        "authorId": AUTHOR_ID,
        "ownerId": OWNER_ID,
        "collectionIds": [],
        "createdAt": text.created_at,
        "updatedAt": text.created_at,
        "editCapabilities": [],
        "isHidden": True,
        "kind": "text",
        "metadata": {"kind": "text", "type": "uploaded-text", "size": size},
        "mimeType": "text/plain",
        "privacy": "private",
        "properties": {"size": size, "hasFullPreview": True, "preview": text.content},
        "source": "uploaded-text",
        "status": "success",
        "tags": [],
        "url": "",
    }


def asset_url(context: Context, asset: Asset) -> str:
    """The URL of an asset's bytes, which expires."""
    return context.urls.asset(asset.id, lifetime=context.settings.download_url_lifetime)


def asset_link(context: Context, **asset_ids: str | None) -> dict[str, Any]:
    """Links to assets by their names; those that are None or deleted are left out."""
    assets = context.state.assets
    return {
        name: {"assetId": asset_id, "url": asset_url(context, assets[asset_id])}
        for name, asset_id in asset_ids.items()
        if asset_id is not None and asset_id in assets
    }
