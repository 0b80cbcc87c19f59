"""The ledger: information that a second run gets from the first run."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from scenario_async import AsyncScenario, PermissionDeniedError
from scenario_async._internal.ledgers import default_ledger
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Fault, PictureModerated, PlanLimit, ServerError
from scenario_async.upload._internal.ledger import Target
from scenario_async.upload._internal.ledger_file import SQLiteLedger

from .conftest import Upload
from .pictures import png
from .watching import ASSETS, ATTACH, DOWNLOAD, changing, open_files, spoil


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """The path of a ledger in a folder that does not exist yet."""
    return tmp_path / "state" / "of uploads" / "ledger.sqlite3"


async def test_a_second_run_sends_nothing(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], ledger: Path
) -> None:
    folder = folder_of(12)
    first = await upload(folder, ledger=ledger)
    sandbox.requests.clear()
    again = await upload(folder, ledger=ledger)
    assert [result.status for result in again.results] == ["already attached"] * 12
    assert [result.asset_id for result in again.results] == [result.asset_id for result in first.results]
    assert [result.caption for result in again.results] == [result.caption for result in first.results]
    assert again.images_before == 12
    assert dict(sandbox.requests.counts()) == {"GET /models/{modelId}": 1}


async def test_a_changed_file_counts_as_a_new_one(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], ledger: Path
) -> None:
    folder = folder_of(2)
    await upload(folder, ledger=ledger)
    (folder / "00.png").write_bytes(png(200))
    again = await upload(folder, ledger=ledger)
    assert [result.status for result in again.results] == ["attached", "already attached"]
    assert sandbox.requests.changes[ASSETS] == 3
    assert len(model.training_images) == 3


async def test_a_renamed_or_moved_file_is_not_sent_again(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], ledger: Path, tmp_path: Path
) -> None:
    folder = folder_of(2)
    await upload(folder, ledger=ledger)
    before = changing(sandbox)
    (folder / "00.png").rename(folder / "renamed.png")
    moved = folder.rename(tmp_path / "moved")
    again = await upload(moved, ledger=ledger)
    assert [result.status for result in again.results] == ["already attached"] * 2
    assert changing(sandbox) == before


async def test_a_picture_that_was_sent_but_not_attached_is_only_attached(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], ledger: Path
) -> None:
    folder = folder_of(4)
    spoil(sandbox, Rule(PlanLimit(), on=ATTACH))
    await upload(folder, ledger=ledger, raise_on_failure=False)
    assert not model.training_images
    sandbox.faults.stop()
    again = await upload(folder, ledger=ledger)
    assert [(result.status, result.attempts) for result in again.results] == [("attached", 0)] * 4
    assert sandbox.requests[ASSETS] == len(sandbox.state.assets) == 4


async def test_an_image_that_the_user_removed_is_attached_again_without_being_sent(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], ledger: Path
) -> None:
    folder = folder_of(3)
    first = await upload(folder, ledger=ledger)
    model.detach(first.results[1].asset_id or "")
    again = await upload(folder, ledger=ledger)
    assert [result.status for result in again.results] == ["already attached", "attached", "already attached"]
    assert again.results[1].asset_id == first.results[1].asset_id
    assert sandbox.requests[ASSETS] == 3


async def test_assets_that_were_deleted_are_created_again(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], ledger: Path
) -> None:
    """Two assets of a group are deleted; the others of the group are not sent again."""
    folder = folder_of(5)
    first = await upload(folder, ledger=ledger)
    ids = [result.asset_id or "" for result in first.results]
    for asset_id in ids:
        model.detach(asset_id)
    for asset_id in (ids[1], ids[3]):
        del sandbox.state.assets[asset_id]
    again = await upload(folder, ledger=ledger)
    assert [result.status for result in again.results] == ["attached"] * 5
    new_ids = [result.asset_id for result in again.results]
    assert [new == old for new, old in zip(new_ids, ids, strict=True)] == [True, False, True, False, True]
    assert sandbox.requests[ASSETS] == 7
    assert sorted(model.training_images) == sorted(sandbox.state.assets)
    third = await upload(folder, ledger=ledger)
    assert [result.asset_id for result in third.results] == new_ids
    assert {result.status for result in third.results} == {"already attached"}


async def test_a_picture_whose_deleted_asset_cannot_be_created_again_fails_alone(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], ledger: Path
) -> None:
    folder = folder_of(3)
    first = await upload(folder, ledger=ledger)
    asset_id = first.results[1].asset_id or ""
    model.detach(asset_id)
    del sandbox.state.assets[asset_id]
    spoil(sandbox, Rule(PictureModerated(), on=ASSETS))
    again = await upload(folder, ledger=ledger, raise_on_failure=False)
    assert [result.status for result in again.results] == ["already attached", "failed", "already attached"]
    assert isinstance(again.results[1].error, PermissionDeniedError)
    assert again.stopped_by is None


@pytest.mark.parametrize("case", [(PictureModerated(), []), (ServerError(500, "before"), ["sending"])])
async def test_the_entry_of_a_failed_picture_stays_only_if_its_asset_may_exist(
    upload: Upload,
    sandbox: Sandbox,
    folder_of: Callable[[int], Path],
    ledger: Path,
    case: tuple[Fault, list[str]],
) -> None:
    """The next run searches for the asset of each such entry."""
    fault, states = case
    spoil(sandbox, Rule(fault, on=ASSETS))
    await upload(folder_of(1), ledger=ledger, retry_budget=0, raise_on_failure=False)
    connection = sqlite3.connect(ledger)
    found = [state for (state,) in connection.execute("SELECT state FROM pictures")]
    connection.close()
    assert found == states


async def test_another_model_does_not_use_the_entries(
    upload: Upload, sandbox: Sandbox, folder_of: Callable[[int], Path], ledger: Path
) -> None:
    folder = folder_of(2)
    await upload(folder, ledger=ledger)
    other = sandbox.state.add_model(name="another", type="flux.1-lora")
    report = await upload(folder, ledger=ledger, to=other.id)
    assert {(result.status, result.attempts) for result in report.results} == {("attached", 1)}
    assert sandbox.requests[ASSETS] == 4


async def test_a_model_is_the_same_whether_or_not_its_project_is_named(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], ledger: Path
) -> None:
    """A model's id is unique without its project.

    A run with a project uses the entries of a run without one.
    """
    folder = folder_of(2)
    await upload(folder, ledger=ledger, client={"project_id": "proj_1"})
    for image in list(model.training_images):
        model.detach(image)
    report = await upload(folder, ledger=ledger)
    assert {(result.status, result.attempts) for result in report.results} == {("attached", 0)}
    assert sandbox.requests[ASSETS] == 2


async def test_another_base_url_does_not_use_the_entries(
    upload: Upload, model: Model, folder_of: Callable[[int], Path], ledger: Path
) -> None:
    folder = folder_of(2)
    await upload(folder, ledger=ledger)
    async with Sandbox() as other:
        other.state.models[model.id] = other.state.add_model(name="of the same id", type="flux.1-lora")
        report = await upload(folder, ledger=ledger, client={"base_url": other.base_url})
        assert {(result.status, result.attempts) for result in report.results} == {("attached", 1)}
        assert other.requests[ASSETS] == 2


@pytest.mark.parametrize("ledger", [False, True])
async def test_without_a_ledger_the_model_is_compared_by_name_and_content(
    upload: Upload, sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], ledger: bool
) -> None:
    """With a ledger, the model is compared only for pictures that the ledger does not have."""
    folder = folder_of(3)
    await upload(folder, ledger=False)
    (folder / "00.png").write_bytes(png(200))
    (folder / "new.png").write_bytes(png(201))
    sandbox.requests.clear()
    again = await upload(folder, ledger=ledger)
    assert [result.status for result in again.results] == [
        "attached",
        "already attached",
        "already attached",
        "attached",
    ]
    assert sandbox.requests[DOWNLOAD] == 3
    assert sandbox.requests[ASSETS] == 2
    assert len(model.training_images) == 5


async def test_without_a_ledger_a_renamed_file_is_sent_again(
    upload: Upload, model: Model, folder_of: Callable[[int], Path]
) -> None:
    """The service returns no digests, so only the name shows which images to compare."""
    folder = folder_of(1)
    await upload(folder, ledger=False)
    (folder / "00.png").rename(folder / "renamed.png")
    await upload(folder, ledger=False)
    assert len(model.training_images) == 2


def files_in(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


async def test_without_a_ledger_no_file_is_written(
    upload: Upload, folder_of: Callable[[int], Path], tmp_path: Path, state_folder: Path
) -> None:
    del state_folder
    folder = folder_of(2)
    before = files_in(tmp_path)
    await upload(folder, ledger=False)
    assert files_in(tmp_path) == before


async def test_by_default_the_ledger_is_in_the_users_state_folder(
    upload: Upload,
    sandbox: Sandbox,
    folder_of: Callable[[int], Path],
    state_folder: Path,
) -> None:
    folder = folder_of(2)
    await upload(folder)
    ledger = default_ledger()
    assert ledger.parent.name == "scenario-async"
    assert ledger in files_in(state_folder)
    await upload(folder, ledger=True)
    assert sandbox.requests[ASSETS] == 2
    assert sandbox.requests[DOWNLOAD] == 0


@pytest.mark.parametrize("kind", [str, Path])
async def test_the_ledger_is_at_the_given_path(
    upload: Upload, folder_of: Callable[[int], Path], ledger: Path, kind: type
) -> None:
    await upload(folder_of(1), ledger=kind(ledger))
    assert ledger in files_in(ledger.parent)


async def test_a_batch_that_is_cancelled_at_its_end_closes_the_ledger(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing, written = threading.Event(), threading.Event()

    def write_slowly(*_: object) -> list[Any]:
        writing.set()
        written.wait(10)
        return []

    monkeypatch.setattr(SQLiteLedger, "_execute", write_slowly)

    async def use() -> None:
        async with SQLiteLedger(ledger, Target("http://localhost", "model")).opened():
            pass

    task = asyncio.create_task(use())
    await asyncio.to_thread(writing.wait, 10)
    assert str(ledger) in open_files()
    task.cancel()
    threading.Timer(0.05, written.set).start()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert str(ledger) not in open_files()


async def test_no_credentials_are_in_the_ledger(
    credentials: Mapping[str, Any], model: Model, folder_of: Callable[[int], Path], ledger: Path
) -> None:
    import base64

    async with AsyncScenario(**credentials) as client:
        await client.models.training_images.upload(model.id, folder_of(2), ledger=ledger)
    both = f"{credentials['api_key']}:{credentials['api_secret']}".encode()
    secrets = [credentials["api_key"].encode(), credentials["api_secret"].encode(), base64.b64encode(both)]
    written = b"".join(file.read_bytes() for file in ledger.parent.iterdir())
    assert model.id.encode() in written
    assert not [secret for secret in secrets if secret in written]
