"""A sync whose ledger cannot be used any more ends with a report that has a result for each file."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from scenario_async import APITimeoutError, AsyncScenario
from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Delay
from scenario_async.work._internal.library import creating
from scenario_async.work._internal.library.ledger import LibraryLedger, SourceState
from tests.library.pictures import fill

pytestmark = pytest.mark.skipif(os.name == "nt", reason="an open file cannot be removed there")

_LOCKED_SECONDS = 1.5


def removed(ledger: Path) -> None:
    ledger.unlink()


def locked(ledger: Path) -> None:
    """Lock the ledger for longer than a renewal of the claims may take."""
    connection = sqlite3.connect(ledger, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    asyncio.get_running_loop().call_later(_LOCKED_SECONDS, connection.close)


async def synced_with_lost_ledger(
    sandbox: Sandbox, client: AsyncScenario, lose: Callable[[Path], None], folder: Path, ledger: Path
) -> Any:
    """Sync a folder, and lose the ledger during the first uploads, which are slower than a renewal."""
    sandbox.faults = Faults(Rule(Delay(10, "before"), on="POST /assets"))
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        syncing = tasks.create_task(
            client.assets.sync(
                folder, ledger=ledger, report=ledger.with_suffix(".jsonl"), concurrency=2, lease=0.5
            )
        )
        while sandbox.requests["POST /assets"] < 2:  # noqa: ASYNC110 - the sandbox has no event
            await asyncio.sleep(0.01)
        lose(ledger)
    return syncing.result()


@pytest.mark.parametrize("lose", [removed, locked])
async def test_claims_that_cannot_be_renewed_end_a_sync_of_few_files_with_a_report(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    """All files are with the workers already, so each of them may have been sent."""
    folder = fill(tmp_path / "in", 4)
    report = await synced_with_lost_ledger(sandbox, client, lose, folder, tmp_path / "ledger")
    assert "the claims could not be renewed" in report.stopped_by
    assert dict(report.counts) == {"in doubt": 4}


@pytest.mark.parametrize("lose", [removed, locked])
async def test_claims_that_cannot_be_renewed_end_a_sync_of_many_files_with_a_report(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    """Files that wait for a worker, and files that are listed later, were not tried."""
    folder = fill(tmp_path / "in", 420)
    report = await synced_with_lost_ledger(sandbox, client, lose, folder, tmp_path / "ledger")
    assert "the claims could not be renewed" in report.stopped_by
    assert dict(report.counts) == {"in doubt": 4, "not tried": 416}
    assert sandbox.requests["POST /assets"] < 5


async def test_an_upload_that_ends_otherwise_than_by_its_cancellation_does_not_keep_a_sync_from_ending(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A timeout at the same moment may hide the cancellation of a worker, which then looks for more files."""

    async def send(*_: object) -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise APITimeoutError(in_doubt=False) from None
        return ""

    monkeypatch.setattr(creating, "send", send)
    folder, ledger = fill(tmp_path / "in", 30), tmp_path / "ledger"
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        syncing = tasks.create_task(
            client.assets.sync(folder, ledger=ledger, report=tmp_path / "r", concurrency=2, lease=0.5)
        )
        while not ledger.exists():  # noqa: ASYNC110 - made in another thread
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        removed(ledger)
    assert syncing.result().total == 30
    assert syncing.result().stopped_by is not None
    assert not sandbox.state.assets


@pytest.mark.parametrize("again", [False, True])
async def test_files_that_cannot_be_looked_up_are_reported(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, again: bool
) -> None:
    """The ledger is removed before the second group of files is looked up, in the first or second run.

    The later groups are not looked up, since each attempt may take long.
    """
    folder, ledger = fill(tmp_path / "in", 850), tmp_path / "ledger"
    if again:
        await client.assets.sync(folder, ledger=ledger, report=tmp_path / "1.jsonl")
    look_up, calls = LibraryLedger.look_up, list[int]()

    def counted(self: LibraryLedger, versions: Mapping[str, str]) -> dict[str, SourceState]:
        calls.append(len(versions))
        return look_up(self, versions)

    monkeypatch.setattr(LibraryLedger, "look_up", counted)
    before = len(sandbox.state.assets)
    report = await client.assets.sync(
        folder,
        ledger=ledger,
        report=tmp_path / "2.jsonl",
        concurrency=1,
        on_progress=lambda _: ledger.unlink(missing_ok=True),
    )
    assert report.stopped_by is not None
    assert "was removed or replaced" in report.stopped_by
    assert report.total == 850
    assert report.counts["not tried"] >= 640
    assert len(calls) <= 2
    assert len(sandbox.state.assets) < before + 10
