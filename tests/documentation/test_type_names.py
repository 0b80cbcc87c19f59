"""Every type in the reference is explained there, unless it is a type of Python."""

from __future__ import annotations

import builtins
import collections.abc
import decimal
import os
import pathlib
import re
import typing
from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
OF_PYTHON = (builtins, collections.abc, decimal, os, pathlib, typing)
TABLE = re.compile(r"^\| `\w+` \| `([^`]+)`", re.MULTILINE)
RESULT = re.compile(r"^`client\..*→ \[?`([^`]+)`", re.MULTILINE)
FAULT = re.compile(r"^`[A-Z]\w+\((.*)\)`$", re.MULTILINE)
DEFINITION = re.compile(r"^`= (.*)`$", re.MULTILINE)


def types_in(text: str) -> str:
    """The types in the code of a page, without strings."""
    found = [code for pattern in (TABLE, RESULT, FAULT, DEFINITION) for code in pattern.findall(text)]
    return re.sub(r"'[^']*'|\"[^\"]*\"", "", "\n".join(found))


def test_every_type_is_explained() -> None:
    pages = {page.name: page.read_text(encoding="utf-8") for page in REFERENCE.glob("*.md")}
    explained = set(re.findall(r"^## (\w+)$", "\n".join(pages.values()), re.MULTILINE))
    used = {
        name: page for page, text in pages.items() for name in re.findall(r"\b[A-Z]\w+\b", types_in(text))
    }
    assert {"Dataset", "UploadReport", "Model", "Reason", "NamedImage"} <= used.keys()
    unknown = {
        name: page
        for name, page in used.items()
        if name not in explained and not any(hasattr(module, name) for module in OF_PYTHON)
    }
    assert unknown == {}


def test_every_heading_has_the_result() -> None:
    """The heading of each operation names the type of its result."""
    pages = (page.read_text(encoding="utf-8") for page in REFERENCE.glob("*.md"))
    signatures = [line for text in pages for line in text.splitlines() if line.startswith("`client.")]
    assert len(signatures) > 150
    assert [line for line in signatures if "→" not in line] == []
