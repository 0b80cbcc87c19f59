"""From a new model to a set of training images, on both clients, against a sandbox."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from attrs import evolve
from PIL import Image

from scenario_async import BadRequestError, NotFoundError
from scenario_async._internal.pictures.picture import PictureSource
from scenario_async.sandbox import Sandbox
from scenario_async.values.training_image import TrainingImagePair

from .conftest import EitherClient

PART = 5 * 1024 * 1024
"""The minimum number of bytes of each part but the last."""


@pytest.fixture
def asset_ids(either: EitherClient, pictures: list[bytes]) -> list[str]:
    """Assets of all the pictures."""
    return [
        either.wait(either.client.assets.upload(image=picture, name=f"{number}.png")).asset.id
        for number, picture in enumerate(pictures)
    ]


def training_set(either: EitherClient, model_id: str) -> list[str]:
    """The ids of a model's training images, as the client returns them."""
    model = either.wait(either.client.models.retrieve(model_id)).model
    assert model.training_images_number == len(model.training_images or [])
    return [image.id for image in model.training_images or []]


def test_a_model_is_created_looked_up_listed_and_deleted(either: EitherClient, sandbox: Sandbox) -> None:
    models = either.client.models
    made = either.wait(models.create(name="paper", type="flux.1-lora", short_description="cut")).model
    assert (made.name, made.type, made.short_description) == ("paper", "flux.1-lora", "cut")
    assert either.wait(models.retrieve(made.id)).model == made
    others = [either.wait(models.create(name=f"paper {number}")).model.id for number in range(2)]
    assert {model.id for model in either.wait(models.list()).models} == {made.id, *others}
    either.wait(models.delete(made.id))
    assert made.id not in sandbox.state.models
    with pytest.raises(NotFoundError):
        either.wait(models.retrieve(made.id))


def test_an_asset_is_uploaded_looked_up_and_captioned(
    either: EitherClient, sandbox: Sandbox, pictures: list[bytes]
) -> None:
    assets = either.client.assets
    made = either.wait(assets.upload(image=pictures[0], name="kite.png", hide=True)).asset
    found: Any = either.wait(assets.retrieve(made.id)).asset
    assert evolve(found, url=made.url) == made  # the URLs of each response have a new signature
    assert (made.mime_type, made.is_hidden, made.properties.size) == ("image/png", True, len(pictures[0]))
    assert sandbox.state.assets[made.id].picture.stored.content == pictures[0]
    changed = either.wait(assets.update(made.id, description="a kite of paper")).asset
    assert changed.description == "a kite of paper"


def test_images_are_added_by_id_and_by_ids(either: EitherClient, model_id: str, asset_ids: list[str]) -> None:
    images = either.client.models.training_images
    added = either.wait(images.add(model_id, asset_id=asset_ids[0])).training_image
    assert added.id == asset_ids[0]
    assert added.name == "0.png"
    either.wait(images.add(model_id, asset_ids=asset_ids[1:], preset="style"))
    assert training_set(either, model_id) == asset_ids
    with pytest.raises(BadRequestError, match="already a training image"):
        either.wait(images.add(model_id, asset_id=asset_ids[0]))


FORMS: dict[str, Callable[[Path], PictureSource]] = {
    "path": lambda path: path,
    "path as a string": str,
    "bytes": Path.read_bytes,
    "file": lambda path: path.open("rb"),
    "file in memory": lambda path: io.BytesIO(path.read_bytes()),
    "data URL": lambda path: f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}",
}


@pytest.mark.parametrize("form", FORMS)
def test_an_image_is_added_by_its_data(
    either: EitherClient, sandbox: Sandbox, model_id: str, folder: Path, form: str
) -> None:
    path = folder / "00.png"
    data = FORMS[form](path)
    try:
        image = either.wait(either.client.models.training_images.add(model_id, data=data)).training_image
    finally:
        if isinstance(data, io.IOBase):
            data.close()
    asset = sandbox.state.assets[image.id]
    assert asset.picture.stored.content == path.read_bytes()
    named = form.startswith("path") or form == "file"
    assert image.name == ("00.png" if named else image.id)


