"""Answers, as the service spells them."""

from __future__ import annotations

from typing import Any, Final

import orjson
from aiohttp import web

from scenario_async.sandbox.context import Context
from scenario_async.sandbox.state import Asset, Model, TrainingImage, TrainingImagePair

OWNER_ID: Final = "proj_sandbox"
AUTHOR_ID: Final = "user_sandbox"


def json_answer(body: Any, status: int = 200) -> web.Response:
    """A JSON body."""
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def asset_answer(context: Context, asset: Asset) -> dict[str, Any]:
    """An asset with every field that the API marks as required."""
    picture = asset.picture
    size = {"width": picture.width, "height": picture.height} if picture.width is not None else {}
    parent = {} if asset.parent_id is None else {"parentId": asset.parent_id}
    return {
        "id": asset.id,
        "authorId": AUTHOR_ID,
        "ownerId": OWNER_ID,
        "automaticCaptioning": asset.automatic_captioning,
        "collectionIds": [],
        "createdAt": asset.created_at,
        "updatedAt": asset.updated_at,
        "editCapabilities": [],
        "isHidden": asset.is_hidden,
        "kind": "image",
        "metadata": {
            "kind": "image",
            "type": "uploaded",
            "name": asset.name,
            "size": picture.stored.size,
            **size,
            **parent,
        },
        "mimeType": picture.mime_type,
        "privacy": "private",
        "properties": {"size": picture.stored.size, **size},
        "source": "uploaded",
        "status": "success",
        "tags": [],
        "url": _url(context, asset),
        **({} if asset.description is None else {"description": asset.description}),
    }


def training_image_answer(context: Context, image: TrainingImage) -> dict[str, Any]:
    """A training image; its description is empty until it is set on the asset."""
    asset = image.asset
    return {
        "id": image.id,
        "automaticCaptioning": asset.automatic_captioning,
        "createdAt": image.created_at,
        "description": asset.description or "",
        "downloadUrl": _url(context, asset),
        "name": asset.name,
    }


def pair_answer(pair: TrainingImagePair) -> dict[str, Any]:
    """A pair of training images."""
    instruction = {} if pair.instruction is None else {"instruction": pair.instruction}
    return {"sourceId": pair.source_id, "targetId": pair.target_id, **instruction}


def model_answer(context: Context, model: Model, *, most: int | None = None) -> dict[str, Any]:
    """A model with its training set and pairs, or with the first `most` of each."""
    images = list(model.training_images.values())
    short_description = (
        {} if model.short_description is None else {"shortDescription": model.short_description}
    )
    return {
        "id": model.id,
        "authorId": AUTHOR_ID,
        "ownerId": OWNER_ID,
        "capabilities": ["txt2img"],
        "collectionIds": [],
        "concepts": model.concepts,
        "createdAt": model.created_at,
        "updatedAt": model.updated_at,
        "custom": True,
        "exampleAssetIds": [],
        "name": model.name,
        "privacy": "private",
        "source": "scenario",
        "status": "new",
        "tags": [],
        "type": model.type,
        "trainingImages": [training_image_answer(context, image) for image in images[:most]],
        "trainingImagePairs": [pair_answer(pair) for pair in model.training_image_pairs[:most]],
        "trainingImagesNumber": len(images),
        **short_description,
    }


def _url(context: Context, asset: Asset) -> str:
    return context.urls.asset(asset.id, lifetime=context.settings.download_url_lifetime)
