"""The default ledger and report of a sync, in the state folder of the user."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario_async import AsyncScenario, InvalidArgumentError
from scenario_async._internal import ledgers
from scenario_async.sandbox import Sandbox
from tests.library.pictures import fill


@pytest.mark.usefixtures("no_state_folder")
async def test_without_a_place_for_the_defaults_it_names_both_arguments(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    folder, ledger, report = fill(tmp_path / "in", 2), tmp_path / "l", tmp_path / "r"
    with pytest.raises(InvalidArgumentError, match=r"^ledger: .* pass `ledger=`, .*, and `report=`, "):
        await client.assets.sync(folder, collection="c")
    with pytest.raises(InvalidArgumentError, match=r"^ledger: .* pass `ledger=`, .*, and `report=`, "):
        await client.assets.sync(folder, collection="c", report=report)
    with pytest.raises(InvalidArgumentError, match=r"^report: .*a file"):
        await client.assets.sync(folder, collection="c", ledger=ledger)
    assert len(sandbox.requests) == 0
    assert (await client.assets.sync(folder, ledger=ledger, report=report)).succeeded


async def test_the_newest_twenty_reports_are_kept_in_the_folder_of_the_default_ledger(
    client: AsyncScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other files there, and reports elsewhere, are the user's own."""
    state = tmp_path / "state"
    state.mkdir()
    monkeypatch.setattr(ledgers, "default_ledger", lambda: state / "uploads.sqlite3")
    old = [f"sync-20200101-000000-{number:06}.jsonl" for number in range(30)]
    for name in (*old, "sync-mine.jsonl", "sync-20200101-000000.jsonl"):
        (state / name).touch()
    report = await client.assets.sync(fill(tmp_path / "in", 1))
    others = {"uploads.sqlite3", "sync-mine.jsonl", "sync-20200101-000000.jsonl"}
    assert {one.name for one in state.iterdir()} - others == {*old[-19:], report.path.name}
    assert report.path.stat().st_size > 0
    (state / old[0]).touch()
    await client.assets.sync(tmp_path / "in", report=state / "sync-20200101-000000-000001.jsonl")
    assert (state / old[0]).exists()
