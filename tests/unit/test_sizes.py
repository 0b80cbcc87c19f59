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
"""With its signature and without its docstring."""
LONGER_FUNCTIONS = {"scenario_async/sandbox/_internal/server.py:__init__": 66}
"""`Sandbox` has 24 arguments, and passes them on by name so that a type checker compares them."""
MOST_MODULES = 14
MOST_LINES_OF_AN_OPERATION = 42
"""The limit for values/ and resources/: requests, responses and the lines that declare operations."""


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path, root: Path) -> Iterator[tuple[str, int]]:
    """Each function with its number of lines, with the signature and without the docstring."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = node.body[0] if ast.get_docstring(node) is not None else None
            yield f"{path.relative_to(root).as_posix()}:{node.name}", _lines(node) - _lines(documented)


def _lines(node: ast.stmt | None) -> int:
    return 0 if node is None else (node.end_lineno or 0) - node.lineno + 1


def test_no_file_is_too_long() -> None:
    sources = [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "docs").rglob("*.py")]
    assert {path.name: lines_of(path) for path in sources if lines_of(path) > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_too_long() -> None:
    """This applies to the package, the tests and the tools."""
    folders = [PACKAGE, ROOT / "tests", ROOT / "tools"]
    found = [one for folder in folders for path in folder.rglob("*.py") for one in functions(path, ROOT)]
    assert {name: lines for name, lines in found if lines > MOST_LINES_OF_A_FUNCTION} == LONGER_FUNCTIONS


def test_a_signature_counts_and_a_docstring_does_not(tmp_path: Path) -> None:
    lines = ["async def long(", "    one: int,", ") -> int:", '    """One', '    two."""', "    return one"]
    path = tmp_path / "module.py"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert list(functions(path, tmp_path)) == [("module.py:long", 4)]


def test_the_root_has_few_modules() -> None:
    modules = [
        one for one in PACKAGE.iterdir() if one.suffix == ".py" or (one.is_dir() and any(one.rglob("*.py")))
    ]
    assert len(modules) <= MOST_MODULES


def test_an_operation_is_declared_in_few_lines() -> None:
    client = AsyncScenario(api_key="key", api_secret="secret")
    count = len({one.request_type for one in catalogue(client) if one.request_type is not None})
    lines = sum(map(lines_of, [*(PACKAGE / "values").glob("*.py"), *(PACKAGE / "resources").glob("*.py")]))
    assert lines / count <= MOST_LINES_OF_AN_OPERATION
