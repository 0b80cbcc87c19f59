"""Which files that cannot be sent are failures, and which are skipped."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from scenario_async.upload._internal.plan import plan

from .conftest import Upload
from .pictures import MIB, encoded, png
from .test_plan import reason, statuses

FOREIGN: dict[str, bytes] = {
    "scan": encoded("BMP"),
    "scan.dat": b"8BPS\x00\x01" + bytes(40),
    "cut": encoded("JPEG")[:-20],
    "a.jpg_large": encoded("JPEG")[:-20],
    "a.jpg.part": encoded("PNG")[:-20],
    "raw": b"FUJIFILMCCD-RAW 0201" + bytes(40),
    "raw.bin": b"\x00\x00\x00\x18ftypcrx " + bytes(40),
    "icon": encoded("ICO"),
    "grey": encoded("PPM"),
    "wide": encoded("SGI"),
    "caption.txt": encoded("BMP", 1),
    "still": b"\x00\x00\x00\x14ftypavci" + bytes(40),
    "krita": b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/x-krita",
    **{f"junk.{suffix}": b"\x8f\x01" + bytes(40) for suffix in ("erf", "j2c", "dcm", "MPO", "xpm")},
}
"""Files that are pictures by their content or their suffix, and cannot be sent."""


async def test_a_picture_in_any_format_that_cannot_be_sent_fails_under_any_name(
    upload: Upload, tmp_path: Path
) -> None:
    for name, content in FOREIGN.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "a.png").write_bytes(png())
    (tmp_path / "caption.png").write_bytes(png(1))
    report = await upload(tmp_path, raise_on_failure=False)
    attached = dict.fromkeys(["a.png", "caption.png"], "attached")
    assert statuses(report) == dict.fromkeys(FOREIGN, "failed") | attached
    assert "a BMP picture" in reason(report, "scan")
    assert "cut off" in reason(report, "cut")


@pytest.mark.skipif(os.name == "nt", reason="names do not end with a space or a dot there")
@pytest.mark.parametrize("name", ["fox.jpg ", "fox.jpg."])
async def test_a_space_or_a_dot_after_a_suffix_does_not_count(
    upload: Upload, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"no picture")
    (tmp_path / "a.png").write_bytes(png())
    assert statuses(await upload(tmp_path, raise_on_failure=False))[name] == "failed"


@pytest.mark.parametrize(
    "content",
    [
        b"BMW in the snow",
        b"P1 of 3 meetings",
        b"DDS is a format",
        b"MMORPG",
        b"icns",
        b'{"a": 1}',
        b"<html></html>",
        b"%PDF-1.7",
        b"PK\x03\x04" + bytes(40),
        b"\x00\x00\x00\x01Bud1" + bytes(40),
        b"\xd0\xcf\x11\xe0" + bytes(40),
        b"\x00\x00\x00\x18ftypisom" + bytes(40),
        b"\x00\x00\x01\x00" + b"\xff" * 40,
        b"\x8f\x01" + bytes(40),
        bytes(40),
    ],
)
@pytest.mark.parametrize("name", ["notes.txt", "other", "a.txt"])
async def test_a_file_that_is_no_picture_is_skipped(
    upload: Upload, tmp_path: Path, name: str, content: bytes
) -> None:
    """A text can begin with the same letters as a picture; the caption of a picture is not in the report."""
    (tmp_path / "a.png").write_bytes(png())
    (tmp_path / name).write_bytes(content)
    others = {} if name == "a.txt" else {name: "skipped"}
    assert statuses(await upload(tmp_path)) == {"a.png": "attached"} | others


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
async def test_a_skipped_file_whose_content_is_not_known_has_its_own_reason(
    upload: Upload, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(png())
    (tmp_path / "empty").touch()
    (tmp_path / "notes").write_text("about the pictures")
    os.mkfifo(tmp_path / "pipe")
    report = await upload(tmp_path)
    assert reason(report, "empty") == "the picture is empty: it has no bytes"
    assert reason(report, "notes") == "it is not a picture"
    assert "not a regular file" in reason(report, "pipe")


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="the system does not count what is read")
@pytest.mark.parametrize("beginning", [b"BM" + bytes(40), b"\x8f\x01", b"\x00\x00\x00\x18ftypisom"])
def test_of_a_file_that_is_not_sent_only_the_beginning_is_read(tmp_path: Path, beginning: bytes) -> None:
    (tmp_path / "a.png").write_bytes(png())
    with (tmp_path / "large").open("wb") as file:
        file.write(beginning)
        file.truncate(64 * MIB)

    def read_so_far() -> int:
        return int(Path("/proc/self/io").read_text().split()[1])

    before = read_so_far()
    assert len(plan(tmp_path)) == 2
    assert read_so_far() - before < MIB // 4


APPLE_DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X" + bytes(40)


async def test_apple_double_files_are_skipped_in_every_kind_of_source(upload: Upload, tmp_path: Path) -> None:
    """Paths in a list, members of a ZIP archive, and contents with a name; a picture so named is sent."""
    (tmp_path / "a.png").write_bytes(png())
    (tmp_path / "._a.png").write_bytes(APPLE_DOUBLE)
    (tmp_path / "._b.png").write_bytes(png(1))
    paths = [tmp_path / "._a.png", tmp_path / "._b.png", tmp_path / "a.png"]
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("c.png", png(2))
        archive.writestr("__MACOSX/._c.png", APPLE_DOUBLE)
    with zipfile.ZipFile(tmp_path / "photos.zip") as archive:
        members = [archive.open(name) for name in archive.namelist()]
        named = ("__MACOSX/._d.png", APPLE_DOUBLE)
        report = await upload([*paths, *members, named])
    assert statuses(report) == {
        "a.png": "attached",
        "._a.png": "skipped",
        "._b.png": "attached",
        "c.png": "attached",
        "._c.png": "skipped",
        "._d.png": "skipped",
    }
    assert "AppleDouble" in reason(report, "._c.png")
