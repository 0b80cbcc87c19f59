"""Ctrl-C during a batch."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import Cooldown, Delay, Fault, Hang

from .running import PROGRAM, run, start, start_program

AT_ONCE = 5.0
"""The seconds within which an interrupted command ends on a busy machine.

The reliability benchmark measures how long it takes.
"""


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        ("GET /models/{modelId}", Hang("before")),
        ("POST /assets", Hang("before")),
        ("POST /models/{modelId}/training-images", Hang("after")),
        ("POST /assets", Cooldown(60)),
    ],
    ids=lambda value: f"{value}",
)
async def test_ctrl_c_ends_it_immediately_and_the_same_command_resumes(
    sandbox: Sandbox, model: Model, folder_of: Callable[[int], Path], route: str, fault: Fault
) -> None:
    sandbox.faults = Faults(Rule(fault, on=route))
    command = ["upload", str(folder_of(12)), "--model", model.id]
    program = await start(*command)
    while not sandbox.faults.count():  # noqa: ASYNC110 - the sandbox has only counts
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    program.interrupt()
    ended = await program.ended(within=AT_ONCE)
    assert (ended.status, ended.output) == (130, "")
    assert ended.errors.splitlines()[-1].startswith("interrupted: pictures in the training set stay there")
    sandbox.faults.stop()
    again = await run(*command)
    assert again.status == 0
    assert len(model.training_images) == 12


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM there")
@pytest.mark.parametrize("ignored", ["INT", "TERM"])
async def test_sigterm_ends_it_like_ctrl_c_and_leaves_no_partial_file(
    sandbox: Sandbox, tmp_path: Path, ignored: str
) -> None:
    """A shell starts the jobs of a script with SIGINT ignored; a caller may also let SIGTERM be ignored."""
    sandbox.job_duration = 0.05
    fault = Hang("after") if ignored == "INT" else Delay(2.0, "after")
    sandbox.faults = Faults(Rule(fault, on="GET /storage/assets/{assetId}"))
    out = tmp_path / "out"
    words = ["generate", "model_bfl-flux-1-dev", "a fox", "--yes", "--to", str(out)]
    script = f"trap '' {ignored}; exec \"$@\""
    program = await start_program("sh", "-c", script, "sh", PROGRAM, *words)
    while not sandbox.faults.count():  # noqa: ASYNC110 - the sandbox has only counts
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    program.interrupt(signal.SIGTERM)
    ended = await program.ended(within=AT_ONCE)
    assert ended.status == (143 if ignored == "INT" else 0)
    assert ("interrupted: run the same command again" in ended.errors) == (ignored == "INT")
    assert not list(out.glob(".*"))


PRESSED_DURING_AN_IMPORT = """
import sys

class Pressed:
    def find_spec(self, name, *_):
        if name == module:
            raise KeyboardInterrupt

module = sys.argv.pop(1)
sys.meta_path.insert(0, Pressed())
from scenario_async.cli.main import main
main()
"""


@pytest.mark.parametrize("module", ["click", "aiohttp", "rich"])
async def test_ctrl_c_during_the_start_leaves_no_traceback(module: str) -> None:
    program = await start_program(
        *(sys.executable, "-c", PRESSED_DURING_AN_IMPORT, module, "upload", "missing", "--model", "m")
    )
    ended = await program.ended()
    assert (ended.status, ended.output, ended.errors) == (130, "", "")
