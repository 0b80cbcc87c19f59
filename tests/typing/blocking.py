"""Types of the blocking client for type checkers. Checked, not run."""  # noqa: INP001 - not for import

# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from pathlib import Path
from typing import Any, assert_type

import aiohttp

from scenario_async import Response, Scenario, UploadReport
from scenario_async._internal.declare.operation import Blocking
from scenario_async._internal.response import WithResponse
from scenario_async.resources.assets import Assets
from scenario_async.resources.models import Models
from scenario_async.resources.training_images import TrainingImages
from scenario_async.values.asset import AssetUploadResponse
from scenario_async.values.model import Model, ModelListResponse, ModelResponse
from scenario_async.values.training_image import (
    TrainingImage,
    TrainingImageAddResponse,
    TrainingImagePair,
    TrainingImageReplacePairsResponse,
    TrainingImageReplaceResponse,
)
from scenario_async.values.upload import UploadResponse


def clients() -> None:
    """`with` and derived clients keep the client's type."""
    client = Scenario(
        api_key="key",
        api_secret="secret",
        project_id="project_1",
        base_url="https://example.org",
        timeout=5,
        max_retries=0,
        strict=True,
    )
    assert_type(client, Scenario)
    with client as entered:
        assert_type(entered, Scenario)
    assert_type(client.with_options(timeout=aiohttp.ClientTimeout(total=5)), Scenario)
    assert_type(client.with_options(extra_headers={"X-Own": "1"}).with_options(strict=True), Scenario)
    assert_type(client.close(), None)
    assert_type(client.assets, Assets[Blocking])
    assert_type(client.models, Models[Blocking])
    assert_type(client.models.training_images, TrainingImages[Blocking])


def values(client: Scenario) -> None:
    """An operation returns the response."""
    answer = client.models.retrieve("model_1")
    assert_type(answer, ModelResponse)
    assert_type(answer.model, Model)
    assert_type(answer.model.name, str | None)
    assert_type(answer.model.training_images, list[TrainingImage] | None)


def operations(client: Scenario, path: Path) -> None:
    """The response types of single operations."""
    assert_type(client.models.create(name="paper", type="flux.1-lora"), ModelResponse)
    assert_type(client.models.delete("model_1"), object)
    assert_type(client.assets.upload(image=path), AssetUploadResponse)
    images = client.models.training_images
    assert_type(images.add("model_1", data=b"\x89PNG"), TrainingImageAddResponse)
    replaced = images.replace("image_1", model_id="model_1", asset_ids=("asset_1", "asset_2"))
    assert_type(replaced, TrainingImageReplaceResponse)
    assert_type(replaced.training_image.download_url, str)
    pairs: list[TrainingImagePair | dict[str, str]] = [
        TrainingImagePair(source_id="a", target_id="b"),
        {"source_id": "b", "target_id": "c"},
    ]
    assert_type(images.replace_pairs("model_1", body=pairs), TrainingImageReplacePairsResponse)
    assert_type(images.delete("image_1", model_id="model_1"), object)
    assert_type(images.upload("model_1", [path, str(path)], concurrency=2), UploadReport)
    assert_type(client.uploads.create(kind="image", parts=2, dry_run="true"), UploadResponse)
    assert_type(client.uploads.trigger_action("upload_1", action="complete"), UploadResponse)


def lists(client: Scenario) -> None:
    """A list is its first page, and can be iterated for all items."""
    page = client.models.list(page_size=2)
    assert_type(page, ModelListResponse[Blocking])
    assert_type(page.models, list[Model])
    assert_type(page.get_next_page(), ModelListResponse[Blocking])
    for model in client.models.list():
        assert_type(model, Model)
    for model in page:
        assert_type(model, Model)


def responses(client: Scenario) -> None:
    """Raw responses, and operations that are not declared."""
    kept = client.with_response(client.models.retrieve, "model_1")
    assert_type(kept, WithResponse[ModelResponse])
    assert_type(kept.response, Response)
    assert_type(client.post("/new-thing", body=1), Any)
