"""The reference's page of environment variables has exactly the variables that the code reads."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import getproxies_environment

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "environment.md"

RECORDER = """
import json, os, sys
from collections import defaultdict

readers = defaultdict(set)
environment = type(os.environ)
read = environment.__getitem__


def recording(self, name):
    frame = sys._getframe(1)
    while frame:
        readers[name].add(frame.f_globals.get("__name__", "").partition(".")[0])
        frame = frame.f_back
    return read(self, name)


environment.__getitem__ = recording
from scenario_async.cli.main import main

sys.argv = ["scenario-async", "sync", "docs/examples/dataset", "--sandbox", "--quiet"]
try:
    main()
finally:
    sys.stderr.write("\\n" + json.dumps({name: sorted(found) for name, found in readers.items()}))
"""
"""A program that runs a command and prints which packages were on the stack when a variable was read."""


@pytest.fixture(scope="module")
def variables() -> list[Any]:
    """The variables of the page, from the page's module."""
    names = "name", "reader"
    program = (
        "import json, reference_environment as page;"
        f"print(json.dumps([[getattr(one, name) for name in {names}] for one in page.VARIABLES]))"
    )
    done = subprocess.run(  # noqa: S603 - a program of this test
        [sys.executable, "-c", program], cwd=ROOT / "docs", capture_output=True, text=True, check=True
    )
    return list(json.loads(done.stdout))


def names_read_by_the_package() -> set[str]:
    """The names in capitals in each module of the package that reads the environment."""
    found: set[str] = set()
    for path in (ROOT / "scenario_async").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if not re.search(r"\bos\.(environ|getenv)\b|import (environ|getenv)\b", text):
            continue
        constants = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
        found |= {
            one
            for one in constants
            if isinstance(one, str) and re.fullmatch(r"_?[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", one)
        }
    return found


def test_the_page_names_the_variables_that_the_package_reads(variables: list[tuple[str, str]]) -> None:
    """A new variable in the code fails this test, and so does a variable that the code no longer reads."""
    own = {name for name, reader in variables if reader == "scenario_async"}
    assert own == names_read_by_the_package()


def test_the_page_has_a_section_for_every_variable(variables: list[tuple[str, str]]) -> None:
    shown = re.findall(r"^### (\w+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert shown == [name for name, _ in variables]


def test_the_named_packages_read_their_variables(variables: list[tuple[str, str]], tmp_path: Path) -> None:
    """One run of `sync` reads every variable of rich, platformdirs and click on the page."""
    done = subprocess.run(  # noqa: S603 - a program of this test
        [sys.executable, "-c", RECORDER],
        cwd=ROOT,
        env={"FORCE_COLOR": "1", "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        check=True,
    )
    readers = json.loads(done.stderr.splitlines()[-1])
    expected = [(name, reader) for name, reader in variables if reader in {"rich", "platformdirs", "click"}]
    assert len(expected) > 3
    assert [one for one in expected if one[1] not in readers.get(one[0], ())] == []
    assert list((tmp_path / "state" / "scenario-async").iterdir())


def test_the_proxy_variables_are_those_that_python_reads(
    variables: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (name for name, reader in variables if reader == "urllib"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
        assert name.partition("_")[0].lower() in getproxies_environment()
