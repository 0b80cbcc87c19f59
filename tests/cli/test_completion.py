"""Shell completion, as docs/how-to/completion.md sets it up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = str(Path(sys.executable).parent)
COMMAND = Path(SCRIPTS) / "scenario-async"


def run_with(variables: dict[str, str]) -> str:
    path = os.pathsep.join((SCRIPTS, os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, **variables}
    done = subprocess.run(  # noqa: S603 - the command of the package
        [COMMAND], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_is_printed_and_calls_the_program(shell: str) -> None:
    script = run_with({"_SCENARIO_ASYNC_COMPLETE": f"{shell}_source"})
    assert f"_SCENARIO_ASYNC_COMPLETE={shell}_complete" in script
    if checker := shutil.which(shell):
        subprocess.run([checker, "-n"], input=script, text=True, check=True)  # noqa: S603 - a shell's syntax check


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("scenario-async up", "upload"), ("scenario-async upload --dry", "--dry-run")],
    ids=["a command", "an option"],
)
def test_typed_words_are_completed(typed: str, expected: str) -> None:
    words = typed.split()
    completing = {
        "_SCENARIO_ASYNC_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(words) - 1),
    }
    assert expected in run_with(completing).split(",")[1].split()
