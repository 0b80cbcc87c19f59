"""Archives as sources: the names of their files, and what counts as a change."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from scenario_async import AsyncScenario
from scenario_async.work._internal.library.sources import Selection, listing
from tests.library.pictures import packed, small_png

pytest.importorskip("fsspec", reason="fsspec is not installed")


def zipped(path: Path, files: Mapping[str, bytes]) -> str:
    """Write a ZIP archive; return its URL."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return f"zip://::{path}"


KINDS = {"in.tar": packed, "in.zip": zipped}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(("recursive", "expected"), [(True, {"a.png", "b.png"}), (False, {"a.png"})])
def test_the_names_of_an_archive_may_begin_with_a_dot_and_a_slash(
    tmp_path: Path, name: str, recursive: bool, expected: set[str]
) -> None:
    """`tar cf in.tar -C folder .` makes such names; a name that itself begins with a dot is hidden."""
    names = ["./a.png", "./sub/b.png", "./.hidden.png", "./.git/c.png", "./__MACOSX/._a.png"]
    source = KINDS[name](tmp_path / name, dict.fromkeys(names, small_png(1)))
    found = list(listing(source, Selection(recursive=recursive)))
    assert {one.file_name for one in found} == expected
    assert not any(one.reason for one in found)


def test_patterns_match_names_that_begin_with_a_dot_and_a_slash(tmp_path: Path) -> None:
    source = packed(tmp_path / "in.tar", dict.fromkeys(["./a.png", "./sub/b.png"], small_png(1)))
    assert [one.file_name for one in listing(source, Selection(exclude=["sub/*"]))] == ["a.png"]


@pytest.mark.parametrize("name", KINDS)
async def test_files_with_absolute_names_in_an_archive_fail(
    client: AsyncScenario, tmp_path: Path, name: str
) -> None:
    """No file system of fsspec opens them; a folder beside them is listed as usual."""
    names = ["/data/a.png", "/data/sub/b.png", "/data/.c.png", "good/d.png"]
    files = {one: small_png(number) for number, one in enumerate(names)}
    source = KINDS[name](tmp_path / name, files)
    report = await client.assets.sync(source, ledger=tmp_path / "l", report=tmp_path / "r")
    assert dict(report.counts) == {"uploaded": 1, "failed": 2}
    assert {one.error for one in report.failures} == {"its name in the archive is not a relative path"}
