"""Ctrl-C during a batch."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scenario_async.sandbox import Faults, Model, Rule, Sandbox
from scenario_async.sandbox.faults import Cooldown, Fault, Hang

from .running import run, start, start_program

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
