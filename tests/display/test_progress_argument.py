"""``progress=True`` of the long calls shows a bar in a real kernel and lines in a pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scenario_async import AsyncScenario
from scenario_async.errors import InvalidArgumentError
from scenario_async.sandbox import Sandbox
from scenario_async.work._internal import timing
from scenario_async.work._internal.timing import Polling, Timing
from tests.display.pages import DATASET

_SET_UP = f"""
from scenario_async import AsyncScenario, Scenario
from scenario_async.sandbox import Sandbox

pictures = {str(DATASET)!r}
sandbox = Sandbox()
await sandbox.start()
options = dict(base_url=sandbox.base_url, api_key=sandbox.api_key, api_secret=sandbox.api_secret)
client = AsyncScenario(**options)
model = (await client.models.create(name="paper")).model
"""

_AWAITED = """
report = await client.models.training_images.upload(model.id, pictures, ledger=False, progress=True)
"""

_BLOCKING = """
import asyncio

def upload():
    with Scenario(**options) as blocking:
        model = blocking.models.create(name="again").model
        return blocking.models.training_images.upload(model.id, pictures, ledger=False, progress=True)

# The sandbox runs on the kernel's event loop, so a call that blocks has to be made in a thread.
report = await asyncio.to_thread(upload)
"""

_SILENT = """
model = (await client.models.create(name="quiet")).model
report = await client.models.training_images.upload(model.id, pictures, ledger=False)
"""

_CALLS = """
import sys
from scenario_async import Scenario


progress = sys.argv[2] == "shown"
with Scenario() as client:
    model = client.models.create(name="paper").model
    images = client.models.training_images
    report = images.upload(model.id, sys.argv[1], ledger=False, progress=progress)
    client.assets.save([one.asset_id for one in report.results[:2]], sys.argv[3], progress=progress)
    client.assets.sync(sys.argv[1], ledger=sys.argv[3] + "/ledger", progress=progress)
"""


def _html_of(outputs: list[Any]) -> list[str]:
    return [one.data["text/html"] for one in outputs if one.output_type == "display_data"]


@pytest.mark.timeout(300)
def test_a_kernel_shows_a_bar_for_an_asynchronous_and_a_blocking_upload() -> None:
    """Each call has one finished bar; without the argument there is none."""
    nbformat: Any = pytest.importorskip("nbformat", reason="nbformat is not installed")
    nbclient: Any = pytest.importorskip("nbclient", reason="nbclient is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    cells = [nbformat.v4.new_code_cell(one) for one in (_SET_UP, _AWAITED, _BLOCKING, _SILENT)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbclient.NotebookClient(notebook, timeout=200, kernel_name="python3").execute()
    for cell in (notebook.cells[1], notebook.cells[2]):
        (bar,) = _html_of(cell.outputs)
        assert 'value="1.0000"' in bar
        assert "14/14 pictures" in bar
    assert notebook.cells[3].outputs == []


@pytest.mark.parametrize("mode", ["shown", "silent"])
def test_a_pipe_gets_the_last_line_of_each_call_and_nothing_without_the_argument(
    mode: str, scenario_environment: object, tmp_path: Path
) -> None:
    del scenario_environment
    command = [sys.executable, "-c", _CALLS, str(DATASET), mode, str(tmp_path)]
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    ran = subprocess.run(  # noqa: S603 - a program of this test
        command, env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout == ""
    if mode == "silent":
        assert ran.stderr == ""
        return
    uploading, saving, syncing = ran.stderr.splitlines()
    assert uploading.startswith("uploading 100%: 14/14 pictures, ")
    assert saving.startswith("saving 100%: 2/2, ")
    assert syncing.startswith("syncing: 28 files, 14 uploaded (9.4 MB), ")


def _last_line(capfd: pytest.CaptureFixture[str]) -> str:
    """The last line; on a slow machine there are lines before it."""
    return capfd.readouterr().err.splitlines()[-1]


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = Polling(first=0.02, factor=1.2, most=0.1)
    monkeypatch.setattr(timing, "TIMING", Timing(jobs=quick, training=quick))


@pytest.mark.usefixtures("_quick")
async def test_training_waiting_and_generating_show_their_stages(
    client: AsyncScenario, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """`on_progress` is called as well."""
    seen: list[str] = []
    report = await client.models.train.from_folder(
        DATASET,
        name="Paper",
        type="flux.1-lora",
        max_cost=None,
        checks="warn",
        ledger=tmp_path / "ledger",
        progress=True,
        on_progress=lambda now: seen.append(now.stage),
    )
    assert _last_line(capfd).startswith("done 100%: ")
    assert {"uploading", "pricing", "done"} <= set(seen)
    await client.models.train.wait(report.model_id, progress=True)
    assert _last_line(capfd) == f"done 100%: {report.model_id}"
    made = await client.generate.run(
        report.model_id, "a lighthouse", max_cost=None, ledger=False, progress=True
    )
    assert "100%" in _last_line(capfd)
    await client.jobs.wait(made.job.job_id, progress=True)
    assert made.job.job_id in _last_line(capfd)


async def test_a_failing_callback_does_not_stop_the_bar(
    client: AsyncScenario, capfd: pytest.CaptureFixture[str]
) -> None:
    calls = 0

    def fail(now: object) -> None:
        nonlocal calls
        calls += 1
        raise RuntimeError(now)

    model = (await client.models.create(name="paper")).model
    await client.models.training_images.upload(
        model.id, DATASET, ledger=False, progress=True, on_progress=fail
    )
    assert calls == 1
    assert "uploading 100%: 14/14 pictures" in capfd.readouterr().err


async def test_a_function_as_progress_is_refused_before_anything_is_sent(
    sandbox: Sandbox, client: AsyncScenario
) -> None:
    with pytest.raises(InvalidArgumentError, match=r"progress.*on_progress"):
        await client.models.training_images.upload("model_1", DATASET, progress=print)  # type: ignore[arg-type]
    assert not list(sandbox.requests)
