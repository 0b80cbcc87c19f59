"""A sync on a real Dask cluster of worker processes, some of which are killed."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scenario_async import AsyncScenario, Scenario
from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import Delay, HTMLPage, PlanLimit
from scenario_async.work._internal.library import dask_engine
from scenario_async.work._internal.library.shards import ShardSpec, sync_shard
from scenario_async.work._internal.library.sources import Selection, listing
from tests.library.cluster import running_cluster
from tests.library.pictures import fill

pytest.importorskip("distributed", reason="distributed is not installed")
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A sandbox whose credentials are in the environment of the workers."""
    with Sandbox() as sandbox:
        monkeypatch.setenv("SCENARIO_SDK_API_KEY", sandbox.api_key)
        monkeypatch.setenv("SCENARIO_SDK_API_SECRET", sandbox.api_secret)
        monkeypatch.setenv("SCENARIO_BASE_URL", sandbox.base_url)
        yield sandbox


def test_a_cluster_with_killed_workers_uploads_everything_once(
    environment: Sandbox, postgres_ledger: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There are three worker processes, of which two are killed during the sync."""
    monkeypatch.setattr(dask_engine, "FILES_PER_SHARD", 20)
    folder = fill(tmp_path / "in", 300)
    with running_cluster(3) as engine, Scenario() as client:
        pids = list(engine.run(os.getpid).values())

        def kill() -> None:
            for pid, assets in zip(pids[:2], (40, 120), strict=True):
                while len(environment.state.assets) < assets:
                    time.sleep(0.01)
                os.kill(pid, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        report = client.assets.sync(
            folder, ledger=postgres_ledger, report=tmp_path / "r", engine=engine, lease=3, collection="paper"
        )
        killer.join()
    assert report.succeeded, report.summary()
    names = Counter(asset.name for asset in environment.state.assets.values())
    assert len(names) == 300
    assert set(names.values()) == {1}
    assert report.total == 300
    (collection,) = environment.state.collections.values()
    assert sorted(collection.asset_ids) == sorted(environment.state.assets)


def test_a_permanent_refusal_stops_the_whole_cluster(
    environment: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_engine, "FILES_PER_SHARD", 10)
    environment.faults = Faults(Rule(PlanLimit(), on="POST /assets", skip=15))
    folder = fill(tmp_path / "in", 200)
    with running_cluster(2) as engine, Scenario() as client:
        report = client.assets.sync(
            folder, ledger=tmp_path / "l", report=tmp_path / "r", engine=engine, concurrency=2
        )
    assert report.stopped_by is not None
    assert report.stopped_by.startswith("POST /assets returned 429")
    assert dict(report.counts) == {"uploaded": 15, "not tried": 185}
    assert len({one.source for one in report.results()}) == 200
    assert len(environment.state.assets) == 15
    assert len(environment.requests) < 15 + 2 * 2 * 4 + 4


def test_workers_without_credentials_try_no_file_and_each_is_in_the_report(
    environment: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_engine, "FILES_PER_SHARD", 10)
    folder = fill(tmp_path / "in", 100)
    (folder / "dangling.png").symlink_to(tmp_path / "nowhere")
    with Scenario() as client:
        monkeypatch.delenv("SCENARIO_SDK_API_KEY")
        with running_cluster(1) as engine:
            report = client.assets.sync(folder, ledger=tmp_path / "l", report=tmp_path / "r", engine=engine)
    assert dict(report.counts) == {"failed": 1, "not tried": 100}
    assert report.stopped_by is not None
    assert "MissingCredentialsError" in report.stopped_by
    assert not environment.state.assets


async def test_the_workers_of_a_cancelled_sync_stop(
    environment: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask cannot cancel a task that runs, so an event of the cluster stops the workers."""
    monkeypatch.setattr(dask_engine, "FILES_PER_SHARD", 200)
    environment.faults = Faults(Rule(Delay(0.2, "before"), on="POST /assets"))
    folder = fill(tmp_path / "in", 900)
    with running_cluster(1) as engine:
        async with AsyncScenario() as client:
            syncing = asyncio.create_task(
                client.assets.sync(folder, ledger=tmp_path / "l", report=tmp_path / "r", engine=engine)
            )
            async with asyncio.timeout(60):
                while len(environment.state.assets) < 20:  # noqa: ASYNC110 - the sandbox has no event
                    await asyncio.sleep(0.01)
            syncing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await syncing
        await asyncio.sleep(2.5)
        uploaded = len(environment.state.assets)
        await asyncio.sleep(1.5)
        assert len(environment.state.assets) == uploaded < 200


def test_a_shard_that_cannot_place_its_pictures_is_in_the_report(
    environment: Sandbox, tmp_path: Path
) -> None:
    """Its pictures are uploaded, so only `stopped_by` shows it."""
    folder = fill(tmp_path / "in", 5)
    environment.faults = Faults(Rule(HTMLPage(403, "before"), on="PUT *"))
    with running_cluster(1) as engine, Scenario() as client:
        report = client.assets.sync(
            folder, ledger=tmp_path / "l", report=tmp_path / "r", engine=engine, tags=["fox"]
        )
    assert dict(report.counts) == {"uploaded": 5}
    assert not report.succeeded


def test_a_shard_pickles_without_credentials_and_may_run_twice(environment: Sandbox, tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", 5)
    spec = ShardSpec(
        files=tuple(listing(folder, Selection())),
        base_url=environment.base_url,
        project_id=None,
        ledger=str(tmp_path / "ledger"),
    )
    pickled = pickle.dumps(spec)
    assert environment.api_secret.encode() not in pickled
    again: ShardSpec = pickle.loads(pickled)  # noqa: S301 - the bytes come from this test
    assert sync_shard(again).counts == {"uploaded": 5}
    # In the second run every file is in the ledger.
    assert sync_shard(again).counts == {"unchanged": 5}
    assert len(environment.state.assets) == 5
