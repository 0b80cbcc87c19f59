"""Types of the asynchronous client for type checkers. Checked, not run."""  # noqa: INP001 - not for import

# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any, assert_type

import aiohttp

from scenario_async import AsyncScenario, Response, UploadReport
from scenario_async._internal.declare.operation import Async
from scenario_async._internal.response import WithResponse
from scenario_async.pagination import Paging
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


async def clients(session: aiohttp.ClientSession) -> None:
    """`async with` and derived clients keep the client's type."""
    client = AsyncScenario(
        api_key="key",
        api_secret="secret",
        project_id="project_1",
        base_url="https://example.org",
        timeout=5,
        max_retries=0,
        strict=True,
        session=session,
    )
    assert_type(client, AsyncScenario)
    async with client as entered:
        assert_type(entered, AsyncScenario)
    assert_type(client.with_options(timeout=aiohttp.ClientTimeout(total=5)), AsyncScenario)
    assert_type(client.with_options(extra_headers={"X-Own": "1"}).with_options(strict=True), AsyncScenario)
    assert_type(await client.close(), None)
    assert_type(client.assets, Assets[Async])
    assert_type(client.models, Models[Async])
    assert_type(client.models.training_images, TrainingImages[Async])


async def coroutines(client: AsyncScenario) -> None:
    """An operation returns a coroutine, which returns the response."""
    answer = await assert_type(client.models.retrieve("model_1"), Coroutine[Any, Any, ModelResponse])
    assert_type(answer, ModelResponse)
    assert_type(answer.model, Model)
    assert_type(answer.model.name, str | None)
    assert_type(answer.model.training_images, list[TrainingImage] | None)


async def operations(client: AsyncScenario, path: Path) -> None:
    """The response types of single operations."""
    assert_type(await client.models.create(name="paper", type="flux.1-lora"), ModelResponse)
    assert_type(await client.models.delete("model_1"), object)
    assert_type(await client.assets.upload(image=path), AssetUploadResponse)
    images = client.models.training_images
    assert_type(await images.add("model_1", data=b"\x89PNG"), TrainingImageAddResponse)
    replaced = await images.replace("image_1", model_id="model_1", asset_ids=("asset_1", "asset_2"))
    assert_type(replaced, TrainingImageReplaceResponse)
    assert_type(replaced.training_image.download_url, str)
    pairs: list[TrainingImagePair | dict[str, str]] = [
        TrainingImagePair(source_id="a", target_id="b"),
        {"source_id": "b", "target_id": "c"},
    ]
    assert_type(await images.replace_pairs("model_1", body=pairs), TrainingImageReplacePairsResponse)
    assert_type(await images.delete("image_1", model_id="model_1"), object)
    assert_type(await images.upload("model_1", [path, str(path)], concurrency=2), UploadReport)
    assert_type(await client.uploads.create(kind="image", parts=2, dry_run="true"), UploadResponse)
    assert_type(await client.uploads.trigger_action("upload_1", action="complete"), UploadResponse)


async def lists(client: AsyncScenario) -> None:
    """A list is awaited for its first page, or iterated for all items."""
    assert_type(client.models.list(page_size=2), Paging[ModelListResponse[Async]])
    page = await client.models.list()
    assert_type(page, ModelListResponse[Async])
    assert_type(page.models, list[Model])
    assert_type(await page.get_next_page(), ModelListResponse[Async])
    async for model in client.models.list():
        assert_type(model, Model)
    async for model in page:
        assert_type(model, Model)


async def responses(client: AsyncScenario) -> None:
    """Raw responses, and operations that are not declared."""
    kept = await client.with_response(client.models.retrieve, "model_1")
    assert_type(kept, WithResponse[ModelResponse])
    assert_type(kept.response, Response)
    assert_type(await assert_type(client.post("/new-thing", body=1), Coroutine[Any, Any, Any]), Any)
