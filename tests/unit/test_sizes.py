"""Limits for the size of files, functions and declarations."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from scenario_async import AsyncScenario
from scenario_async._internal.declare.catalogue import catalogue

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "scenario_async"

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50
"""Without its signature and its docstring."""
MOST_ROOMS = 14
MOST_LINES_OF_AN_OPERATION = 42
"""Of values/ and resources/: requests, responses and the lines that declare operations."""


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with the number of lines of its body, without its docstring."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            is_documented = ast.get_docstring(node) is not None
            body = node.body[1:] if is_documented else node.body
            length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            yield f"{path.relative_to(ROOT)}:{node.name}", length


def test_no_file_is_too_long() -> None:
    sources = [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "docs").rglob("*.py")]
    assert {path.name: lines_of(path) for path in sources if lines_of(path) > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_too_long() -> None:
    found = [one for path in PACKAGE.rglob("*.py") for one in functions(path)]
    assert [one for one in found if one[1] > MOST_LINES_OF_A_FUNCTION] == []


def test_the_root_has_few_modules() -> None:
    rooms = [
        one for one in PACKAGE.iterdir() if one.suffix == ".py" or (one.is_dir() and any(one.rglob("*.py")))
    ]
    assert len(rooms) <= MOST_ROOMS


def test_an_operation_is_declared_in_few_lines() -> None:
    client = AsyncScenario(api_key="key", api_secret="secret")
    count = len({one.request_type for one in catalogue(client) if one.request_type is not None})
    lines = sum(map(lines_of, [*(PACKAGE / "values").glob("*.py"), *(PACKAGE / "resources").glob("*.py")]))
    assert lines / count <= MOST_LINES_OF_AN_OPERATION
