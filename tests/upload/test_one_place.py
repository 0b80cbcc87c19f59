"""Two batches of one model take turns, also if they spell its ledger, service or project differently."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from scenario_async import AsyncScenario
from scenario_async._internal.ledgers import origin_of
from scenario_async.sandbox import Model, Rule, Sandbox
from scenario_async.sandbox.faults import Delay, Hang

from .watching import ASSETS, numbers_printed_by, spoil, until

UPLOADING = """
import asyncio, sys
from scenario_async import AsyncScenario

base_url, project, model_id, folder, ledger = sys.argv[1:]
access = {"api_key": "sandbox-key", "api_secret": "sandbox-secret", "base_url": base_url}

async def main():
    async with AsyncScenario(**access, project_id=project or None) as client:
        report = await client.models.training_images.upload(model_id, folder, ledger=ledger or False)
        print(len(report.attached), len(report.having("already attached")))

asyncio.run(main())
"""


@pytest.mark.parametrize(
    "spelling",
    ["link to folder", "link to file", "host", "project", "another ledger", "no ledger", "no ledgers"],
)
async def test_two_processes_with_different_spellings_send_each_picture_once(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], tmp_path: Path, spelling: str
) -> None:
    folder, state = folder_of(15), tmp_path / "state"
    state.mkdir()
    ledger, url = state / "ledger.sqlite3", sandbox.base_url
    first: tuple[str, str, Path | str] = (url, "", ledger)
    second = first
    match spelling:
        case "link to folder":
            (tmp_path / "linked").symlink_to(state)
            second = (url, "", tmp_path / "linked" / "ledger.sqlite3")
        case "link to file":
            (tmp_path / "linked.sqlite3").symlink_to(ledger)
            second = (url, "", tmp_path / "linked.sqlite3")
        case "host":
            second = (url.replace("127.0.0.1", "localhost"), "", ledger)
        case "another ledger":
            second = (url, "", tmp_path / "other" / "ledger.sqlite3")
        case "no ledger":
            second = (url, "", "")
        case "no ledgers":
            first = second = (url, "", "")
        case _:
            second = (url, "proj_1", ledger)
    spoil(sandbox, Rule(Delay(0.02, "before"), on=ASSETS))

    async def run(base_url: str, project: str, path: Path | str) -> list[int]:
        return await numbers_printed_by(UPLOADING, base_url, project, model.id, folder, path)

    assert sorted(await asyncio.gather(run(*first), run(*second))) == [[0, 15], [15, 0]]
    assert len(model.training_images) == len(sandbox.state.assets) == 15
    assert not list(state.glob("*.lock")), "a lock's file stays behind"


@pytest.mark.parametrize(
    "url",
    ["http://LOCALHOST:80/v1/", "http://127.0.0.1/v1", "http://[::1]:80/v1", "http://127.1.2.3/v1"],
)
def test_all_names_of_this_machine_are_the_same_service(url: str) -> None:
    assert origin_of(url) == origin_of("http://localhost/v1")


def test_other_services_differ() -> None:
    urls = [
        "https://a.example/v1",
        "https://a.example/v2",
        "http://a.example/v1",
        "https://a.example:8443/v1",
    ]
    assert len({origin_of(url) for url in urls}) == 4


async def test_a_batch_that_waits_for_another_logs_the_lock_and_the_process(  # noqa: PLR0917 - fixtures
    client: AsyncScenario,
    sandbox: Sandbox,
    model: Model,
    folder_of: Callable[[int], Path],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It logs this once, after a second; a dry run does not wait."""
    folder, ledger = folder_of(2), tmp_path / "ledger.sqlite3"
    upload = client.models.training_images.upload
    spoil(sandbox, Rule(Hang("before"), on=ASSETS, times=1))
    first = asyncio.create_task(upload(model.id, folder, ledger=ledger))
    await until(lambda: sandbox.faults.count() > 0)
    dry = await asyncio.wait_for(upload(model.id, folder, ledger=ledger, dry_run=True), 5)
    assert {result.status for result in dry.results} == {"to send"}
    report = await upload(model.id, folder, ledger=ledger, deadline=1.5, raise_on_failure=False)
    assert {result.status for result in report.results} == {"not tried"}
    [warning] = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    # filelock before 3.30 empties a lock's file while it waits, so the other process is not named there.
    names_holder = tuple(map(int, filelock.__version__.split(".")[:2])) >= (3, 30)
    assert (f"process {os.getpid()}" if names_holder else "another process") in warning
    assert ".lock" in warning
    assert model.id in warning
    first.cancel()
    await asyncio.wait([first])


@pytest.mark.usefixtures("no_home")
async def test_without_a_home_a_warning_is_logged_and_the_upload_completes(
    client: AsyncScenario,
    model: Model,
    folder_of: Callable[[int], Path],
    caplog: pytest.LogCaptureFixture,
) -> None:
    report = await client.models.training_images.upload(model.id, folder_of(2))
    assert report.succeeded
    [warning] = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warning.startswith("there is no folder for the ledger: ")
    assert warning.endswith("; continuing without one")


async def test_an_unwritable_home_causes_a_warning_and_the_upload_completes(  # noqa: PLR0917 - fixtures
    client: AsyncScenario,
    model: Model,
    folder_of: Callable[[int], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The default ledger is optional. In this test a file has the path of the ledger's folder."""
    (tmp_path / "state").write_text("no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    report = await client.models.training_images.upload(model.id, folder_of(2))
    assert report.succeeded
    [warning] = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert "continuing without it" in warning
