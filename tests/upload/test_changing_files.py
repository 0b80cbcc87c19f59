"""Files that change while a batch is under way."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scenario_async import InvalidArgumentError
from scenario_async._internal.pictures.picture import PictureChangedError
from scenario_async.sandbox import Model, Sandbox
from scenario_async.upload._internal.progress import UploadProgress

from .conftest import Upload
from .pictures import MIB, png, png_of
from .watching import ASSETS


def svg_of(size: int, letter: str) -> bytes:
    """A picture that stays one whatever of it is replaced by one of the same kind."""
    head, tail = b'<svg xmlns="http://www.w3.org/2000/svg"><!--', b"--></svg>"
    return head + letter.encode() * (size - len(head) - len(tail)) + tail


def when(name: str, stage: str, act: Callable[[], object]) -> Callable[[UploadProgress], None]:
    """Does something, once, when a file has come to a stage."""
    left = [act]

    def on_progress(progress: UploadProgress) -> None:
        if progress.path.name == name and progress.stage == stage and left:
            left.pop()()

    return on_progress


async def test_a_file_replaced_before_its_turn_is_sent_as_it_is_then(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """Whole: the size that it had when it was planned counts for nothing."""
    folder = folder_of(2)
    content = png_of(5000, 77)
    replace = when("00.png", "sent", lambda: (folder / "01.png").write_bytes(content))
    report = await upload(folder, concurrency=1, on_progress=replace)
    assert report.results[1].size == 5000
    image = model.training_images[report.results[1].asset_id or ""]
    assert image.asset.picture.stored.content == content
    again = await upload(folder)
    assert {result.status for result in again.results} == {"already attached"}


async def test_a_file_that_goes_away_before_its_turn_fails_alone(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(3)
    remove = when("00.png", "sent", (folder / "01.png").unlink)
    report = await upload(folder, concurrency=1, on_progress=remove, raise_on_failure=False)
    assert [result.status for result in report.results] == ["attached", "failed", "attached"]
    assert isinstance(report.results[1].error, InvalidArgumentError)
    assert len(model.training_images) == 2


async def test_a_file_that_is_no_picture_any_more_fails_alone(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(3)
    spoil = when("00.png", "sent", lambda: (folder / "01.png").write_text("about the pictures"))
    report = await upload(folder, concurrency=1, on_progress=spoil, raise_on_failure=False)
    assert [result.status for result in report.results] == ["attached", "failed", "attached"]
    assert "this is text" in str(report.results[1].error)
    assert len(model.training_images) == 2


@pytest.mark.parametrize("change", ["other bytes", "longer", "shorter", "gone"])
async def test_a_file_that_changes_while_it_is_sent_does_not_come_into_the_set(
    upload: Upload, sandbox: Sandbox, model: Model, tmp_path: Path, change: str
) -> None:
    """What arrived is neither the old nor the new picture. Another run sends it as it is then."""
    path = tmp_path / "large.svg"
    path.write_bytes(svg_of(9 * MIB, "a"))

    def act() -> None:
        if change == "gone":
            path.unlink()
        elif change == "other bytes":
            path.write_bytes(svg_of(9 * MIB, "b"))
            os.utime(path, (1, 1))  # clocks of file systems are coarse
        else:
            path.write_bytes(svg_of((10 if change == "longer" else 5) * MIB, "b"))

    report = await upload([path], on_progress=when("large.svg", "sending", act), raise_on_failure=False)
    assert [result.status for result in report.results] == ["failed"]
    kind = InvalidArgumentError if change == "gone" else PictureChangedError
    assert isinstance(report.results[0].error, kind)
    assert not model.training_images
    path.write_bytes(png(3))
    again = await upload([path])
    assert [result.status for result in again.results] == ["attached"]
    assert sandbox.requests[ASSETS] == 1


async def test_other_times_and_another_inode_are_no_change_if_the_content_is_the_same(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """Some file systems give other ones at each look; every picture was called changed, and left an asset."""
    folder = folder_of(3)

    def replace(progress: UploadProgress) -> None:
        if progress.stage == "sending":
            copy = progress.path.with_suffix(".copy")
            copy.write_bytes(progress.path.read_bytes())
            copy.replace(progress.path)
            os.utime(progress.path, (1, 1))

    report = await upload(folder, ledger=False, on_progress=replace)
    assert len(report.attached) == len(model.training_images) == 3
