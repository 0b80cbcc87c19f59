"""From a new model to its training images and back to their bytes: the same flow for all four clients."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import aiohttp

from scenario_async.sandbox import Sandbox

from .clients import awaited_and_blocking, calling, each_package

PICTURES: Final = sorted((Path(__file__).parents[2] / "docs" / "examples" / "dataset").glob("*.jpg"))[:6]
"""Pictures of some ten kilobytes each."""


def encoded(picture: Path) -> str:
    """A picture as base64."""
    return base64.b64encode(picture.read_bytes()).decode()


async def uploaded(call: Callable[..., Awaitable[Any]], picture: Path) -> str:
    """Upload a picture as an asset, and return the asset's id."""
    asset = (await call("assets.upload", name=picture.name, image=encoded(picture))).asset
    assert (asset.mime_type, asset.metadata.name) == ("image/jpeg", picture.name)
    return str(asset.id)


async def downloaded(images: list[Any]) -> list[bytes]:
    """The downloaded bytes of training images, each from its URL without credentials."""
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        contents: list[bytes] = []
        for image in images:
            async with session.get(image.download_url) as response:
                contents.append(await response.read())
        return contents


@each_package
@awaited_and_blocking
async def test_training_flow(package: ModuleType, *, blocking: bool) -> None:
    """The sandbox accepts a training set from both packages alike, and returns it."""
    first, second, third, fourth, fifth, sixth = PICTURES
    async with Sandbox() as sandbox, calling(package, sandbox, blocking=blocking) as call:
        model = (await call("models.create", name="Places", type="flux.1-lora")).model
        assert model.training_images_number == 0

        ids = [await uploaded(call, picture) for picture in (first, second, third, sixth)]
        by_id = await call("models.training_images.add", model.id, asset_id=ids[0])
        assert (by_id.training_image.id, by_id.training_image.name) == (ids[0], first.name)
        await call("models.training_images.add", model.id, asset_ids=ids[1:3])
        data_url = f"data:image/jpeg;base64,{encoded(fourth)}"
        by_data = await call("models.training_images.add", model.id, data=data_url, name=fourth.name)
        assert by_data.training_image.name == fourth.name

        # The first image is replaced by a picture in the request, the second one by an asset.
        data_url = f"data:image/jpeg;base64,{encoded(fifth)}"
        replaced = await call(
            "models.training_images.replace", ids[0], model_id=model.id, data=data_url, name=fifth.name
        )
        await call("models.training_images.replace", ids[1], model_id=model.id, asset_id=ids[3])
        new_first = replaced.training_image.id

        pairs = [
            {"source_id": new_first, "target_id": ids[2], "instruction": "make it another place"},
            {"source_id": ids[2], "target_id": by_data.training_image.id},
        ]
        paired = await call("models.training_images.replace_pairs", model.id, body=pairs)
        assert [(pair.source_id, pair.target_id, pair.instruction) for pair in paired.pairs] == [
            (new_first, ids[2], "make it another place"),
            (ids[2], by_data.training_image.id, None),
        ]
        assert paired.count == 2

        # The pair of a deleted image is deleted too.
        await call("models.training_images.delete", by_data.training_image.id, model_id=model.id)

        found = (await call("models.retrieve", model.id)).model
        assert [image.id for image in found.training_images] == [new_first, ids[3], ids[2]]
        assert found.training_images_number == 3
        assert [pair.source_id for pair in found.training_image_pairs] == [new_first]
        assert await downloaded(found.training_images) == [
            picture.read_bytes() for picture in (fifth, sixth, third)
        ]

        models = (await call("models.list")).models
        assert [(one.id, one.training_images_number) for one in models] == [(model.id, 3)]
