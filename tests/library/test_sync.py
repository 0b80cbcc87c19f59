"""`assets.sync` against a sandbox: each content is sent once, and known contents are not sent."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scenario_async import AsyncScenario, InvalidArgumentError, Scenario
from scenario_async.sandbox import Sandbox
from scenario_async.work._internal.library.database import SqliteDatabase
from scenario_async.work._internal.library.sync import SyncProgress
from tests.library.pictures import fill, small_png


def names_in(sandbox: Sandbox) -> Counter[str]:
    """The number of assets of each name."""
    return Counter(asset.name for asset in sandbox.state.assets.values())


async def test_a_second_run_sends_nothing_and_reads_no_file(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """Files are known by name, size and time, so files that cannot be read any more are still unchanged."""
    folder, ledger = fill(tmp_path / "in", 30), tmp_path / "ledger.sqlite3"
    first = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "1.jsonl")
    assert dict(first.counts) == {"uploaded": 30}
    assert first.succeeded
    assert len(names_in(sandbox)) == 30
    sandbox.requests.clear()
    for path in folder.iterdir():
        status = path.stat()
        path.write_bytes(b"x" * status.st_size)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    second = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "2.jsonl")
    assert dict(second.counts) == {"unchanged": 30}
    assert [one.key for one in sandbox.requests] == ["POST /assets/get-bulk"], "the account is checked"


@pytest.mark.parametrize("named_first", [True, False])
async def test_a_library_is_uploaded_once_if_only_one_client_names_its_project_or_spells_its_url_otherwise(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, *, named_first: bool
) -> None:
    folder, ledger = fill(tmp_path / "in", 5), tmp_path / "ledger"
    named = client.with_options(project_id="proj_sandbox")
    other_url = AsyncScenario(
        api_key=sandbox.api_key,
        api_secret=sandbox.api_secret,
        base_url=sandbox.base_url.replace("127.0.0.1", "LOCALHOST") + "/",
    )
    async with other_url:
        for one in (named, client, other_url) if named_first else (client, named, other_url):
            await one.assets.sync(folder, ledger=ledger, report=tmp_path / "r")
    assert len(sandbox.state.assets) == 5


async def test_each_content_is_sent_once_under_any_names(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    folder = fill(tmp_path / "in", 5)
    for number in range(5):
        (folder / f"copy-{number}.png").write_bytes(small_png(number))
    report = await client.assets.sync(folder, ledger=tmp_path / "l", report=tmp_path / "r", concurrency=10)
    assert dict(report.counts) == {"uploaded": 5, "duplicate": 5}
    assert len(sandbox.state.assets) == 5
    assert len({result.asset_id for result in report.results()}) == 5


async def test_other_files_are_skipped_and_damaged_pictures_fail(
    client: AsyncScenario, tmp_path: Path
) -> None:
    folder = fill(tmp_path / "in", 2)
    (folder / "notes.txt").write_text("no picture")
    (folder / "broken.png").write_text("no picture either")
    (folder / ".hidden.png").write_bytes(small_png(9))
    (folder / "dangling.png").symlink_to(tmp_path / "nowhere")
    report = await client.assets.sync(folder, ledger=tmp_path / "l", report=tmp_path / "r")
    assert dict(report.counts) == {"uploaded": 2, "skipped": 1, "failed": 2}
    assert not report.succeeded
    assert {Path(one.source).name for one in report.failures} == {"broken.png", "dangling.png"}
    assert "cannot be read" in report.summary() or "image" in report.summary()


async def test_a_picture_that_cannot_be_sent_fails_under_any_name(
    client: AsyncScenario, tmp_path: Path
) -> None:
    folder = fill(tmp_path / "in", 1)
    large = b"BM" + bytes(2 * 1024 * 1024)
    for name, content in {"cut": small_png(1)[:-9], "scan": large, "old.dat": b"8BPS\x00\x01"}.items():
        (folder / name).write_bytes(content)
    (folder / "notes.txt").write_text("BMW in the snow")
    report = await client.assets.sync(folder, ledger=tmp_path / "l", report=tmp_path / "r")
    assert dict(report.counts) == {"uploaded": 1, "skipped": 1, "failed": 3}
    reasons = {Path(one.source).name: one.error or "" for one in report.failures}
    assert "cut off" in reasons["cut"]
    assert "a BMP picture" in reasons["scan"]
    assert "a Photoshop document" in reasons["old.dat"]


@pytest.mark.parametrize("name", ["photos.zip", "notes.txt", "nosuffix", "empty"])
@pytest.mark.parametrize("several", [True, False])
async def test_a_file_that_the_caller_named_is_not_skipped(
    client: AsyncScenario, tmp_path: Path, name: str, several: bool
) -> None:
    path = tmp_path / name
    path.write_bytes(b"" if name == "empty" else b"PK\x03\x04" + bytes(40))
    source = [path] if several else path
    report = await client.assets.sync(source, ledger=tmp_path / "l", report=tmp_path / "r")
    assert dict(report.counts) == {"failed": 1}
    assert not report.succeeded
    assert report.failures[0].error


async def test_an_apple_double_file_in_a_list_is_skipped(client: AsyncScenario, tmp_path: Path) -> None:
    """A pattern of `glob` also finds files whose names begin with a dot."""
    folder = fill(tmp_path / "in", 1)
    (folder / "._picture-000000.png").write_bytes(b"\x00\x05\x16\x07" + bytes(40))
    (folder / "._b.png").write_bytes(small_png(5))
    paths = sorted(folder.glob("*.png"))
    report = await client.assets.sync(paths, ledger=tmp_path / "l", report=tmp_path / "r")
    assert dict(report.counts) == {"uploaded": 2, "skipped": 1}
    assert report.succeeded


async def test_patterns_and_recursion_select_files(client: AsyncScenario, tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", 3)
    fill(folder / "deep" / "deeper", 2, start=10)
    flat = await client.assets.sync(folder, recursive=False, ledger=tmp_path / "1", report=tmp_path / "r")
    assert flat.total == 3
    some = await client.assets.sync(
        folder, include="*1.png", exclude="deep/*", ledger=tmp_path / "2", report=tmp_path / "r"
    )
    assert [Path(one.source).name for one in some.results()] == ["picture-000001.png"]
    everything = await client.assets.sync(folder, ledger=tmp_path / "1", report=tmp_path / "r")
    assert dict(everything.counts) == {"unchanged": 3, "uploaded": 2}


async def test_a_collection_is_filled_in_groups_without_duplicates(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """Groups have at most 49 assets; assets that are already in the collection are omitted."""
    folder = fill(tmp_path / "in", 120)
    report = await client.assets.sync(
        folder, collection="paper", tags=["cut"], ledger=tmp_path / "l", report=tmp_path / "r"
    )
    assert report.collection_id is not None
    collection = sandbox.state.collections[report.collection_id]
    assert len(collection.asset_ids) == len(set(collection.asset_ids)) == 120
    assert all(asset.tags == ["cut"] for asset in sandbox.state.assets.values())
    groups = [one for one in sandbox.requests if one.method == "PUT" and "/collections/" in one.path]
    assert len(groups) == 3
    before = len(sandbox.requests)
    added = await client.assets.sync(
        folder, collection="paper", tags=["cut"], ledger=tmp_path / "l", report=tmp_path / "r"
    )
    assert dict(added.counts) == {"unchanged": 120}
    keys = [one.key for one in list(sandbox.requests)[before:]]
    assert keys == ["POST /assets/get-bulk", "GET /collections"]


async def test_an_asset_that_is_already_in_the_collection_does_not_stop_the_others(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """The service refuses a whole group because of one asset that is already in."""
    folder = fill(tmp_path / "in", 10)
    await client.assets.sync(folder, ledger=tmp_path / "l", report=tmp_path / "r")
    made = await client.collections.create(name="paper")
    inside = list(sandbox.state.assets)[:3]
    await client.collections.assets.add(made.collection.id, asset_ids=inside)
    report = await client.assets.sync(
        folder, collection="paper", ledger=tmp_path / "l", report=tmp_path / "r"
    )
    assert report.succeeded, report.summary()
    assert sorted(sandbox.state.collections[made.collection.id].asset_ids) == sorted(sandbox.state.assets)


async def test_a_dry_run_sends_nothing(sandbox: Sandbox, client: AsyncScenario, tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", 4)
    (folder / "copy.png").write_bytes(small_png(0))
    report = await client.assets.sync(
        folder, dry_run=True, collection="paper", ledger=tmp_path / "l", report=tmp_path / "r"
    )
    assert dict(report.counts) == {"duplicate": 1, "to send": 4}
    assert not sandbox.state.assets
    assert not sandbox.state.collections
    assert (await client.assets.sync(folder, ledger=tmp_path / "l", report=tmp_path / "r")).counts[
        "uploaded"
    ] == 4


async def test_progress_counts_and_a_failing_callback_is_logged_and_stops_nothing(
    client: AsyncScenario, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[SyncProgress] = []

    def note(now: SyncProgress) -> None:
        seen.append(now)
        if len(seen) == 3:
            raise RuntimeError("broken")

    folder = fill(tmp_path / "in", 6)
    report = await client.assets.sync(
        folder, on_progress=note, ledger=tmp_path / "l", report=tmp_path / "r", concurrency=1
    )
    assert report.counts["uploaded"] == 6
    assert [one.files_done for one in seen] == [1, 2, 3]
    assert caplog.text.count("on_progress failed and is not called any more") == 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"source": ""}, "source"),
        ({"source": "/no/such/folder"}, "source"),
        ({"source": "nosuch://bucket"}, "source"),
        ({"concurrency": 0}, "concurrency"),
        ({"rate": 0}, "rate"),
        ({"ledger": False}, "ledger"),
        ({"ledger": "mysql://user:secret@host/db"}, "ledger"),
        ({"tags": "one"}, "tags"),
        ({"include": ""}, "include"),
        ({"include": []}, "include"),
        ({"engine": object()}, "engine"),
    ],
)
async def test_invalid_arguments_are_refused_before_anything_is_sent(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, arguments: dict[str, object], named: str
) -> None:
    given: dict[str, object] = {"source": fill(tmp_path / "in", 1), "ledger": tmp_path / "l", **arguments}
    with pytest.raises(InvalidArgumentError, match=f"^{named}: ") as caught:
        await client.assets.sync(**given, report=tmp_path / "r")  # type: ignore[arg-type]
    assert "secret" not in str(caught.value)
    assert len(sandbox.requests) == 0


@pytest.mark.parametrize("several", [list, tuple, set])
@pytest.mark.parametrize("wrong", ["/no/such/folder", ""])
async def test_a_wrong_path_among_several_is_refused_before_anything_is_sent(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, several: Callable[[list[str]], Any], wrong: str
) -> None:
    sources = several([str(fill(tmp_path / "in", 30)), wrong])
    with pytest.raises(InvalidArgumentError, match=r"^source: "):
        await client.assets.sync(sources, ledger=tmp_path / "l", report=tmp_path / "r", collection="foxes")
    assert len(sandbox.requests) == 0


def a_wrong_path() -> Path:
    return Path("/no/such/folder")


def no_path() -> Path:
    raise KeyError("it")


@pytest.mark.parametrize(("source", "named"), [(a_wrong_path, "No such file"), (no_path, "KeyError: 'it'")])
async def test_an_iterator_that_fails_later_is_in_the_report(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, source: Callable[[], Path], named: str
) -> None:
    """The files before the failure are uploaded and placed; it cannot be known before they are sent."""
    folder = fill(tmp_path / "in", 250)

    def sources() -> Iterator[Path]:
        yield folder
        yield source()

    report = await client.assets.sync(
        sources(), ledger=tmp_path / "l", report=tmp_path / "r", collection="foxes"
    )
    assert dict(report.counts) == {"uploaded": 250}
    assert not report.succeeded
    assert report.stopped_by is not None
    assert report.stopped_by.startswith("the source could not be listed to its end: ")
    assert named in report.stopped_by
    (collection,) = sandbox.state.collections.values()
    assert len(collection.asset_ids) == 250


def test_the_blocking_client_syncs_too(tmp_path: Path) -> None:
    with (
        Sandbox() as sandbox,
        Scenario(api_key=sandbox.api_key, api_secret=sandbox.api_secret, base_url=sandbox.base_url) as client,
    ):
        folder = fill(tmp_path / "in", 3)
        report = client.assets.sync(folder, ledger=tmp_path / "l", report=tmp_path / "r")
        assert report.counts["uploaded"] == 3


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_picture(path: Path) -> None:
    path.write_bytes(small_png(1))


def a_note(path: Path) -> None:
    path.write_text("{}\n")


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes in folders")
@pytest.mark.parametrize("argument", ["ledger", "report"])
@pytest.mark.parametrize("make", [Path.mkdir, a_pipe, a_picture, a_note])
async def test_another_file_at_the_place_of_the_ledger_or_report_is_refused_and_kept(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, argument: str, make: Callable[[Path], object]
) -> None:
    """No collection is created either, and an earlier report is not replaced by an empty one."""
    folder = fill(tmp_path / "in", 1)
    paths: dict[str, Any] = {name: tmp_path / name for name in ("ledger", "report")}
    await client.assets.sync(folder, **paths)
    before, results = sandbox.requests.changes.total(), paths["report"].read_bytes()
    other = tmp_path / "other"
    make(other)
    content = other.read_bytes() if other.is_file() else None
    arguments: dict[str, Any] = {**paths, argument: other}
    with pytest.raises(InvalidArgumentError, match=f"^{argument}: "):
        await client.assets.sync(folder, collection="foxes", **arguments)
    assert sandbox.requests.changes.total() == before
    assert paths["report"].read_bytes() == results
    assert not other.is_file() or other.read_bytes() == content


async def test_the_ledger_is_refused_as_the_report(client: AsyncScenario, tmp_path: Path) -> None:
    folder, ledger = fill(tmp_path / "in", 1), tmp_path / "ledger"
    (tmp_path / "link").symlink_to(ledger)
    with pytest.raises(InvalidArgumentError, match=r"^report: another file than the ledger"):
        await client.assets.sync(folder, ledger=ledger, report=tmp_path / "link")


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be removed there")
async def test_a_ledger_that_is_removed_ends_the_sync(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """Otherwise all later pictures would be uploaded, and uploaded again by the next run."""
    folder, ledger = fill(tmp_path / "in", 60), tmp_path / "ledger"
    report = await client.assets.sync(
        folder,
        ledger=ledger,
        report=tmp_path / "report",
        concurrency=1,
        on_progress=lambda _: ledger.unlink(missing_ok=True),
    )
    assert report.stopped_by is not None
    assert "was removed or replaced" in report.stopped_by
    assert len(sandbox.state.assets) < 10


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
async def test_a_full_disk_for_the_report_causes_one_warning_and_the_pictures_are_uploaded(
    client: AsyncScenario, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = fill(tmp_path / "in", 100)
    report = await client.assets.sync(folder, ledger=tmp_path / "ledger", report="/dev/full")
    assert dict(report.counts) == {"uploaded": 100}
    assert report.succeeded
    [warning] = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    assert "the report /dev/full is incomplete" in warning


def test_tables_with_other_columns_are_refused_before_anything_is_sent(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE library_places (scope TEXT, more TEXT)")
    with pytest.raises(InvalidArgumentError, match=r"^ledger: .*no such column"):
        SqliteDatabase(path)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such name")
async def test_a_name_that_is_not_utf_8_is_uploaded_once(client: AsyncScenario, tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", 2)
    (folder / os.fsdecode(b"\xff.png")).write_bytes(small_png(9))
    for status in ("uploaded", "unchanged"):
        report = await client.assets.sync(folder, ledger=tmp_path / "ledger", report=tmp_path / "report")
        assert dict(report.counts) == {status: 3}
