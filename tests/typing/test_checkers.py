"""The type checkers accept this folder, and find a type for each public name."""  # noqa: INP001 - see below

# This folder is not a package, because its name is that of a module of the standard library.

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import scenario_async

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a checker as the project configures it; skips the test if it is not installed."""
    pytest.importorskip(tool)
    # pyright searches for the package in the first Python that it finds.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return subprocess.run(  # noqa: S603 - tools of the project
        [sys.executable, "-m", tool, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        check=False,
    )


def test_mypy_accepts_this_folder() -> None:
    checked = run("mypy", "--strict", str(FOLDER))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_pyright_accepts_this_folder() -> None:
    checked = run("pyright", str(FOLDER))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_everything_public_has_a_type() -> None:
    checked = run("pyright", "--verifytypes", "scenario_async", "--ignoreexternal", "--outputjson")
    report = json.loads(checked.stdout)["typeCompleteness"]
    assert Path(report["packageRootDirectory"]) == Path(scenario_async.__file__).parent
    untyped = [
        f"{symbol['name']}: {diagnostic['message']}"
        for symbol in report["symbols"]
        if symbol["isExported"] and not symbol["isTypeKnown"]
        for diagnostic in symbol["diagnostics"]
    ]
    assert untyped == []
    assert report["completenessScore"] == 1
