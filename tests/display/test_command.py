"""``--html`` on the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import run
from tests.display.pages import DATASET


async def test_an_upload_writes_its_page(tmp_path: Path) -> None:
    target = tmp_path / "upload.html"
    ran = await run("upload", str(DATASET), "--sandbox", "--quiet", "--html", str(target))
    assert ran.status == 0, ran.errors
    assert "14 of 14 pictures are training images of the model" in target.read_text()
    assert str(target) in ran.errors


async def test_a_check_writes_its_page_and_keeps_its_exit_status(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "cut.png").write_bytes((DATASET / "01-harbour-at-dusk.png").read_bytes()[:5000])
    target = tmp_path / "check.html"
    ran = await run("check", str(tmp_path / "in"), "--html", str(target))
    assert ran.status == 1
    assert "cut.png" in target.read_text()


async def test_an_unwritable_page_causes_a_message_and_exit_status_1(tmp_path: Path) -> None:
    """The upload itself is done and reported."""
    ran = await run("check", str(DATASET), "--html", str(tmp_path / "nowhere" / "check.html"))
    assert ran.status == 1
    assert "error: --html" in ran.errors
    assert "Traceback" not in ran.errors
    assert "pictures" in ran.output
