"""A dry run reports what a real run would do, and changes nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from scenario_async import APIError, AuthenticationError, InvalidArgumentError
from scenario_async.sandbox import LoggedRequest, Model, Rule, Sandbox
from scenario_async.sandbox.faults import PlanLimit
from scenario_async.upload._internal.progress import UploadProgress
from scenario_async.values.training_image import GROUP_LIMIT

from .conftest import Upload
from .pictures import MIB, png, png_of
from .watching import ATTACH, changing, spoil


def sent(sandbox: Sandbox) -> list[LoggedRequest]:
    """The requests that do more than read."""
    return [request for request in sandbox.requests if request.method != "GET"]


async def check(upload: Upload, sandbox: Sandbox, images: Path, ledger: Path) -> None:
    """Do a dry run and then a real run, which has to do what the dry run reported."""
    before = len(sent(sandbox))
    shown: list[UploadProgress] = []
    # One at a time, so that both runs choose the same one of two files with the same content.
    plan = await upload(images, ledger=ledger, dry_run=True, concurrency=1)
    assert plan.dry_run
    assert len(sent(sandbox)) == before
    real = await upload(images, ledger=ledger, on_progress=shown.append, concurrency=1)
    assert plan.requests == len(sent(sandbox)) - before
    assert plan.bytes_to_send == shown[-1].bytes_sent
    assert [result.path for result in plan.having("to send")] == [result.path for result in real.attached]
    unchanged = [result.status for result in plan.results if result.status != "to send"]
    assert unchanged == [result.status for result in real.results if result.status != "attached"]
    assert plan.images_before == real.images_before
    assert real.requests is None


async def test_it_reports_what_a_first_run_sends(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    folder = folder_of(GROUP_LIMIT + 3)
    (folder / "large.png").write_bytes(png_of(5 * MIB))
    (folder / "larger.png").write_bytes(png_of(17 * MIB))
    (folder / "same.png").write_bytes((folder / "01.png").read_bytes())
    (folder / "notes.txt").write_text("about the pictures")
    await check(upload, sandbox, folder, tmp_path / "ledger.sqlite3")


async def test_it_reports_what_a_second_run_sends(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    """Some pictures are attached, some are only assets, and some are new."""
    folder, ledger = folder_of(4), tmp_path / "ledger.sqlite3"
    await upload(folder, ledger=ledger)
    for number in range(4, 4 + GROUP_LIMIT + 2):
        (folder / f"{number:02}.png").write_bytes(png(number))
    spoil(sandbox, Rule(PlanLimit(), on=ATTACH))
    await upload(folder, ledger=ledger, raise_on_failure=False)
    assert len(model.training_images) == 4
    sandbox.faults.stop()
    (folder / "new.png").write_bytes(png(100))
    await check(upload, sandbox, folder, ledger)


async def test_it_reports_if_there_is_nothing_to_do(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(3)
    await upload(folder)
    before = changing(sandbox)
    plan = await upload(folder, dry_run=True)
    assert (plan.requests, plan.bytes_to_send, plan.having("to send")) == (0, 0, [])
    assert {result.status for result in plan.results} == {"already attached"}
    assert plan.succeeded
    assert changing(sandbox) == before


@pytest.mark.parametrize("case", [(0, 50, True), (0, 51, False), (45, 5, True), (45, 6, False)])
async def test_it_reports_whether_the_set_has_a_documented_size(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], case: tuple[int, int, bool]
) -> None:
    there, new, fits = case
    folder = folder_of(there + new)
    if there:
        await upload(sorted(folder.iterdir())[:there])
    plan = await upload(folder, dry_run=True)
    assert plan.images_before == there
    assert plan.fits is fits
    assert plan.to_json()["fits"] is fits
    assert sandbox.requests.changes[ATTACH] == math.ceil(there / GROUP_LIMIT)


async def test_it_finds_files_that_would_fail(upload: Upload, folder_of: Callable[[int], Path]) -> None:
    folder = folder_of(1)
    (folder / "text.png").write_text("about the pictures")
    plan = await upload(folder, dry_run=True, raise_on_failure=False)
    assert [result.status for result in plan.results] == ["to send", "failed"]
    assert isinstance(plan.results[1].error, InvalidArgumentError)
    assert not plan.succeeded


async def test_it_checks_the_credentials(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path]
) -> None:
    with pytest.raises(AuthenticationError) as caught:
        await upload(folder_of(1), dry_run=True, client={"api_secret": "another"})
    assert isinstance(caught.value, APIError)
    assert changing(sandbox) == 0


async def test_it_reports_each_file_once(upload: Upload, folder_of: Callable[[int], Path]) -> None:
    folder = folder_of(3)
    (folder / "copy.png").write_bytes((folder / "00.png").read_bytes())
    shown: list[UploadProgress] = []
    plan = await upload(folder, dry_run=True, on_progress=shown.append)
    assert [now.stage for now in shown] == ["ended"] * 4
    assert {now.path: now.status for now in shown} == {result.path: result.status for result in plan.results}
    assert shown[-1].files_done == shown[-1].files_total == 4
    assert shown[-1].bytes_sent == 0
    assert shown[-1].bytes_total == plan.bytes_to_send


async def test_it_decodes_pictures_where_pillow_is_installed(
    upload: Upload, sandbox: Sandbox, tmp_path: Path
) -> None:
    """The structure of both files is complete; only the decoder finds that one of them is damaged."""
    image = pytest.importorskip("PIL.Image")
    for name, color in (("whole.png", 10), ("damaged.png", 200)):
        image.new("RGB", (64, 64), (color, 0, 0)).save(tmp_path / name)
    content = bytearray((tmp_path / "damaged.png").read_bytes())
    start = content.index(b"IDAT") + 8
    content[start : start + 16] = b"\xff" * 16
    (tmp_path / "damaged.png").write_bytes(content)
    report = await upload(tmp_path, ledger=False, dry_run=True, raise_on_failure=False)
    assert [result.path.name for result in report.having("to send")] == ["whole.png"]
    (failed,) = report.failed
    assert failed.path.name == "damaged.png"
    assert "the file is damaged: it cannot be decoded" in str(failed.error)
    assert sent(sandbox) == []


async def test_it_does_not_decode_a_picture_with_too_many_pixels(upload: Upload, tmp_path: Path) -> None:
    """It would take a gigabyte of memory, and Pillow refuses it."""
    pytest.importorskip("PIL.Image").new("1", (20_000, 10_000)).save(tmp_path / "large.png")
    report = await upload(tmp_path, ledger=False, dry_run=True)
    assert [result.path.name for result in report.having("to send")] == ["large.png"]
