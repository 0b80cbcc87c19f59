"""A ledger that cannot be written can be read by a dry run and by ``sync status``."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from scenario_async import AsyncScenario, InvalidArgumentError, Scenario
from scenario_async.sandbox import Sandbox
from scenario_async.work._internal.library import database, run
from scenario_async.work._internal.library.examining import Examined, examine
from scenario_async.work._internal.library.reading import Reader
from scenario_async.work._internal.library.sources import Found
from tests.library.pictures import fill

_READ = """
import os, sys
from pathlib import Path
from scenario_async.work._internal.library.database import SqliteDatabase
from scenario_async.work._internal.library.ledger import LibraryLedger
from scenario_async.work._internal.library.scopes import scopes

if os.geteuid() == 0:  # who may write any file
    os.setuid(65534)
path = Path(sys.argv[1])
database = SqliteDatabase(path, read_only=True)
for scope in scopes(database):
    print(LibraryLedger(database, scope, "status").counts())
database.close()
"""


@pytest.mark.skipif(os.name == "nt", reason="folders there have no such permission")
@pytest.mark.parametrize("folder_mode", [0o555, 0o777])
def test_a_ledger_without_write_permission_is_read(tmp_path: Path, folder_mode: int) -> None:
    with (
        # Other users cannot enter the folders of pytest.
        TemporaryDirectory(prefix="scenario-ledger-") as shared,
        Sandbox() as sandbox,
        Scenario(api_key=sandbox.api_key, api_secret=sandbox.api_secret, base_url=sandbox.base_url) as client,
    ):
        ledger = Path(shared, "ledger")
        client.assets.sync(fill(tmp_path / "in", 3), ledger=ledger, report=tmp_path / "r")
        ledger.chmod(0o444)
        Path(shared).chmod(folder_mode)
        command = [sys.executable, "-c", _READ, str(ledger)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - a script of this module
        Path(shared).chmod(0o755)
    assert ran.stdout == "{'uploaded': 3, 'claimed': 0, 'abandoned': 0, 'sources': 3}\n", ran.stderr


async def test_a_dry_run_reads_a_ledger_that_cannot_be_written(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It renews no claims, although it takes longer than a lease."""
    folder, ledger = fill(tmp_path / "in", 3), tmp_path / "ledger"
    await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r")
    fill(folder, 1, start=9)

    def refuse(*_: object, **__: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    def slow_examine(reader: Reader, found: Found) -> Examined:
        time.sleep(0.3)
        return examine(reader, found)

    monkeypatch.setattr(database, "connect_to_write", refuse)
    monkeypatch.setattr(run, "examine", slow_examine)
    report = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r", dry_run=True, lease=0.1)
    assert dict(report.counts) == {"unchanged": 3, "to send": 1}
    with pytest.raises(InvalidArgumentError, match=r"^ledger: .*readonly"):
        await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r")
    assert len(sandbox.state.assets) == 3
