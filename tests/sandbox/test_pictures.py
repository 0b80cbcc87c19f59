"""Which files are accepted as pictures."""

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
    """Upload a file and return the status; a refusal must be the service's own."""
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
    """A PNG without its end, or with one wrong byte, is refused."""
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
    """A file of an undocumented format is refused."""
    assert await status_of(wire, content) == 400


@pytest.mark.parametrize("image_format", RASTER_FORMATS)
async def test_signature_only(wire: Wire, image_format: str) -> None:
    """A signature without a picture is refused."""
    assert await status_of(wire, picture(image_format)[:32]) == 400


@pytest.mark.parametrize(("content", "mime_type"), [(SVG, "image/svg+xml"), (HEIC, "image/heic")])
async def test_formats_beyond_pillow(wire: Wire, content: bytes, mime_type: str) -> None:
    """For formats that Pillow does not read, only the signature is checked."""
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
    """A picture with more pixels than Pillow considers safe is accepted undecoded: no limit is documented."""
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


async def test_decoding_can_be_disabled() -> None:
    """Without decoding, damaged pixels are accepted."""
    await _only_the_signature_is_read(decode_pictures=False)


async def _only_the_signature_is_read(*, decode_pictures: bool) -> None:
    # One size uses a thread for decoding, the other does not.
    for size in ((40, 30), (700, 700)):
        truncated = picture("TIFF", size=size)[:-500]
        async with running(decode_pictures=decode_pictures) as wire:
            answer = await wire.ask("POST", "/assets", {"image": encoded(truncated), "name": "a"})
            assert answer.status == 200
            assert answer.body["asset"]["properties"] == {"size": len(truncated)}
            answer = await wire.ask("POST", "/assets", {"image": encoded(b"BM" + truncated), "name": "a"})
            assert answer.status == 400
