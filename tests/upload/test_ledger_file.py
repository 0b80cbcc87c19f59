"""The ledger's file: commits are grouped, durable, and shared by processes."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from attrs import evolve

from scenario_async import AsyncScenario
from scenario_async._internal.ledgers import origin_of
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Delay
from scenario_async.upload._internal.ledger import Entry, Target
from scenario_async.upload._internal.ledger_file import SQLiteLedger

from .conftest import Upload
from .watching import ASSETS, ATTACH, numbers_printed_by, spoil

TARGET = Target("https://service.example/v1", "model_1")


class Counting(sqlite3.Connection):
    """Counts the executed statements."""

    executed: ClassVar[Counter[str]] = Counter()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_trace_callback(lambda statement: self.executed.update([statement]))


def entry(number: int) -> Entry:
    return Entry(number.to_bytes(32), f"asset_{number}", "asset")


def rows(path: Path) -> int:
    """The number of entries that another reader finds."""
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT count(*) FROM pictures").fetchone()[0])
    finally:
        connection.close()


def replaced(path: Path) -> Path:
    """The damaged file beside a ledger."""
    beside = (file for file in path.parent.iterdir() if ".damaged-" in file.name)
    [damaged] = [file for file in beside if not file.name.endswith(("-wal", "-shm"))]
    return damaged


async def test_a_waiting_write_is_done_although_the_batch_is_cancelled(tmp_path: Path) -> None:
    """Another statement runs on a slow disk, so this one has not begun when the batch is cancelled."""
    path, disk = tmp_path / "ledger.sqlite3", threading.Event()
    ledger = SQLiteLedger(path, TARGET)
    async with ledger.opened():
        slow = ledger._thread.submit(disk.wait, 10)  # pyright: ignore[reportPrivateUsage]
        writing = asyncio.create_task(ledger.write(entry(1)))
        await asyncio.sleep(0.05)
        writing.cancel()
        await asyncio.wait([writing])
        disk.set()
        assert await asyncio.wrap_future(slow)
        assert writing.cancelled()
        assert await ledger.get(entry(1).sha256) == entry(1)
    assert rows(path) == 1


async def test_a_write_is_on_the_disk_when_the_call_returns(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    ledger = SQLiteLedger(path, TARGET)
    async with ledger.opened():
        for number in range(3):
            await ledger.write(entry(number))
            assert rows(path) == number + 1
        await ledger.forget(entry(1).sha256)
        assert rows(path) == 2
        assert await ledger.get(entry(1).sha256) is None
        assert await ledger.get(entry(2).sha256) == entry(2)


async def test_the_entries_of_an_earlier_run_are_found(tmp_path: Path) -> None:
    """The next run of the same target finds them; a run of another target does not."""
    path = tmp_path / "ledger.sqlite3"
    first, second, other = (
        SQLiteLedger(path, TARGET),
        SQLiteLedger(path, TARGET),
        SQLiteLedger(path, evolve(TARGET, model_id="x")),
    )
    async with first.opened():
        await first.write(entry(1), entry(2))
        await first.forget(entry(1).sha256)
    async with second.opened(), other.opened():
        assert await second.get(entry(1).sha256) is None
        assert await second.get(entry(2).sha256) == entry(2)
        assert await other.get(entry(2).sha256) is None


async def test_a_batch_that_waits_for_another_batch_can_be_cancelled(tmp_path: Path) -> None:
    """It ends immediately, and the other batch keeps the lock."""
    path = tmp_path / "ledger.sqlite3"
    holder, waiter = SQLiteLedger(path, TARGET), SQLiteLedger(path, TARGET)

    async def wait() -> None:
        async with waiter.opened():
            raise AssertionError("two batches of one model at the same time")

    async with holder.opened():
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0.2)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(waiting, 1)
        await holder.write(entry(1))
    assert rows(path) == 1
    async with SQLiteLedger(path, TARGET).opened():
        pass


async def test_simultaneous_writes_share_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit waits for the disk; a hundred simultaneous writes need two or three commits, not a hundred."""
    path = tmp_path / "ledger.sqlite3"
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Counting))
    ledger = SQLiteLedger(path, TARGET)
    async with ledger.opened():
        Counting.executed.clear()
        await asyncio.gather(*(ledger.write(entry(number)) for number in range(100)))
        assert 0 < Counting.executed["COMMIT"] < 10
        assert rows(path) == 100


