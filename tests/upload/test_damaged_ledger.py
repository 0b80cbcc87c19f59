"""A ledger that cannot be read or written costs time, but the upload completes."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Delay, ServerError

from .conftest import Upload
from .pictures import png
from .watching import ASSETS, ATTACH, DOWNLOAD, spoil


def garbage(ledger: Path) -> None:
    ledger.write_bytes(b"no database at all\n" * 1000)


def zeros(ledger: Path) -> None:
    """A file system may leave zeros after a power cut."""
    ledger.write_bytes(bytes(ledger.stat().st_size))


def truncated(ledger: Path) -> None:
    """Cut off in its first page, like an incomplete copy."""
    content = ledger.read_bytes()
    ledger.write_bytes(content[: len(content) - 1000])


def overwritten(ledger: Path) -> None:
    """Some pages are overwritten, but the header is valid."""
    content = ledger.read_bytes()
    ledger.write_bytes(content[:4096] + b"\x5a" * (len(content) - 4096))


def with_schema(statement: str) -> Callable[[Path], None]:
    """A valid database that has another table of the same name."""

    def replace(ledger: Path) -> None:
        ledger.unlink()
        connection = sqlite3.connect(ledger)
        connection.execute("PRAGMA journal_mode = WAL")  # as the ledger has it, so that its header stays
        connection.execute(statement)
        connection.commit()
        connection.close()

    return replace


DAMAGES: dict[str, Callable[[Path], None]] = {
    "garbage": garbage,
    "zeros": zeros,
    "truncated": truncated,
    "overwritten": overwritten,
    "another schema": with_schema("CREATE TABLE pictures (sha256 BLOB, asset TEXT)"),
    "a column more": with_schema(
        "CREATE TABLE pictures (origin, model, sha256, asset_id, state, since, more)"
    ),
    "no key": with_schema("CREATE TABLE pictures (origin, model, sha256, asset_id, state, since)"),
    "a view": with_schema("CREATE VIEW pictures AS SELECT 1 AS origin"),
}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_ledger_is_replaced_and_the_model_shows_what_is_attached(  # noqa: PLR0917 - fixtures
    upload: Upload,
    sandbox: Sandbox,
    model: Model,
    folder_of: Callable[[int], Path],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    damage: str,
) -> None:
    """There are no duplicates.

    Earlier pictures are found by name and content, and a new ledger is written.
    """
    ledger = tmp_path / "state" / "ledger.sqlite3"
    folder = folder_of(12)
    await upload(folder, ledger=ledger)
    DAMAGES[damage](ledger)
    damaged = ledger.read_bytes()
    (folder / "new.png").write_bytes(png(200))
    caplog.clear()
    again = await upload(folder, ledger=ledger)
    assert [result.status for result in again.results] == ["already attached"] * 12 + ["attached"]
    assert len(model.training_images) == len(sandbox.state.assets) == 13
    assert sandbox.requests[DOWNLOAD] == 12
    [warning] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert "is damaged" in warning.getMessage()
    assert str(ledger) in warning.getMessage()
    [aside] = [file for file in ledger.parent.iterdir() if ".damaged-" in file.name]
    assert aside.read_bytes() == damaged
    await upload(folder, ledger=ledger)
    assert sandbox.requests[DOWNLOAD] == 12


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_dry_run_treats_a_damaged_ledger_as_empty_and_changes_nothing(
    upload: Upload, folder_of: Callable[[int], Path], tmp_path: Path, damage: str
) -> None:
    ledger = tmp_path / "state" / "ledger.sqlite3"
    folder = folder_of(2)
    await upload(folder, ledger=ledger)
    DAMAGES[damage](ledger)
    damaged = ledger.read_bytes()
    report = await upload(folder, ledger=ledger, dry_run=True)
    assert [result.status for result in report.results] == ["already attached"] * 2
    assert ledger.read_bytes() == damaged
    assert not [file for file in ledger.parent.iterdir() if ".damaged-" in file.name]


ODD_VALUES: list[tuple[str, object]] = [
    *[("since", value) for value in ("yesterday", float("inf"), -1e300, 1e300, 1e11, b"x")],
    *[("asset_id", value) for value in (None, "", " ", "a\nb", 5, b"\xff", "x" * 1000)],
    *[("state", value) for value in ("", "sent", b"\xff", 5)],
]


@pytest.mark.parametrize(("column", "value"), ODD_VALUES)
@pytest.mark.parametrize("is_emptied", [False, True])
async def test_odd_values_of_an_entry_count_as_unknown(  # noqa: PLR0917 - fixtures
    upload: Upload,
    sandbox: Sandbox,
    model: Model,
    folder_of: Callable[[int], Path],
    tmp_path: Path,
    column: str,
    value: object,
    is_emptied: bool,
) -> None:
    """Another version, another program or a wrong clock wrote them; the list of the model decides.

    If the model lost its images, they are attached again, from their assets if these are found.
    """
    ledger, folder = tmp_path / "ledger.sqlite3", folder_of(3)
    await upload(folder, ledger=ledger)
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute(f"UPDATE pictures SET {column} = ?", (value,))  # noqa: S608 - a name of this test
    if is_emptied:
        model.training_images.clear()
    again = await upload(folder, ledger=ledger)
    assert {result.status for result in again.results} == {"attached" if is_emptied else "already attached"}
    assert len(model.training_images) == 3
    assert len(sandbox.state.assets) == (4 if is_emptied and value == 5 and column == "asset_id" else 3)
    with closing(sqlite3.connect(ledger)) as connection:
        assert connection.execute("SELECT DISTINCT state FROM pictures").fetchall() == [("attached",)]


async def test_a_text_that_is_not_utf_8_is_not_the_end_of_the_ledger(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    """Only its entry counts as unknown; the other entries save the comparison with the model's images."""
    ledger, folder = tmp_path / "ledger.sqlite3", folder_of(3)
    await upload(folder, ledger=ledger)
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute(
            "UPDATE pictures SET asset_id = CAST(x'ff' AS TEXT) "
            "WHERE sha256 = (SELECT min(sha256) FROM pictures)"
        )
    again = await upload(folder, ledger=ledger)
    assert {result.status for result in again.results} == {"already attached"}
    assert sandbox.requests[DOWNLOAD] == 1


