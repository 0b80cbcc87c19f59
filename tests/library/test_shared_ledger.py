"""The shared ledger ends the claims that nobody received, and no others, when it is closed."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from scenario_async import AsyncScenario
from scenario_async.sandbox import Sandbox
from scenario_async.work._internal.library import examining, run, shared_ledger
from scenario_async.work._internal.library.claims import Claim, Claimed, Held, Known
from scenario_async.work._internal.library.database import open_database
from scenario_async.work._internal.library.ledger import LibraryLedger
from scenario_async.work._internal.library.shared_ledger import SharedLedger
from scenario_async.work._internal.library.sources import Found
from tests.library.pictures import fill

A, B = "a" * 64, "b" * 64
_SCOPE = "https://service project"


def shared(ledger: str) -> SharedLedger:
    return SharedLedger(ledger, _SCOPE, "one", 60)


def claimed_by_another(ledger: str, *digests: str, lease: float = 60) -> dict[str, Claim]:
    """Claim contents as another worker."""
    another = LibraryLedger(open_database(ledger), _SCOPE, "two")
    claims = another.claim(digests, lease)
    another.close()
    return claims


def slow_down(monkeypatch: pytest.MonkeyPatch, name: str) -> list[object]:
    """Delay a transaction in its thread, and return a list of the calls."""
    method: Any = getattr(LibraryLedger, name)
    calls: list[object] = []

    def slow(*arguments: Any) -> Any:
        calls.append(arguments)
        time.sleep(0.1)
        return method(*arguments)

    monkeypatch.setattr(LibraryLedger, name, slow)
    return calls


async def until_called(calls: list[object]) -> None:
    while not calls:  # noqa: ASYNC110 - called in another thread
        await asyncio.sleep(0.001)


async def cancel(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_database_is_closed_if_its_caller_is_cancelled_while_it_is_opened(
    ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would stay open otherwise, and Python would give a ResourceWarning."""
    calls, closed = list[object](), threading.Event()

    def slow(*arguments: Any, **options: Any) -> Any:
        calls.append(arguments)
        time.sleep(0.1)
        database: Any = open_database(*arguments, **options)
        closing = database.close

        def close() -> None:
            closing()
            closed.set()

        monkeypatch.setattr(database, "close", close)
        return database

    monkeypatch.setattr(shared_ledger, "open_database", slow)
    opening = asyncio.create_task(shared(ledger).__aenter__())
    await until_called(calls)
    await cancel(opening)
    assert await asyncio.to_thread(closed.wait, 10)


