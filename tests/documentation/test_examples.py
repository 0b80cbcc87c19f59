"""Every code block of README.md and docs/ runs unchanged against a sandbox."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

ROOT = Path(__file__).parents[2]
PAGES = [
    page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if not page.read_text(encoding="utf-8").startswith("# client.")  # see test_operation_examples.py
]

WITHOUT_ACCOUNT = ("index.md", "questions.md", "tutorial.md")
"""Pages whose examples a reader can run without credentials."""

SET_UP = ("python -m pip install",)
"""Commands that install the project, which `.ci/run` runs unchanged."""


def run_shell(example: Example) -> None:
    """Run the commands of a block with the interpreter's scripts first on the path.

    The commands get no credentials: a reader of the first pages has none.
    """
    commands = [line for line in example.parsed.splitlines() if not line.startswith(SET_UP)]
    if not commands:
        return
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCENARIO_")}
    done = subprocess.run(  # noqa: S603 - commands of the documentation
        ["bash", "-euc", "\n".join(commands)],  # noqa: S607 - commands of the documentation
        env={**environment, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def parsed(page: Path) -> Document:
    """The page's blocks; a block in a language that the tests cannot run raises an error."""
    shell = CodeBlockParser(language="bash", evaluator=run_shell)
    parsers: list[Callable[[Document], Iterable[Region]]] = [PythonCodeBlockParser(), shell]
    return Sybil(parsers=parsers, path=str(page.parent)).parse(page)


@pytest.mark.usefixtures("scenario_environment")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_of_the_page_runs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    if page.name in WITHOUT_ACCOUNT:
        for name in ("SCENARIO_BASE_URL", "SCENARIO_SDK_API_KEY", "SCENARIO_SDK_API_SECRET"):
            monkeypatch.delenv(name)
    examples = list(parsed(page))
    text = page.read_text()
    lines = text.splitlines()
    # The documentation site draws the diagrams, and fails if one is invalid.
    fences = sum(line.startswith("```") for line in lines) // 2 - lines.count("```mermaid")
    assert len(examples) == fences, "a fence is in a language that is not run"
    for example in examples:
        example.namespace["__name__"] = "__main__"  # as in a program or a notebook
        example.evaluate()


@pytest.mark.usefixtures("scenario_environment")
def test_the_program_for_a_cluster_runs_as_a_file(tmp_path: Path) -> None:
    """Each process of the cluster imports the file again, and must not start a cluster of its own."""
    page = ROOT / "docs" / "how-to" / "cluster.md"
    program = tmp_path / "program.py"
    program.write_text(next(iter(parsed(page))).parsed, encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - a program of the documentation
        [sys.executable, program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "14 uploaded" in done.stdout
