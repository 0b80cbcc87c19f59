"""Each refusal of the sandbox is marked with its source and with how certain it is."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from scenario_async import sandbox

ROOT = Path(sandbox.__file__).parent
ERRORS = ROOT / "_internal" / "errors.py"
SOURCES = sorted(ROOT.rglob("*.py"))
GUIDE = Path(__file__).parents[2] / "docs" / "testing.md"

IN_LEGEND = re.compile(r"^- `\[(\w+)\]`", re.MULTILINE)
LEGEND = frozenset(IN_LEGEND.findall(sandbox.__doc__ or ""))
MARK = re.compile(r"# \[(\w+)\] \S")
"""A mark, followed by the source or the reason."""


def makers() -> frozenset[str]:
    """The names that create a refusal: the class, and all functions that return one."""
    functions = [node for node in ast.parse(ERRORS.read_text()).body if isinstance(node, ast.FunctionDef)]
    return frozenset(
        {"Refusal", *(one.name for one in functions if one.returns and ast.unparse(one.returns) == "Refusal")}
    )


MAKERS = makers()


def comments(source: str) -> dict[int, str]:
    """The comments on separate lines, by line number."""
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    found = [token for token in tokens if token.type == tokenize.COMMENT]
    return {token.start[0]: token.string for token in found if not token.line[: token.start[1]].strip()}


def refusals(source: str) -> Iterator[int]:
    """The first lines of the statements that create a refusal."""
    tree = ast.parse(source)
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in MAKERS:
            last = call.end_lineno or call.lineno
            around = [
                one for one in statements if one.lineno <= call.lineno and (one.end_lineno or 0) >= last
            ]
            yield max(one.lineno for one in around)


def unmarked(source: str) -> list[int]:
    """The lines of refusals whose preceding comment does not begin with a mark of the legend."""
    own_lines = comments(source)
    missing: list[int] = []
    for line in refusals(source):
        first = line - 1
        while first in own_lines and not MARK.match(own_lines[first]):
            first -= 1
        mark = MARK.match(own_lines.get(first, ""))
        if mark is None or mark[1] not in LEGEND:
            missing.append(line)
    return missing


def test_the_legend_is_the_same_in_code_and_guide() -> None:
    assert frozenset({"recorded", "documented", "seen", "guess", "sandbox"}) == LEGEND
    assert frozenset(IN_LEGEND.findall(GUIDE.read_text(encoding="utf-8"))) == LEGEND


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_refusal_has_a_mark(path: Path) -> None:
    assert unmarked(path.read_text(encoding="utf-8")) == []


def test_no_refusal_is_an_exception_of_aiohttp() -> None:
    """The test for marks would not find such a refusal."""
    raised = [
        (path.name, node.lineno)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise) and node.exc and ast.unparse(node.exc).startswith("web.HTTP")
    ]
    assert raised == []


@pytest.mark.parametrize(
    ("before", "missing"),
    [
        ("# [guess] it is refused", False),
        ("# [documented] official package: a comment\n    # of two lines", False),
        ("# it is refused", True),
        ("# [rumour] it is refused", True),
        ("# [guess]", True),
        ("# [guess] of another statement\n    value = 1", True),
        ('"""[guess] it is refused."""', True),
    ],
)
def test_a_refusal_without_a_mark_is_found(before: str, *, missing: bool) -> None:
    source = f'def route():\n    {before}\n    raise bad_request("no")\n'
    assert bool(unmarked(source)) is missing


def test_marks_count_only_at_the_beginning_of_comments() -> None:
    anywhere = re.compile(rf"\[({'|'.join(LEGEND)}|doc|rec)\]")
    stray = [
        (path.name, number)
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if anywhere.search(line) and not MARK.match(line.strip()) and not IN_LEGEND.match(line)
    ]
    assert stray == []
