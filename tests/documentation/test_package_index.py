"""On the package index, the links and pictures of README.md have absolute URLs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_TARGET: Final = re.compile(r'\]\(([^)]+)\)|src(?:set)?="([^"]+)"')


def test_no_link_or_picture_is_relative() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for one in project["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]["substitutions"]:
        text = re.sub(one["pattern"], one["replacement"], text)
    targets = [link or picture for link, picture in _TARGET.findall(text)]
    assert [target for target in targets if not target.startswith(("https://", "#"))] == []