async def test_images_of_the_same_name_with_other_content_are_ignored(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(1)
    for number in (200, 201, 202):
        (folder / "00.png").write_bytes(png(number))
        await upload(folder, ledger=False)
    (folder / "00.png").write_bytes(png(201))
    report = await upload(folder, ledger=False)
    assert [result.status for result in report.results] == ["already attached"]
    assert len(model.training_images) == 3


async def test_the_list_of_the_model_is_known_until_the_batch_ends(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """This also holds after another lookup during the batch, which an uncertain group causes."""
    folder = folder_of(14)
    old, new = [folder / f"{number:02}.png" for number in range(4)], sorted(folder.iterdir())[4:]
    await upload(old, ledger=False)
    spoil(
        sandbox, Rule(ServerError(500, "after"), on=ATTACH, times=1), Rule(Delay(0.3, "before"), on=DOWNLOAD)
    )
    report = await upload([*new, *old], ledger=False, concurrency=1)
    assert [result.status for result in report.results] == ["attached"] * 10 + ["already attached"] * 4
    assert len(model.training_images) == 14


async def test_an_expired_download_url_leaves_one_picture_in_doubt_and_the_batch_continues(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """It is not known whether the picture is attached, so it is not sent or attached."""
    folder = folder_of(3)
    await upload(folder / "00.png", ledger=False)
    sandbox.download_url_lifetime = 0
    report = await upload(folder, ledger=False, raise_on_failure=False)
    assert [result.status for result in report.results] == ["in doubt", "attached", "attached"]
    assert report.stopped_by is None
    assert len(model.training_images) == 3


WRITING = """
import asyncio, logging, resource, signal, sys
from scenario_async import AsyncScenario

base_url, model_id, folder, ledger = sys.argv[1:]
logging.basicConfig(format="%(levelname)s %(message)s")
# No file may grow over this, as if the disk were full.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (48 * 1024, resource.RLIM_INFINITY))

async def main():
    async with AsyncScenario(api_key="sandbox-key", api_secret="sandbox-secret", base_url=base_url) as client:
        report = await client.models.training_images.upload(model_id, folder, ledger=ledger, concurrency=1)
        print(report.summary())

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of this kind")
async def test_a_full_disk_causes_one_warning_and_the_upload_completes(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    ledger, folder = tmp_path / "state" / "ledger.sqlite3", folder_of(30)
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WRITING, sandbox.base_url, model.id, folder, ledger),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(program.communicate(), 30)
    assert output.decode().strip() == f"model {model.id}: 30 attached"
    assert errors.decode().count("WARNING") == 1
    assert f"the ledger {ledger}" in errors.decode()
    assert len(model.training_images) == 30
    again = await upload(folder, ledger=ledger)
    assert {result.status for result in again.results} == {"already attached"}
    assert sandbox.requests[ASSETS] == len(model.training_images) == 30


async def test_a_ledger_that_becomes_unwritable_causes_a_warning_and_the_upload_completes(
    upload: Upload,
    model: Model,
    folder_of: Callable[[int], Path],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A trigger refuses each row, as a file that became read-only would."""
    ledger, folder = tmp_path / "ledger.sqlite3", folder_of(3)
    await upload(folder / "00.png", ledger=ledger)
    connection = sqlite3.connect(ledger)
    connection.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON pictures BEGIN SELECT RAISE(ABORT, 'read-only'); END"
    )
    connection.commit()
    connection.close()
    report = await upload(folder, ledger=ledger)
    assert [result.status for result in report.results] == ["already attached", "attached", "attached"]
    assert len(model.training_images) == 3
    assert [record.levelname for record in caplog.records].count("WARNING") == 1


async def test_an_unreadable_page_causes_a_warning_during_the_run_and_the_upload_completes(
    upload: Upload,
    sandbox: Sandbox,
    folder_of: Callable[[int], Path],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The table disappears after the batch opened the ledger."""
    ledger, folder = tmp_path / "ledger.sqlite3", folder_of(3)
    await upload(folder, ledger=ledger)

    def drop(progress: object) -> None:
        del progress
        connection = sqlite3.connect(ledger)
        connection.execute("DROP TABLE IF EXISTS pictures")
        connection.commit()
        connection.close()

    (folder / ".hidden").touch()  # the first report of progress, before any file is looked up
    report = await upload(folder, ledger=ledger, on_progress=drop)
    assert [result.status for result in report.results] == ["skipped"] + ["already attached"] * 3
    assert sandbox.requests[ASSETS] == 3
    assert [record.levelname for record in caplog.records].count("WARNING") == 1