async def test_a_write_waits_for_no_commit_after_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So pictures that are sent at the same time share commits, although they write at different times."""
    path = tmp_path / "ledger.sqlite3"
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Counting))
    ledger, tasks, writes = SQLiteLedger(path, TARGET), 16, 10

    async def write_one_after_another(first: int) -> None:
        for number in range(first, first + writes):
            await ledger.write(entry(number))

    async with ledger.opened():
        Counting.executed.clear()
        await asyncio.gather(*(write_one_after_another(number * writes) for number in range(tasks)))
        assert writes <= Counting.executed["COMMIT"] <= 2 * writes + 2
        assert rows(path) == tasks * writes


async def test_a_new_ledger_is_not_read_for_each_picture(
    upload: Upload, folder_of: Callable[[int], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no entries, so there is nothing to find; a run with entries reads the entry of each picture."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Counting))

    async def reads() -> int:
        Counting.executed.clear()
        assert (await upload(folder_of(3), ledger=tmp_path / "ledger.sqlite3")).succeeded
        return sum(count for text, count in Counting.executed.items() if text.startswith("SELECT asset_id"))

    assert await reads() == 0
    assert await reads() == 3


async def test_a_ledger_shows_its_path_and_its_model(tmp_path: Path) -> None:
    assert "model_1" in repr(SQLiteLedger(tmp_path / "ledger", TARGET))
    assert str(tmp_path / "ledger") in repr(SQLiteLedger(tmp_path / "ledger", TARGET))


async def test_the_table_of_the_first_version_is_copied_once(tmp_path: Path) -> None:
    """An entry that is removed later stays removed, because the old table is deleted."""
    path = tmp_path / "ledger.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE entries (base_url, project, model, sha256, asset_id, state)")
    connection.executemany(
        "INSERT INTO entries VALUES ('https://service.example/v1/', NULL, 'model_1', ?, ?, ?)",
        [(entry(1).sha256, "asset_1", "sent"), (entry(2).sha256, "asset_2", "attached")],
    )
    connection.commit()
    connection.close()
    target = evolve(TARGET, origin=origin_of(TARGET.origin))
    first, second = SQLiteLedger(path, target), SQLiteLedger(path, target)
    async with first.opened():
        assert await first.get(entry(1).sha256) == entry(1)
        assert await first.get(entry(2).sha256) == evolve(entry(2), state="attached")
        await first.forget(entry(1).sha256)
    async with second.opened():
        assert await second.get(entry(1).sha256) is None
        assert await second.get(entry(2).sha256) is not None


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be renamed there")
async def test_a_replaced_file_keeps_the_entries_of_its_log(tmp_path: Path) -> None:
    """Commits are first only in the log (``-wal``), here because another program has the file open."""
    path = tmp_path / "ledger.sqlite3"
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE pictures (sha256 BLOB)")
    other.execute("INSERT INTO pictures VALUES (x'00')")
    other.commit()
    async with SQLiteLedger(path, TARGET).opened():
        assert rows(replaced(path)) == 1
    other.close()


@pytest.mark.parametrize("read_only", [False, True])
async def test_a_fork_in_another_thread_closes_the_file_and_the_next_use_opens_it(
    tmp_path: Path, read_only: bool
) -> None:
    """Any thread may fork the process. These two calls are done before and after a fork."""
    path = tmp_path / "ledger.sqlite3"
    first, second = SQLiteLedger(path, TARGET), SQLiteLedger(path, TARGET, read_only=read_only)
    async with first.opened():
        await first.write(entry(1))
    async with second.opened():
        file = second._file  # pyright: ignore[reportPrivateUsage]
        assert file is not None
        assert file.close_for_fork()
        file.open_after_fork()
        assert await second.get(entry(1).sha256) == entry(1)


async def test_two_batches_of_one_model_at_the_same_time_send_each_picture_once(
    client: AsyncScenario, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path]
) -> None:
    folder = folder_of(6)
    upload = client.models.training_images.upload
    first, second = await asyncio.gather(upload(model.id, folder), upload(model.id, folder))
    assert sorted([len(first.attached), len(second.attached)]) == [0, 6]
    assert first.succeeded
    assert second.succeeded
    assert sandbox.requests[ASSETS] == len(model.training_images) == 6


async def test_batches_of_many_models_share_a_new_ledger(
    client: AsyncScenario, sandbox: Sandbox, folder_of: Callable[[int], Path], tmp_path: Path
) -> None:
    """They do not wait for each other, and their entries do not conflict."""
    folder, ledger = folder_of(3), tmp_path / "ledger.sqlite3"
    models = [sandbox.state.add_model(name=str(number), type="flux.1-lora") for number in range(8)]
    spoil(sandbox, Rule(Delay(0.05, "before"), on=ATTACH))
    reports = await asyncio.gather(
        *(client.models.training_images.upload(model.id, folder, ledger=ledger) for model in models)
    )
    assert all(report.succeeded for report in reports)
    assert [len(model.training_images) for model in models] == [3] * 8
    assert rows(ledger) == 24


UPLOADING = """
import asyncio, sys
from scenario_async import AsyncScenario

base_url, model_id, folder, ledger = sys.argv[1:]

async def main():
    async with AsyncScenario(api_key="sandbox-key", api_secret="sandbox-secret", base_url=base_url) as client:
        report = await client.models.training_images.upload(model_id, folder, ledger=ledger)
        print(len(report.attached), len(report.having("already attached")))

asyncio.run(main())
"""


@pytest.mark.parametrize("same_model", [True, False])
async def test_two_processes_on_one_ledger_send_each_picture_once(
    sandbox: Sandbox, folder_of: Callable[[int], Path], tmp_path: Path, same_model: bool
) -> None:
    folder, ledger = folder_of(15), tmp_path / "state" / "ledger.sqlite3"
    models = [sandbox.state.add_model(name=str(number), type="flux.1-lora") for number in range(2)]
    ids = [models[0].id, models[0 if same_model else 1].id]
    spoil(sandbox, Rule(Delay(0.02, "before"), on=ASSETS))

    async def run(model_id: str) -> list[int]:
        return await numbers_printed_by(UPLOADING, sandbox.base_url, model_id, folder, ledger)

    counts = sorted(await asyncio.gather(*map(run, ids)))
    assert counts == ([[0, 15], [15, 0]] if same_model else [[15, 0], [15, 0]])
    assert sandbox.requests[ASSETS] == len(sandbox.state.assets) == (15 if same_model else 30)
    assert {len(model.training_images) for model in models} == ({0, 15} if same_model else {15})