def test_an_image_is_replaced_by_an_asset_and_by_data(
    either: EitherClient, model_id: str, asset_ids: list[str], folder: Path
) -> None:
    images = either.client.models.training_images
    either.wait(images.add(model_id, asset_ids=asset_ids[:2]))
    by_asset = either.wait(images.replace(asset_ids[0], model_id=model_id, asset_id=asset_ids[2]))
    assert by_asset.training_image.id == asset_ids[2]
    by_data = either.wait(images.replace(asset_ids[1], model_id=model_id, data=folder / "01.png"))
    assert by_data.training_image.name == "01.png"
    assert training_set(either, model_id) == [asset_ids[2], by_data.training_image.id]


def test_pairs_are_replaced_by_values_and_by_dicts(
    either: EitherClient, model_id: str, asset_ids: list[str]
) -> None:
    images = either.client.models.training_images
    either.wait(images.add(model_id, asset_ids=asset_ids))
    first, second, third = asset_ids
    values = [TrainingImagePair(source_id=first, target_id=second, instruction="fold it")]
    assert either.wait(images.replace_pairs(model_id, body=values)).pairs == values
    answer = either.wait(
        images.replace_pairs(
            model_id,
            body=[{"source_id": second, "target_id": third}, {"source_id": third, "target_id": first}],
        )
    )
    expected = [
        TrainingImagePair(source_id=second, target_id=third),
        TrainingImagePair(source_id=third, target_id=first),
    ]
    assert (answer.count, answer.pairs) == (2, expected)
    assert either.wait(either.client.models.retrieve(model_id)).model.training_image_pairs == expected
    assert either.wait(images.replace_pairs(model_id, body=[])).count == 0


def test_an_image_is_removed_and_its_asset_stays(
    either: EitherClient, sandbox: Sandbox, model_id: str, asset_ids: list[str]
) -> None:
    images = either.client.models.training_images
    either.wait(images.add(model_id, asset_ids=asset_ids))
    either.wait(images.delete(asset_ids[1], model_id=model_id))
    assert training_set(either, model_id) == [asset_ids[0], asset_ids[2]]
    assert asset_ids[1] in sandbox.state.assets
    with pytest.raises(NotFoundError):
        either.wait(images.delete(asset_ids[1], model_id=model_id))


def test_a_folder_is_uploaded(either: EitherClient, sandbox: Sandbox, model_id: str, folder: Path) -> None:
    report = either.wait(either.client.models.training_images.upload(model_id, folder))
    assert [result.path.name for result in report.attached] == ["00.png", "01.png", "02.png"]
    assert set(training_set(either, model_id)) == {result.asset_id for result in report.attached}
    assert len(sandbox.state.assets) == 3


def put(url: str, content: bytes) -> None:
    """Send bytes to a presigned URL, without the client."""

    async def put() -> None:
        async with aiohttp.ClientSession() as session, session.put(url, data=io.BytesIO(content)) as answer:
            assert answer.ok

    asyncio.run(put())


def test_a_file_is_uploaded_in_parts_without_the_upload_function(
    either: EitherClient, sandbox: Sandbox, model_id: str
) -> None:
    file = io.BytesIO()
    Image.new("L", (2400, 2400)).save(file, "PNG", compress_level=0)
    large_picture = file.getvalue()
    uploads = either.client.uploads
    opened = either.wait(
        uploads.create(
            kind="image",
            file_name="large.png",
            content_type="image/png",
            file_size=len(large_picture),
            parts=2,
            asset_options={"hide": True},
        )
    ).upload
    assert (opened.status, opened.parts_count, opened.file_name) == ("pending", 2, "large.png")
    first, second = opened.parts or []
    put(first.url, large_picture[:PART])
    put(second.url, large_picture[PART:])
    upload = either.wait(uploads.trigger_action(opened.id, action="complete")).upload
    while upload.status != "imported":
        assert upload.status in {"validating", "validated"}
        upload = either.wait(uploads.retrieve(opened.id)).upload
    assert upload.entity_id
    assert sandbox.state.assets[upload.entity_id].picture.stored.content == large_picture
    asset = either.wait(either.client.assets.retrieve(upload.entity_id)).asset
    assert asset.is_hidden
    either.wait(either.client.models.training_images.add(model_id, asset_id=asset.id))
    assert training_set(either, model_id) == [asset.id]
