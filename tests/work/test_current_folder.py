"""In a current folder that was removed, an argument with a relative path is named, and nothing is sent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scenario_async import AsyncScenario
from scenario_async.errors import InvalidArgumentError
from scenario_async.sandbox import Sandbox

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the current folder cannot be removed here")

BASE = "model_bfl-flux-1-dev"


@pytest.fixture(autouse=True)
def _removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "removed"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()


@pytest.mark.parametrize("path", [".", "pictures"])
async def test_a_generation_names_its_folder(sandbox: Sandbox, client: AsyncScenario, path: str) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^to: .* The current folder was removed"):
        await client.generate.run(BASE, "a fox", max_cost=None, to=path)
    assert len(sandbox.requests) == 0


async def test_a_relative_ledger_is_named(sandbox: Sandbox, client: AsyncScenario) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^ledger: .* The current folder was removed"):
        await client.generate.run(BASE, "a fox", max_cost=None, ledger="ledger.sqlite3")
    assert len(sandbox.requests) == 0


async def test_an_upload_names_its_folder(sandbox: Sandbox, client: AsyncScenario) -> None:
    model = sandbox.state.add_model(name="paper", type="flux.1-lora")
    with pytest.raises(InvalidArgumentError, match=r"^images: the folder is empty"):
        await client.models.training_images.upload(model.id, ".")
    assert len(sandbox.requests) == 0


async def test_a_sync_names_its_source(sandbox: Sandbox, client: AsyncScenario) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^source: it cannot be read"):
        await client.assets.sync(".")
    assert sandbox.requests["POST /assets"] == 0


async def test_absolute_paths_work(client: AsyncScenario, tmp_path: Path) -> None:
    report = await client.generate.run(BASE, "a fox", max_cost=None, to=tmp_path / "out")
    assert len(report.paths) == 1
