"""A ledger of another account is not used, since its files would count as uploaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario_async import AsyncScenario, InvalidArgumentError
from scenario_async.errors import InternalServerError
from scenario_async.sandbox import Faults, Rule, Sandbox
from scenario_async.sandbox.faults import HTMLPage, ServerError
from scenario_async.work._internal.library import account
from scenario_async.work._internal.library.shards import ShardSpec, sync_shard
from scenario_async.work.sync import list_files
from tests.library.pictures import fill

_LOOK = "POST /assets/get-bulk"


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look only twice, without pauses."""
    monkeypatch.setattr(account, "LATE_LOOKS", (0.0, 0.0))


@pytest.mark.parametrize("dry_run", [False, True])
async def test_the_ledger_of_another_account_is_refused_before_anything_is_sent(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, *, dry_run: bool
) -> None:
    """The library of the other account is empty, as at the same URL with another key."""
    folder, ledger = fill(tmp_path / "in", 5), tmp_path / "ledger"
    await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r")
    sandbox.state.assets.clear()
    changes = sandbox.requests.changes
    with pytest.raises(
        InvalidArgumentError, match=r"^ledger: the ledger of this account .* 5 assets"
    ) as raised:
        await client.assets.sync(
            folder, ledger=ledger, report=tmp_path / "r", collection="foxes", dry_run=dry_run
        )
    assert str(ledger) in str(raised.value)
    assert sandbox.requests.changes == changes
    report = await client.assets.sync(folder, ledger=tmp_path / "new", report=tmp_path / "r")
    assert dict(report.counts) == {"uploaded": 5}


async def test_a_ledger_is_used_if_one_of_its_assets_exists(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    folder, ledger = fill(tmp_path / "in", 5), tmp_path / "ledger"
    await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r")
    for asset_id in list(sandbox.state.assets)[1:]:
        del sandbox.state.assets[asset_id]
    report = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r")
    assert dict(report.counts) == {"unchanged": 5}


async def test_entries_of_a_project_whose_assets_do_not_exist_for_the_key_are_left_out(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    """The key of the first client was of another account, so the second one uploads its own."""
    folder, ledger = fill(tmp_path / "in", 5), tmp_path / "ledger"
    await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r")
    sandbox.state.assets.clear()
    named = client.with_options(project_id="proj_sandbox")
    for status in ("uploaded", "unchanged"):
        report = await named.assets.sync(folder, ledger=ledger, report=tmp_path / "r")
        assert dict(report.counts) == {status: 5}
    assert len(sandbox.state.assets) == 5


@pytest.mark.parametrize("status", [403, 404])
async def test_a_service_that_refuses_to_look_assets_up_proves_nothing(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path, status: int
) -> None:
    folder, ledger = fill(tmp_path / "in", 5), tmp_path / "ledger"
    await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r")
    sandbox.faults = Faults(Rule(HTMLPage(status, "before"), on=_LOOK))
    report = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r")
    assert dict(report.counts) == {"unchanged": 5}


async def test_a_service_that_fails_to_look_assets_up_ends_a_sync_before_anything_is_sent_but_no_dry_run(
    sandbox: Sandbox, client: AsyncScenario, tmp_path: Path
) -> None:
    folder, ledger = fill(tmp_path / "in", 5), tmp_path / "ledger"
    await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r")
    fill(folder, 1, start=9)
    client = client.with_options(max_retries=0)
    sandbox.faults = Faults(Rule(ServerError(500, "before"), on=_LOOK))
    with pytest.raises(InternalServerError):
        await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r")
    assert len(sandbox.state.assets) == 5
    report = await client.assets.sync(folder, ledger=ledger, report=tmp_path / "r", dry_run=True)
    assert dict(report.counts) == {"unchanged": 5, "to send": 1}


def test_a_shard_refuses_the_ledger_of_another_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sandbox() as sandbox:
        monkeypatch.setenv("SCENARIO_SDK_API_KEY", sandbox.api_key)
        monkeypatch.setenv("SCENARIO_SDK_API_SECRET", sandbox.api_secret)
        spec = ShardSpec(
            files=tuple(list_files(fill(tmp_path / "in", 5))),
            base_url=sandbox.base_url,
            project_id=None,
            ledger=str(tmp_path / "ledger"),
        )
        assert sync_shard(spec).counts == {"uploaded": 5}
        sandbox.state.assets.clear()
        with pytest.raises(InvalidArgumentError, match=r"^ledger: the ledger of this account"):
            sync_shard(spec)
        assert not sandbox.state.assets
