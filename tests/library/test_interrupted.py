"""Killed workers, lost responses and permanent refusals: no picture is lost and none is uploaded twice."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from scenario_async import AsyncScenario
from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Delay, Drop, PlanLimit, ServerError
from scenario_async.upload._internal import adoption
from scenario_async.work._internal.library.claims import Held
from scenario_async.work._internal.library.database import open_database
from scenario_async.work._internal.library.ledger import LibraryLedger
from scenario_async.work._internal.library.scopes import scope_of
from tests.library.pictures import fill

_WORKER = """
import sys
from scenario_async import Scenario

with Scenario() as client:
    source, ledger, path = sys.argv[1:]
    report = client.assets.sync(source, ledger=ledger, report=path, lease=2, collection="paper")
sys.exit(0 if report.succeeded else 1)
"""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


def started(sandbox: Sandbox, *arguments: object) -> subprocess.Popen[bytes]:
    """A worker in another process, with the credentials in its environment."""
    environment = {
        **os.environ,
        "SCENARIO_SDK_API_KEY": sandbox.api_key,
        "SCENARIO_SDK_API_SECRET": sandbox.api_secret,
        "SCENARIO_BASE_URL": sandbox.base_url,
    }
    command = [sys.executable, "-c", _WORKER, *map(str, arguments)]
    return subprocess.Popen(command, env=environment)  # noqa: S603 - a script of the tests


def once_each(sandbox: Sandbox, count: int) -> bool:
    names = Counter(asset.name for asset in sandbox.state.assets.values())
    return len(names) == count and set(names.values()) == {1}


def test_the_work_of_killed_workers_is_completed(ledger: str, tmp_path: Path) -> None:
    """Three workers share a ledger, and two of them are killed: every picture is uploaded once."""
    folder = fill(tmp_path / "in", 150)
    with Sandbox() as sandbox:
        workers = [started(sandbox, folder, ledger, tmp_path / f"{number}.jsonl") for number in range(3)]
        for worker, assets in zip(workers[:2], (20, 60), strict=True):
            while len(sandbox.state.assets) < assets:
                time.sleep(0.005)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        assert workers[2].wait(90) == 0
        assert once_each(sandbox, 150)
        (collection,) = sandbox.state.collections.values()
        assert sorted(collection.asset_ids) == sorted(sandbox.state.assets)


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be paused by a signal here")
def test_a_worker_that_was_paused_sends_nothing_that_another_worker_has_sent(
    ledger: str, tmp_path: Path
) -> None:
    """A laptop sleeps for longer than its claims are valid; meanwhile, another machine does the work."""
    folder = fill(tmp_path / "in", 60)
    with Sandbox(faults=Faults(Rule(Delay(0.6, "before"), on="POST /assets"))) as sandbox:
        paused = started(sandbox, folder, ledger, tmp_path / "paused.jsonl")
        while len(sandbox.state.assets) < 16:
            time.sleep(0.005)
        time.sleep(0.3)  # until it waits for responses, and does not lock the ledger
        paused.send_signal(signal.SIGSTOP)
        try:
            assert started(sandbox, folder, ledger, tmp_path / "other.jsonl").wait(60) == 0
        finally:
            paused.send_signal(signal.SIGCONT)
        assert paused.wait(60) == 0
        assert once_each(sandbox, 60)


@pytest.mark.parametrize("seed", range(6))
async def test_lost_responses_cause_no_duplicates(sandbox: Sandbox, tmp_path: Path, seed: int) -> None:
    """A third of all responses is lost after the processing, so the assets are searched for."""
    folder = fill(tmp_path / "in", 40)
    sandbox.faults = Faults(
        Rule(Drop("after"), on="POST *", probability=0.3),
        Rule(ServerError(503, "before"), probability=0.1),
        seed=seed,
    )
    report = None
    for number in range(5):
        async with AsyncScenario(
            api_key=sandbox.api_key, api_secret=sandbox.api_secret, base_url=sandbox.base_url
        ) as client:
            report = await client.assets.sync(
                folder, ledger=tmp_path / "ledger", report=tmp_path / f"{number}.jsonl"
            )
        if report.succeeded:
            break
    assert report is not None
    assert report.succeeded, report.summary()
    assert once_each(sandbox, 40)


async def test_an_exhausted_plan_stops_all_workers_immediately(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    folder = fill(tmp_path / "in", 60)
    sandbox.faults = Faults(Rule(PlanLimit(), on="POST /assets", skip=10))
    report = await client.assets.sync(
        folder, ledger=tmp_path / "ledger", report=tmp_path / "r.jsonl", concurrency=4
    )
    assert not report.succeeded
    assert report.stopped_by is not None
    assert report.total == 60
    assert report.counts["uploaded"] == len(sandbox.state.assets) == 10
    assert len(sandbox.requests) <= 10 + 4 + 2


async def test_an_asset_is_found_behind_any_number_of_newer_assets(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search for a killed worker's asset ends at the time of its claim, not after a number of pages."""
    monkeypatch.setattr(adoption, "_PAGE_SIZE", 1)
    ledger = tmp_path / "ledger"
    folder = fill(tmp_path / "in", 1)
    (path,) = folder.iterdir()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    dead = LibraryLedger(open_database(ledger), scope_of(client.assets.sender), "dead")
    dead.claim([digest], 0)
    dead.close()
    await client.assets.upload(image=path, name=path.name)
    others = fill(tmp_path / "others", 205, start=10)
    await client.assets.sync(others, ledger=tmp_path / "other ledger", report=tmp_path / "1.jsonl")
    report = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "2.jsonl")
    assert report.succeeded
    assert once_each(sandbox, 206)


def claimed_by_a_dead_worker(client: AsyncScenario, ledger: Path, folder: Path, lease: float) -> None:
    (path,) = folder.iterdir()
    dead = LibraryLedger(open_database(ledger), scope_of(client.assets.sender), "dead")
    dead.claim([hashlib.sha256(path.read_bytes()).hexdigest()], lease)
    dead.close()


async def test_a_worker_that_died_while_the_clock_was_a_day_ahead_is_waited_for_only_for_a_lease(
    client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, ledger, now = fill(tmp_path / "in", 1), tmp_path / "ledger", time.time
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: now() + 86_400)
        claimed_by_a_dead_worker(client, ledger, folder, 60)
    async with asyncio.timeout(20):
        report = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r", lease=1)
    assert dict(report.counts) == {"uploaded": 1}


def test_a_claim_that_is_renewed_after_the_clock_was_ahead_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time
    one, two = (LibraryLedger(open_database(tmp_path / "l"), "https://service ", name) for name in "ab")
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: now() + 86_400)
        one.claim(["a" * 64], 60)
    claim = two.claim(["a" * 64], 60)["a" * 64]
    assert isinstance(claim, Held)
    assert claim.has_wrong_time
    assert claim.seconds > 86_000
    one.renew(60)
    two.end_wrong_claim("a" * 64, 60)
    assert isinstance(two.claim(["a" * 64], 60)["a" * 64], Held)
    one.close()
    two.close()


async def test_the_log_says_for_what_a_sync_waits(
    client: AsyncScenario, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder, ledger = fill(tmp_path / "in", 1), tmp_path / "ledger"
    claimed_by_a_dead_worker(client, ledger, folder, 5)
    async with asyncio.timeout(20):
        report = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r")
    assert report.succeeded
    (message,) = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    assert "waits for a worker that is sending the same content; if it has died, for " in message
