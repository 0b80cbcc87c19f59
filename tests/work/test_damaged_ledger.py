"""A damaged ledger that an upload replaces still knows what was paid."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from scenario_async import AsyncScenario, InvalidArgumentError
from scenario_async.sandbox import Model, Sandbox

BASE = "model_bfl-flux-1-dev"


@pytest.fixture(autouse=True)
def _fast(sandbox: Sandbox) -> None:
    sandbox.job_duration = 0.05


def break_table(ledger: Path, table: str) -> None:
    """Overwrite the first page of a table."""
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with ledger.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x99" * size)


async def test_an_upload_that_replaces_a_damaged_table_keeps_payments_and_libraries(
    sandbox: Sandbox, client: AsyncScenario, model: Model, folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    ledger, folder = tmp_path / "state" / "ledger.sqlite3", folder_of(3)
    await client.models.training_images.upload(model.id, folder, ledger=ledger)
    await client.assets.sync(folder, ledger=ledger, report=tmp_path / "first")
    first = await client.generate.run(BASE, "a fox", max_cost=None, key="k", ledger=ledger)
    break_table(ledger, "pictures")
    report = await client.models.training_images.upload(model.id, folder, ledger=ledger)
    assert len(report.results) == 3
    assert len(list(ledger.parent.glob("*.damaged-*"))) == 1
    again = await client.generate.run(BASE, "a fox", max_cost=None, key="k", ledger=ledger)
    assert again.job.job_id == first.job.job_id
    assert len(sandbox.state.jobs) == 1
    synced = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "second")
    assert dict(synced.counts) == {"unchanged": 3}


@pytest.mark.parametrize("damage", ["the other tables too", "the whole file"])
async def test_nothing_is_paid_or_synced_while_earlier_entries_cannot_be_read(  # noqa: PLR0917 - fixtures
    sandbox: Sandbox,
    client: AsyncScenario,
    model: Model,
    folder_of: Callable[[int], Path],
    tmp_path: Path,
    damage: str,
) -> None:
    """The upload replaces the file and goes on. The message names the damaged file."""
    ledger, folder = tmp_path / "state" / "ledger.sqlite3", folder_of(3)
    await client.models.training_images.upload(model.id, folder, ledger=ledger)
    await client.assets.sync(folder, ledger=ledger, report=tmp_path / "first")
    await client.generate.run(BASE, "a fox", max_cost=None, key="k", ledger=ledger)
    if damage == "the whole file":
        ledger.write_bytes(b"noise" * 10_000)
    else:
        break_table(ledger, "pictures")
        break_table(ledger, "work")
        break_table(ledger, "library_contents")
    assert (await client.models.training_images.upload(model.id, folder, ledger=ledger)).succeeded
    [aside] = ledger.parent.glob("*.damaged-*")
    for _ in range(2):
        with pytest.raises(InvalidArgumentError, match=aside.name):
            await client.generate.run(BASE, "a fox", max_cost=None, key="k", ledger=ledger)
    assert len(sandbox.state.jobs) == 1
    assets = len(sandbox.state.assets)
    with pytest.raises(InvalidArgumentError, match=aside.name):
        await client.assets.sync(folder, ledger=ledger, report=tmp_path / "second")
    assert len(sandbox.state.assets) == assets
    aside.rename(tmp_path / "moved")
    await client.generate.run(BASE, "a fox", max_cost=None, key="k", ledger=ledger)
    assert len(sandbox.state.jobs) == 2
