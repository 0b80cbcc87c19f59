"""The table of the lowest versions in docs/compatibility.md has the bounds of pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_BOUND: Final = re.compile(r"(?P<name>[\w-]+)(?:\[\w+\])?>=(?P<lowest>[\d.]+)")
_ROW: Final = re.compile(
    r"^\| (?P<name>[\w-]+)(?: \(extra `\w+`\))? \| (?P<lowest>\d[\d.]*) \|", re.MULTILINE
)


def test_the_table_has_each_dependency_with_its_lowest_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    bounds = filter(None, map(_BOUND.match, [*project["dependencies"], *extras]))
    text = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")
    table = text.partition("## Dependencies")[2].partition("##")[0]
    assert sorted(row.groups() for row in _ROW.finditer(table)) == sorted(one.groups() for one in bounds)
