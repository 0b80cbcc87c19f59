"""A picture that is too large for a request is sent in parts, also as an argument of a single operation."""

from __future__ import annotations

import base64
import io

import pytest

from scenario_async import AsyncScenario, InvalidArgumentError
from scenario_async.sandbox import Model, Sandbox

from .pictures import MIB, png_of


async def _names(client: AsyncScenario, model: Model) -> list[str]:
    images = (await client.models.retrieve(model.id)).model.training_images or []
    return sorted(image.name for image in images)


@pytest.mark.parametrize("size", [4_400_000, 4_499_000, 4_501_000, 4_719_000, 9 * MIB])
async def test_a_picture_of_any_size_is_added_and_uploaded(
    client: AsyncScenario, sandbox: Sandbox, model: Model, size: int
) -> None:
    """There is one limit, 6 MB for the body: the service accepts every request that the client sends."""
    content = png_of(size)
    added = await client.models.training_images.add(model.id, data=content, name="fox.png")
    assert added.training_image.name == "fox.png"
    uploaded = await client.assets.upload(image=io.BytesIO(content), name="fox.png")
    assert uploaded.asset.id in sandbox.state.assets
    assert await _names(client, model) == ["fox.png"]
    assert sandbox.requests["POST /uploads"] == (0 if size < 4_500_000 else 2)


async def test_a_large_data_url_and_a_large_reader_without_seek_are_sent(
    client: AsyncScenario, model: Model
) -> None:
    content = png_of(5 * MIB)

    class Response:
        filename = "fox.png"
        left = content

        def read(self) -> bytes:
            """Return all remaining bytes: the whole content at first."""
            read, self.left = self.left, b""
            return read

    await client.models.training_images.add(model.id, data=Response())
    url = f"data:image/png;base64,{base64.b64encode(png_of(5 * MIB, 2)).decode()}"
    await client.models.training_images.add(model.id, data=url, name="url.png")
    assert await _names(client, model) == ["fox.png", "url.png"]


async def test_a_large_argument_that_cannot_be_sent_in_parts_is_refused(
    client: AsyncScenario, sandbox: Sandbox
) -> None:
    with pytest.raises(InvalidArgumentError, match="at most 6,000,000 bytes"):
        await client.assets.upload(name="a", image=png_of(5 * MIB), hide=True)
    with pytest.raises(InvalidArgumentError, match=r"^canvas: "):
        await client.assets.upload(name="a", canvas="x" * 7_000_000)
    assert sandbox.requests.changes.total() == 0
