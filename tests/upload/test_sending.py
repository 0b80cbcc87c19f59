"""Pictures become assets, either in one request or in parts."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web
from attrs import frozen

from scenario_async import APIError, AsyncScenario
from scenario_async._internal.pictures.picture import INLINE_LIMIT
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Altered, Arrival, FailedImport, Fault, ServerError, SlowImport
from scenario_async.upload._internal.imports import ImportFailedError
from scenario_async.upload._internal.sending import PART_SIZE

from .conftest import Upload
from .pictures import MIB, encoded, png, png_of, undecodable_png
from .watching import ASSETS, COMPLETE_UPLOAD, OPEN_UPLOAD, PUT_PART, spoil, watch


@frozen(eq=False)
class FixedParts(Fault):
    """Responds to a new upload with these parts; None: the real parts in reverse order."""

    parts: Sequence[Mapping[str, Any]] | None

    async def spoil(self, arrival: Arrival) -> web.StreamResponse | None:
        """Put the parts into the response."""
        own = await arrival.process()
        assert isinstance(own, web.Response)
        assert isinstance(own.body, bytes)
        answer = orjson.loads(own.body)
        answer["upload"]["parts"] = answer["upload"]["parts"][::-1] if self.parts is None else self.parts
        return web.Response(body=orjson.dumps(answer), content_type="application/json")


def stored(model: Model) -> dict[str, bytes | None]:
    """The bytes of each training image, by its name."""
    return {image.asset.name: image.asset.picture.stored.content for image in model.training_images.values()}


@pytest.mark.parametrize(
    "case",
    [
        (INLINE_LIMIT - 1, 0),
        (INLINE_LIMIT, 0),
        (INLINE_LIMIT + 1, 1),
        (PART_SIZE, 1),
        (PART_SIZE + 1, 2),
        (17 * MIB, 3),
    ],
)
async def test_pictures_up_to_4_mib_are_sent_in_one_request_and_larger_ones_in_parts(
    upload: Upload, sandbox: Sandbox, model: Model, tmp_path: Path, case: tuple[int, int]
) -> None:
    size, parts = case
    content = png_of(size)
    (tmp_path / "large.png").write_bytes(content)
    report = await upload(tmp_path)
    requests = sandbox.requests
    assert (requests[ASSETS], requests[OPEN_UPLOAD], requests[PUT_PART], requests[COMPLETE_UPLOAD]) == (
        (0, 1, parts, 1) if parts else (1, 0, 0, 0)
    )
    assert stored(model)["large.png"] == content
    assert report.results[0].size == size
    assert report.results[0].asset_id in model.training_images


def test_the_limit_is_4_mib_and_parts_are_larger_than_the_minimum_of_object_storage() -> None:
    assert INLINE_LIMIT == 4 * MIB
    assert PART_SIZE >= 5 * MIB


async def test_a_batch_of_all_sizes_and_formats_arrives_unchanged(
    upload: Upload, model: Model, tmp_path: Path
) -> None:
    contents = {
        "a.png": png(1),
        "b.jpg": encoded("JPEG", 2),
        "c.webp": encoded("WEBP", 3),
        "d.gif": encoded("GIF", 4),
        "e.tif": encoded("TIFF", 5),
        "f.svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        "g.png": png_of(5 * MIB, 6),
        "h.png": png_of(9 * MIB, 7),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    await upload(tmp_path)
    assert stored(model) == contents
    types = {image.asset.name: image.asset.picture.mime_type for image in model.training_images.values()}
    assert types == {
        "a.png": "image/png",
        "b.jpg": "image/jpeg",
        "c.webp": "image/webp",
        "d.gif": "image/gif",
        "e.tif": "image/tiff",
        "f.svg": "image/svg+xml",
        "g.png": "image/png",
        "h.png": "image/png",
    }


async def test_an_upload_in_parts_has_name_kind_size_and_type(
    upload: Upload, sandbox: Sandbox, tmp_path: Path
) -> None:
    """The type comes from the content, also if the name has another extension."""
    (tmp_path / "large picture.jpg").write_bytes(png_of(9 * MIB))
    opened, put = watch(sandbox, OPEN_UPLOAD), watch(sandbox, PUT_PART)
    await upload(tmp_path)
    assert opened.bodies == [
        {
            "kind": "image",
            "fileName": "large picture.jpg",
            "contentType": "image/png",
            "fileSize": 9 * MIB,
            "parts": 2,
        }
    ]
    assert put.content_types == ["image/png", "image/png"]


async def test_at_most_four_parts_of_a_batch_are_in_memory_at_the_same_time(
    upload: Upload, sandbox: Sandbox, model: Model, tmp_path: Path
) -> None:
    """A part is in memory if its picture has no digest yet, because no other picture has the same size."""
    for number in range(8):
        (tmp_path / f"{number}.png").write_bytes(png_of(5 * MIB + number, number))
    put = watch(sandbox, PUT_PART, seconds=0.2)
    await upload(tmp_path, concurrency=8)
    assert max(put.at_once) == 4
    assert len(model.training_images) == 8


async def test_a_small_picture_is_sent_with_its_name_and_without_nulls(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    sent = watch(sandbox, ASSETS)
    await upload(folder_of(1))
    [body] = sent.bodies
    assert set(body) == {"name", "image"}
    assert body["name"] == "00.png"
    assert not body["image"].startswith("data:")


async def test_a_slow_import_is_waited_for(
    upload: Upload, sandbox: Sandbox, model: Model, tmp_path: Path
) -> None:
    (tmp_path / "large.png").write_bytes(png_of(5 * MIB))
    sandbox.import_delay = 0.3
    report = await upload(tmp_path)
    assert report.succeeded
    assert len(model.training_images) == 1
    assert sandbox.requests["GET /uploads/{uploadId}"] > 2
    assert report.results[0].seconds >= 0.3


async def test_an_import_is_polled_only_until_it_ends(
    upload: Upload, sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "large.png").write_bytes(png_of(5 * MIB))
    spoil(sandbox, Rule(SlowImport(1), on=COMPLETE_UPLOAD))
    assert (await upload(tmp_path)).succeeded
    statuses = 1 + len(["validated", "imported"])
    assert sandbox.requests["GET /uploads/{uploadId}"] == statuses


async def test_a_failed_import_has_its_reason_and_fails_only_that_picture(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(1)
    (folder / "large.png").write_bytes(png_of(5 * MIB))
    spoil(sandbox, Rule(FailedImport("the colours are too loud"), on=COMPLETE_UPLOAD))
    report = await upload(folder, raise_on_failure=False)
    assert [result.status for result in report.results] == ["attached", "failed"]
    error = report.results[1].error
    assert isinstance(error, ImportFailedError)
    assert error.status == "failed"
    assert error.upload_id in sandbox.state.uploads
    assert "the colours are too loud" in str(error)
    assert report.results[1].asset_id is None
    assert len(model.training_images) == 1


async def test_an_import_that_never_ends_fails_after_a_timeout(
    upload: Upload, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenario_async.upload._internal.imports.IMPORT_TIMEOUT", 0.2)
    (tmp_path / "large.png").write_bytes(png_of(5 * MIB))
    spoil(sandbox, Rule(SlowImport(), on=COMPLETE_UPLOAD))
    report = await upload(tmp_path, raise_on_failure=False)
    error = report.results[0].error
    assert isinstance(error, ImportFailedError)
    assert error.status == "validating"
    assert "not imported after" in str(error)


@pytest.mark.parametrize("number", [0, 1, 3])
async def test_a_wrong_number_of_part_urls_fails_the_picture_before_any_byte_is_sent(
    upload: Upload, sandbox: Sandbox, tmp_path: Path, number: int
) -> None:
    (tmp_path / "large.png").write_bytes(png_of(9 * MIB))
    part = {"number": 1, "url": f"{sandbox.base_url}/nowhere", "expires": "2031-01-01T00:00:00.000Z"}
    spoil(sandbox, Rule(FixedParts([part] * number), on=OPEN_UPLOAD))
    report = await upload(tmp_path, raise_on_failure=False)
    assert str(report.results[0].error).endswith(f"the response has {number} part URLs instead of 2")
    assert sandbox.requests[PUT_PART] == 0


async def test_part_urls_in_any_order_are_used_by_number(
    upload: Upload, sandbox: Sandbox, model: Model, tmp_path: Path
) -> None:
    content = png_of(17 * MIB)
    (tmp_path / "large.png").write_bytes(content)
    spoil(sandbox, Rule(FixedParts(None), on=OPEN_UPLOAD))
    assert (await upload(tmp_path)).succeeded
    assert stored(model)["large.png"] == content


async def test_a_response_without_an_id_is_completed_from_the_library(
    client: AsyncScenario, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    spoil(sandbox, Rule(Altered("missing fields", ("asset",)), on=ASSETS, times=1))
    report = await client.models.training_images.upload(model.id, folder_of(1))
    assert report.results[0].attempts == 1  # the asset was found in the library
    assert len(model.training_images) == 1


async def test_a_picture_that_the_service_cannot_decode_fails_alone_with_the_services_message(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(2)
    (folder / "undecodable.png").write_bytes(undecodable_png())
    report = await upload(folder, raise_on_failure=False)
    assert [result.status for result in report.results] == ["attached", "attached", "failed"]
    error = report.results[2].error
    assert isinstance(error, APIError)
    assert "Unhandled image format" in str(error)
    assert len(model.training_images) == 2


async def test_a_retry_is_logged_with_its_reason_and_its_wait(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "scenario_async.upload")
    spoil(sandbox, Rule(ServerError(500, "before"), on=ASSETS, times=1))
    assert (await upload(folder_of(1))).succeeded
    [message] = [record.getMessage() for record in caplog.records if "again in" in record.msg]
    assert re.search(r"500.*; again in \d+\.\d s$", message)
