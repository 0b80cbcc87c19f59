"""Archives as sources: the names of their files, and what counts as a change."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from scenario_async import AsyncScenario
from scenario_async.work._internal.library.sources import Selection, listing
from tests.library.pictures import fill, packed, small_png

pytest.importorskip("fsspec", reason="fsspec is not installed")


def zipped(path: Path, files: Mapping[str, bytes]) -> str:
    """Write a ZIP archive; return its URL."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return f"zip://::{path}"


KINDS = {"in.tar": packed, "in.zip": zipped}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(("recursive", "expected"), [(True, {"a.png", "b.png", "d.png"}), (False, {"a.png"})])
def test_the_names_of_an_archive_may_begin_with_a_dot_and_a_slash(
    tmp_path: Path, name: str, recursive: bool, expected: set[str]
) -> None:
    """`tar cf in.tar -C folder .` makes such names; a name that itself begins with a dot is hidden."""
    names = ["./a.png", "./sub/b.png", "../d.png", "./.hidden.png", "./.git/c.png", "./__MACOSX/._a.png"]
    source = KINDS[name](tmp_path / name, dict.fromkeys(names, small_png(1)))
    found = list(listing(source, Selection(recursive=recursive)))
    assert {one.file_name for one in found} == expected
    assert not any(one.reason for one in found)


def test_patterns_match_names_that_begin_with_a_dot_and_a_slash(tmp_path: Path) -> None:
    source = packed(tmp_path / "in.tar", dict.fromkeys(["./a.png", "./sub/b.png"], small_png(1)))
    assert [one.file_name for one in listing(source, Selection(exclude=["sub/*"]))] == ["a.png"]


@pytest.mark.parametrize("name", KINDS)
async def test_files_with_absolute_names_in_an_archive_are_reported_once(
    client: AsyncScenario, tmp_path: Path, name: str
) -> None:
    """Some versions of fsspec open them in a TAR archive, and list the folder itself as its subfolder."""
    names = ["/data/a.png", "/data/sub/b.png", "/data/.c.png", "good/d.png"]
    files = {one: small_png(number) for number, one in enumerate(names)}
    source = KINDS[name](tmp_path / name, files)
    report = await client.assets.sync(source, ledger=tmp_path / "l", report=tmp_path / "r")
    failed = [one.source for one in report.failures]
    uploaded = [one.source for one in report.results() if one.status == "uploaded"]
    assert (len(failed), len(uploaded)) in ({(2, 1), (0, 3)} if name == "in.tar" else {(2, 1)})
    assert len({*failed, *uploaded}) == 3
    assert {one.error for one in report.failures} <= {"its name in the archive is not a relative path"}


async def test_another_archive_with_equal_names_sizes_and_times_is_read(
    client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs that make equal archives from equal files set all times to 0."""
    equal = [number for number in range(200) if len(small_png(number)) == len(small_png(100))]
    for number, folder in zip(equal, ("monday", "tuesday", "tuesday"), strict=False):
        (tmp_path / folder).mkdir(exist_ok=True)
        monkeypatch.chdir(tmp_path / folder)
        packed(Path("in.tar"), {"a.png": small_png(number)})
        report = await client.assets.sync("tar://::in.tar", ledger=tmp_path / "l", report=tmp_path / "r")
        assert dict(report.counts) == {"uploaded": 1}
        (result,) = report.results()
        assert result.source == f"tar://a.png::{tmp_path / folder / 'in.tar'}"
    report = await client.assets.sync("tar://::in.tar", ledger=tmp_path / "l", report=tmp_path / "r")
    assert dict(report.counts) == {"unchanged": 1}


async def test_a_new_file_in_a_zip_archive_changes_no_other_file(
    client: AsyncScenario, tmp_path: Path
) -> None:
    """The archive contains a checksum of each file."""
    files = {"a.png": small_png(1), "b.png": small_png(2)}
    for expected in ({"uploaded": 2}, {"unchanged": 2, "uploaded": 1}):
        source = zipped(tmp_path / "in.zip", files)
        report = await client.assets.sync(source, ledger=tmp_path / "l", report=tmp_path / "r")
        assert dict(report.counts) == expected
        files["c.png"] = small_png(3)


async def test_files_behind_a_cache_are_unchanged_in_the_second_run(
    client: AsyncScenario, tmp_path: Path
) -> None:
    for number, expected in enumerate(({"uploaded": 1}, {"unchanged": 1, "uploaded": 1})):
        fill(tmp_path / "in", 1, start=number)
        source = f"simplecache::file://{tmp_path / 'in'}"
        report = await client.assets.sync(source, ledger=tmp_path / "l", report=tmp_path / "r")
        assert dict(report.counts) == expected