async def test_a_claim_of_a_cancelled_caller_is_free_after_the_close(
    ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction goes on without its caller, who sent nothing.

    The second claim waits for the transaction of the first one.
    """
    calls = slow_down(monkeypatch, "claim")
    async with shared(ledger) as one:
        first = asyncio.create_task(one.claim(A))
        await until_called(calls)
        second = asyncio.create_task(one.claim(B))
        await asyncio.sleep(0)
        await cancel(first, second)
    assert claimed_by_another(ledger, A, B) == {A: Claimed(None), B: Claimed(None)}


async def test_a_taken_over_claim_of_a_cancelled_caller_keeps_its_original_time(ledger: str) -> None:
    """An earlier owner may have sent the content, so the next one searches for the asset."""
    claimed_by_another(ledger, A, lease=0)
    async with shared(ledger) as one:
        claiming = asyncio.create_task(one.claim(A))
        await asyncio.sleep(0)
        await cancel(claiming)
    claim = claimed_by_another(ledger, A)[A]
    assert isinstance(claim, Claimed)
    assert claim.first_claimed_at is not None


async def test_a_received_claim_stays_after_the_close(ledger: str) -> None:
    """Its owner may have sent the content, and only the owner knows."""
    async with shared(ledger) as one:
        assert await one.claim(A) == Claimed(None)
        assert await one.claim(B) == Claimed(None)
        await one.give_up(B, anything_sent=False)
    claims = claimed_by_another(ledger, A, B)
    assert isinstance(claims[A], Held)
    assert claims[B] == Claimed(None)


async def test_claims_that_are_given_up_together_end_in_one_transaction(
    ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the ledger is locked, a transaction takes half a minute, so one for each claim would be too slow."""
    digests = [f"{number:064}" for number in range(20)]
    calls = slow_down(monkeypatch, "release"), slow_down(monkeypatch, "forget")
    async with shared(ledger) as one:
        for digest in digests:
            await one.claim(digest)
        async with asyncio.TaskGroup() as tasks:
            for number, digest in enumerate(digests):
                tasks.create_task(one.give_up(digest, anything_sent=number % 2 == 0))
    assert [len(one) for one in calls] == [1, 1]
    claims = [claimed_by_another(ledger, digest)[digest] for digest in digests]
    assert all(isinstance(claim, Claimed) for claim in claims)
    forgotten = [claim for claim in claims if claim == Claimed(None)]
    assert len(forgotten) == 10


async def test_the_records_of_cancelled_callers_are_written_before_the_close(
    ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The assets exist, so the next run must not send their contents again."""
    calls = slow_down(monkeypatch, "record")
    async with shared(ledger) as one:
        for digest in (A, B):
            await one.claim(digest)
        first = asyncio.create_task(one.record(A, "asset_1", "/a.png", "1"))
        await until_called(calls)
        second = asyncio.create_task(one.record(B, "asset_2", "/b.png", "1"))
        await asyncio.sleep(0)
        await cancel(first, second)
    assert claimed_by_another(ledger, A, B) == {A: Known("asset_1"), B: Known("asset_2")}


async def test_a_sync_that_is_cancelled_during_a_claim_does_not_delay_the_next_one(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the next sync would wait a minute, until the lease of the claim has ended."""
    folder, ledger = fill(tmp_path / "in", 30), tmp_path / "ledger"
    calls = slow_down(monkeypatch, "claim")
    syncing = asyncio.create_task(client.assets.sync(folder, ledger=ledger, report=tmp_path / "1.jsonl"))
    await until_called(calls)
    await cancel(syncing)
    assert not sandbox.state.assets
    async with asyncio.timeout(30):
        report = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "2.jsonl")
    assert dict(report.counts) == {"uploaded": 30}


async def test_a_sync_that_is_cancelled_after_a_large_picture_was_sent_does_not_delay_the_next_one(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is cancelled while it checks that the file was not changed; the next sync finds the asset."""
    folder, ledger, calls = fill(tmp_path / "in", 1), tmp_path / "ledger", list[object]()

    def slow_check(found: Found) -> bool:
        calls.append(found)
        time.sleep(0.1)
        return False

    monkeypatch.setattr(examining, "_HELD_BYTES", 0)
    monkeypatch.setattr(run, "has_changed", slow_check)
    syncing = asyncio.create_task(client.assets.sync(folder, ledger=ledger, report=tmp_path / "1.jsonl"))
    await until_called(calls)
    await cancel(syncing)
    async with asyncio.timeout(30):
        report = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "2.jsonl")
    assert report.succeeded
    assert [report.counts["uploaded"], len(sandbox.state.assets)] == [1, 1]


async def test_a_large_picture_that_is_changed_while_it_is_sent_fails_and_is_free_for_the_next_run(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sent content may be neither the old nor the new one."""
    folder, ledger = fill(tmp_path / "in", 1), tmp_path / "ledger"
    monkeypatch.setattr(examining, "_HELD_BYTES", 0)
    monkeypatch.setattr(run, "has_changed", bool)
    report = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "1.jsonl")
    assert dict(report.counts) == {"failed": 1}
    assert "the file was changed while it was sent" in report.summary()
    async with asyncio.timeout(30):
        again = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "2.jsonl")
    assert dict(again.counts) == {"failed": 1}
    assert len(sandbox.state.assets) == 1
