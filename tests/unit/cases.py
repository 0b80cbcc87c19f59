"""Calls of every operation, with the request that each has to send."""

from __future__ import annotations

import base64
from typing import Any

from attrs import field, frozen

from scenario_async.values.asset import AssetOptions
from scenario_async.values.model import ModelConcept
from scenario_async.values.training_image import TrainingImagePair

from .samples import picture

PNG = picture()
ENCODED = base64.b64encode(PNG).decode()


@frozen
class Case:
    """A call and the request that it has to send."""

    operation: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    request: str
    query: dict[str, str] = field(factory=dict[str, str])
    json: Any = None


ADD = "models.training_images.add"
REPLACE = "models.training_images.replace"
PAIRS = "models.training_images.replace_pairs"
DELETE = "models.training_images.delete"
PAIR = {"sourceId": "a", "targetId": "b", "instruction": "at night"}

CASES = [
    # --- models.training_images
    Case(ADD, ("m",), {}, "POST /models/m/training-images", json={}),
    Case(
        ADD, (), {"model_id": "m", "asset_id": "a"}, "POST /models/m/training-images", json={"assetId": "a"}
    ),
    Case(
        ADD,
        ("m",),
        {"asset_ids": ["a", "b"], "preset": "style", "original_assets": True, "project_id": "p"},
        "POST /models/m/training-images",
        {"originalAssets": "true", "projectId": "p"},
        {"assetIds": ["a", "b"], "preset": "style"},
    ),
    Case(
        ADD,
        ("m",),
        {"data": "data:image/png;base64,AAAA", "name": "my-training-image.jpg", "original_assets": False},
        "POST /models/m/training-images",
        {"originalAssets": "false"},
        {"data": "data:image/png;base64,AAAA", "name": "my-training-image.jpg"},
    ),
    Case(
        ADD,
        ("m",),
        {"data": PNG, "asset_id": None},
        "POST /models/m/training-images",
        json={"data": f"data:image/png;base64,{ENCODED}"},
    ),
    Case(REPLACE, ("img",), {"model_id": "m"}, "PUT /models/m/training-images/img", json={}),
    Case(
        REPLACE,
        (),
        {
            "training_image_id": "img",
            "model_id": "m",
            "asset_ids": ("a",),
            "original_assets": True,
            "preset": "subject",
            "project_id": "p",
        },
        "PUT /models/m/training-images/img",
        {"originalAssets": "true", "projectId": "p"},
        {"assetIds": ["a"], "preset": "subject"},
    ),
    Case(
        REPLACE,
        ("img",),
        {"model_id": "m", "data": PNG, "name": "n"},
        "PUT /models/m/training-images/img",
        json={"name": "n", "data": f"data:image/png;base64,{ENCODED}"},
    ),
    Case(PAIRS, ("m",), {"body": []}, "PUT /models/m/training-images/pairs", json=[]),
    Case(
        PAIRS,
        ("m",),
        {
            "body": [
                TrainingImagePair(source_id="a", target_id="b", instruction="at night"),
                {"source_id": "a", "target_id": "b", "instruction": "at night"},
                {"sourceId": "a", "targetId": "b", "instruction": None},
            ],
            "project_id": "p",
        },
        "PUT /models/m/training-images/pairs",
        {"projectId": "p"},
        [PAIR, PAIR, {"sourceId": "a", "targetId": "b"}],
    ),
    Case(DELETE, ("img",), {"model_id": "m"}, "DELETE /models/m/training-images/img"),
    Case(
        DELETE,
        (),
        {"training_image_id": "img", "model_id": "m", "project_id": "p"},
        "DELETE /models/m/training-images/img",
        {"projectId": "p"},
    ),
    # --- models
    Case("models.create", (), {}, "POST /models", json={}),
    Case(
        "models.create",
        (),
        {
            "name": "Foxes",
            "type": "flux.1-lora",
            "base_model_id": "base",
            "class_slug": "fox",
            "collection_ids": ["c"],
            "concepts": [ModelConcept(model_id="n", scale=0.5), {"model_id": "o", "scale": 1}],
            "short_description": "red ones",
            "original_assets": True,
            "project_id": "p",
        },
        "POST /models",
        {"originalAssets": "true", "projectId": "p"},
        {
            "name": "Foxes",
            "type": "flux.1-lora",
            "baseModelId": "base",
            "classSlug": "fox",
            "collectionIds": ["c"],
            "concepts": [{"modelId": "n", "scale": 0.5}, {"modelId": "o", "scale": 1}],
            "shortDescription": "red ones",
        },
    ),
    Case("models.retrieve", ("m",), {"original_assets": False}, "GET /models/m", {"originalAssets": "false"}),
    Case("models.retrieve", (), {"model_id": "m/../n?x=1#y z"}, "GET /models/m%2F..%2Fn%3Fx%3D1%23y%20z"),
    Case("models.list", (), {}, "GET /models"),
    Case(
        "models.list",
        (),
        {
            "blacklisted": False,
            "collection_ids": "a,b",
            "created_after": "2026-01-01T00:00:00Z",
            "page_size": 20,
            "pagination_token": "t+/=&",
            "privacy": "private",
            "sort_by": "createdAt",
            "sort_direction": "desc",
            "status": "new",
            "types": ["custom", "flux.1-lora"],
            "project_id": "p",
        },
        "GET /models",
        {
            "blacklisted": "false",
            "collectionIds": "a,b",
            "createdAfter": "2026-01-01T00:00:00Z",
            "pageSize": "20",
            "paginationToken": "t+/=&",
            "privacy": "private",
            "sortBy": "createdAt",
            "sortDirection": "desc",
            "status": "new",
            "types": "custom,flux.1-lora",
            "projectId": "p",
        },
    ),
    Case("models.delete", ("m",), {}, "DELETE /models/m"),
    # --- assets
    Case(
        "assets.upload",
        (),
        {"name": "a", "image": "AAAA"},
        "POST /assets",
        json={"name": "a", "image": "AAAA"},
    ),
    Case(
        "assets.upload",
        (),
        {
            "name": "fox.png",
            "image": PNG,
            "canvas": "{}",
            "collection_ids": ["c"],
            "hide": False,
            "parent_id": "p",
            "thumbnail": PNG,
            "original_assets": True,
        },
        "POST /assets",
        {"originalAssets": "true"},
        {
            "name": "fox.png",
            "canvas": "{}",
            "collectionIds": ["c"],
            "hide": False,
            "parentId": "p",
            "image": ENCODED,
            "thumbnail": ENCODED,
        },
    ),
    Case(
        "assets.retrieve",
        ("a",),
        {"with_embedding": True, "with_quality_gate_details": False, "original_assets": True},
        "GET /assets/a",
        {"withEmbedding": "true", "withQualityGateDetails": "false", "originalAssets": "true"},
    ),
    Case(
        "assets.update",
        ("a",),
        {
            "description": "a fox",
            "disable_snapshot": True,
            "lock_expires_at": "2026-01-01T00:00:00Z",
            "lock_id": "l",
            "project_id": "p",
        },
        "PUT /assets/a",
        {"projectId": "p"},
        {
            "description": "a fox",
            "disableSnapshot": True,
            "lockExpiresAt": "2026-01-01T00:00:00Z",
            "lockId": "l",
        },
    ),
    # --- uploads
    Case(
        "uploads.create",
        (),
        {
            "kind": "image",
            "file_name": "fox.png",
            "content_type": "image/png",
            "file_size": 12_000_000,
            "parts": 2,
            "asset_options": AssetOptions(hide=True),
            "dry_run": "true",
        },
        "POST /uploads",
        {"dryRun": "true"},
        {
            "kind": "image",
            "fileName": "fox.png",
            "contentType": "image/png",
            "fileSize": 12_000_000,
            "parts": 2,
            "assetOptions": {"hide": True},
        },
    ),
    Case("uploads.retrieve", ("u",), {"project_id": "p"}, "GET /uploads/u", {"projectId": "p"}),
    Case(
        "uploads.trigger_action",
        ("u",),
        {"action": "complete"},
        "POST /uploads/u/action",
        json={"action": "complete"},
    ),
]
