"""Files that change while a batch runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest

from scenario_async import InvalidArgumentError
from scenario_async._internal.pictures.picture import PictureChangedError
from scenario_async.sandbox import Model, Sandbox
from scenario_async.upload._internal.examining import Examiner
from scenario_async.upload._internal.progress import UploadProgress
from scenario_async.upload._internal.stages import Planned

from .conftest import Upload
from .pictures import MIB, png, png_of
from .watching import ASSETS, when


def svg_of(size: int, letter: str) -> bytes:
    """An SVG that stays valid after a part is replaced by text of the same kind."""
    head, tail = b'<svg xmlns="http://www.w3.org/2000/svg"><!--', b"--></svg>"
    return head + letter.encode() * (size - len(head) - len(tail)) + tail


async def test_a_file_replaced_before_it_is_sent_is_sent_with_its_new_content(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """It is sent whole; its size from the plan is not used."""
    folder = folder_of(3)
    content = png_of(5000, 77)
    replace = when("00.png", "sent", lambda: (folder / "02.png").write_bytes(content))
    report = await upload(folder, concurrency=1, on_progress=replace)
    assert report.results[2].size == 5000
    image = model.training_images[report.results[2].asset_id or ""]
    assert image.asset.picture.stored.content == content
    again = await upload(folder)
    assert {result.status for result in again.results} == {"already attached"}


async def test_a_file_that_is_deleted_before_it_is_sent_fails_alone(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(4)
    remove = when("00.png", "sent", (folder / "02.png").unlink)
    report = await upload(folder, concurrency=1, on_progress=remove, raise_on_failure=False)
    assert [result.status for result in report.results] == ["attached", "attached", "failed", "attached"]
    assert isinstance(report.results[2].error, InvalidArgumentError)
    assert len(model.training_images) == 3


async def test_a_file_that_is_no_longer_a_picture_fails_alone(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(4)
    spoil = when("00.png", "sent", lambda: (folder / "02.png").write_text("about the pictures"))
    report = await upload(folder, concurrency=1, on_progress=spoil, raise_on_failure=False)
    assert [result.status for result in report.results] == ["attached", "attached", "failed", "attached"]
    assert "this is text" in str(report.results[2].error)
    assert len(model.training_images) == 3


@pytest.mark.parametrize("case", list(product(["other bytes", "longer", "shorter", "gone"], [MIB, 9 * MIB])))
async def test_a_file_that_changes_while_it_is_sent_is_not_attached(
    upload: Upload, sandbox: Sandbox, model: Model, tmp_path: Path, case: tuple[str, int]
) -> None:
    """The bytes that arrived may mix two pictures. The next run sends the new content."""
    change, size = case
    path = tmp_path / "large.svg"
    path.write_bytes(svg_of(size, "a"))

    def act() -> None:
        if change == "gone":
            path.unlink()
        elif change == "other bytes":
            path.write_bytes(svg_of(size, "b"))
            os.utime(path, (1, 1))  # timestamps of some file systems are coarse
        else:
            path.write_bytes(svg_of(size * (2 if change == "longer" else 1) - size // 2, "b"))

    report = await upload(
        [path], on_progress=when("large.svg", "sending", act), raise_on_failure=False, way="inline"
    )
    assert [result.status for result in report.results] == ["failed"]
    kind = InvalidArgumentError if change == "gone" else PictureChangedError
    assert isinstance(report.results[0].error, kind)
    assert not model.training_images
    path.write_bytes(png(3))
    before = sandbox.requests[ASSETS]
    again = await upload([path])
    assert [result.status for result in again.results] == ["attached"]
    assert sandbox.requests[ASSETS] == before + 1


async def test_a_file_that_grows_while_its_digest_is_computed_counts_as_changed(tmp_path: Path) -> None:
    """The digest then covers more bytes than are sent, so an equal digest proves nothing."""
    path = tmp_path / "fox.png"
    path.write_bytes(png_of(MIB))
    async with Examiner() as examiner:
        examined = await examiner.examine(Planned(0, str(path), "image/png", MIB), needs_digest=True)
        with path.open("ab") as file:
            file.write(b"more")
        with pytest.raises(PictureChangedError):
            await examiner.check_unchanged(examined, sha256(path.read_bytes()).digest())


async def test_a_new_time_and_inode_do_not_count_as_a_change_if_the_content_is_the_same(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """Some file systems return new values at each call.

    Without this rule every picture would count as changed.
    """
    folder = folder_of(3)

    def replace(progress: UploadProgress) -> None:
        if progress.stage == "sending":
            copy = progress.path.with_suffix(".copy")
            copy.write_bytes(progress.path.read_bytes())
            copy.replace(progress.path)
            os.utime(progress.path, (1, 1))

    report = await upload(folder, ledger=False, on_progress=replace)
    assert len(report.attached) == len(model.training_images) == 3
