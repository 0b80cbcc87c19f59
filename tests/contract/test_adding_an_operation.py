"""The steps in CONTRIBUTING.md that add an operation work as written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
_STEP: Final = re.compile(
    r"^ *```python\n *# (?:at the end of|in) (?P<file>[\w./]+)"
    r"(?:, (?P<where>after|before): (?P<line>[^\n]+))?\n"
    r"(?P<code>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)
_COPIED: Final = ("scenario_async", "tests", "docs")
_NOT_COPIED: Final = shutil.ignore_patterns("__pycache__", ".venv")
_CHECKS: Final = (
    "tests/contract/beyond",
    "tests/contract/test_sandbox_routes.py",
    "tests/documentation/test_reference.py",
    "tests/unit/test_public_api.py",
)


def follow(instructions: str, folder: Path) -> set[str]:
    """Apply the code blocks to a copy of the project, and return the changed files."""
    changed: set[str] = set()
    for step in _STEP.finditer(instructions):
        path = folder / step["file"]
        code = re.sub("^   ", "", step["code"], flags=re.MULTILINE)  # the indentation of the list
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        anchor = f"{step['line']}\n"
        if step["where"] is None:
            text = f"{text}\n\n{code}" if text else code
        else:
            assert text.count(anchor) == 1, f"{step['file']} has no single line {step['line']!r}"
            text = text.replace(anchor, anchor + code if step["where"] == "after" else f"{code}\n\n{anchor}")
        path.write_text(text, encoding="utf-8")
        changed.add(step["file"])
    return changed


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy, so that it imports the copy instead of the installed package."""
    return subprocess.run(  # noqa: S603 - commands of this test
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.timeout(600)  # starts pytest twice, which can take two minutes on a busy machine
def test_the_steps_of_the_contributing_page_add_an_operation(tmp_path: Path) -> None:
    """The steps change four files and the change log.

    The contract tests, the sandbox, the reference and the list of public names pass.
    """
    for name in _COPIED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=_NOT_COPIED)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    changed = follow((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), tmp_path)
    assert changed == {
        "scenario_async/values/model.py",
        "scenario_async/resources/models.py",
        "scenario_async/sandbox/_internal/routes/models.py",
        "tests/contract/beyond/test_model_statistics.py",
    }
    written = run(tmp_path, "docs/make_reference.py")
    assert written.returncode == 0, written.stderr
    assert "Count the training images" in (tmp_path / "docs/reference/models.md").read_text(encoding="utf-8")
    listed = run(tmp_path, "-m", "tests.unit.public_api")
    assert listed.returncode == 0, listed.stderr
    checks = (*_CHECKS, "tests/contract/test_declarations.py::test_all_operations")
    checked = run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", *checks)
    assert checked.returncode == 0, checked.stdout
    (tmp_path / "tests/contract/beyond/test_model_statistics.py").unlink()
    refused = run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", checks[-1])
    assert refused.returncode == 1, "an operation that no test names has to be refused"
