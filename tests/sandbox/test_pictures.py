"""Which files are taken for pictures."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from scenario_async.sandbox._internal import pictures
from tests.unit.samples import RASTER_FORMATS

from .wire import Wire, encoded, picture, running

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + bytes(100)


async def status_of(wire: Wire, content: bytes) -> int:
    """Upload a file; a refusal must be the service's own."""
    answer = await wire.ask("POST", "/assets", {"image": encoded(content), "name": "a"})
    if answer.status != 200:
        assert answer.body["reason"] == "Unhandled image format"
        assert not wire.sandbox.state.assets
    return answer.status


@pytest.mark.parametrize("image_format", RASTER_FORMATS)
async def test_truncated_picture(wire: Wire, image_format: str) -> None:
    """A truncated picture is refused."""
    content = picture(image_format, size=(200, 150))
    assert await status_of(wire, content[: len(content) // 2]) == 400
    assert await status_of(wire, content) == 200


async def test_broken_png(wire: Wire) -> None:
    """A PNG that lacks only its end or has one wrong byte is refused."""
    content = picture(size=(200, 150))
    assert await status_of(wire, content[:-12]) == 400
    middle = len(content) // 2
    broken = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    assert await status_of(wire, broken) == 400


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF", b"<html></html>", b"BM" + bytes(60), b"%PDF-1.7", random.Random(0).randbytes(5000)],  # noqa: S311 - bytes
    ids=["nothing", "a part of a signature", "HTML", "BMP", "PDF", "noise"],
)
async def test_undocumented_formats(wire: Wire, content: bytes) -> None:
    """A file of no documented format is refused."""
    assert await status_of(wire, content) == 400


@pytest.mark.parametrize("image_format", RASTER_FORMATS)
async def test_signature_only(wire: Wire, image_format: str) -> None:
    """A signature without a picture is refused."""
    assert await status_of(wire, picture(image_format)[:32]) == 400


@pytest.mark.parametrize(("content", "mime_type"), [(SVG, "image/svg+xml"), (HEIC, "image/heic")])
async def test_formats_beyond_pillow(wire: Wire, content: bytes, mime_type: str) -> None:
    """Of formats that Pillow does not read the signature is enough."""
    answer = await wire.ask("POST", "/assets", {"image": encoded(content), "name": "a"})
    assert answer.status == 200
    assert answer.body["asset"]["mimeType"] == mime_type
    assert answer.body["asset"]["properties"] == {"size": len(content)}


async def test_every_frame(wire: Wire) -> None:
    """Every frame is decoded."""
    first, *others = [Image.effect_noise((64, 64), sigma).convert("RGB") for sigma in (10, 50, 90)]
    file = io.BytesIO()
    first.save(file, "WEBP", save_all=True, append_images=others)
    assert await status_of(wire, file.getvalue()[:-200]) == 400
    assert await status_of(wire, file.getvalue()) == 200


async def test_too_many_pixels(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture of more pixels than Pillow takes for safe is taken undecoded: no limit is documented."""
    content = picture(size=(40, 30))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 40 * 30)
    assert await status_of(wire, content) == 200
    wire.sandbox.state.assets.clear()
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 40 * 30 - 1)
    assert await status_of(wire, content) == 200
    (asset,) = wire.sandbox.state.assets.values()
    assert asset.picture.width is None


async def test_without_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Pillow only the signature is read."""
    monkeypatch.setattr(pictures, "PILLOW_INSTALLED", False)
    await _only_the_signature_is_read(decode_pictures=True)


async def test_decoding_left_out() -> None:
    """Decoding can be left out."""
    await _only_the_signature_is_read(decode_pictures=False)


async def _only_the_signature_is_read(*, decode_pictures: bool) -> None:
    # Beyond the size from which on a thread does the work, and below it.
    for size in ((40, 30), (700, 700)):
        truncated = picture("TIFF", size=size)[:-500]
        async with running(decode_pictures=decode_pictures) as wire:
            answer = await wire.ask("POST", "/assets", {"image": encoded(truncated), "name": "a"})
            assert answer.status == 200
            assert answer.body["asset"]["properties"] == {"size": len(truncated)}
            answer = await wire.ask("POST", "/assets", {"image": encoded(b"BM" + truncated), "name": "a"})
            assert answer.status == 400
