"""The reference in docs/ matches the declarations."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_pages_are_up_to_date(tmp_path: Path) -> None:
    """`python docs/make_reference.py` writes them again."""
    subprocess.run([sys.executable, DOCS / "make_reference.py", tmp_path], check=True)  # noqa: S603 - our own
    made = {page.name: page.read_text(encoding="utf-8") for page in tmp_path.glob("*.md")}
    kept = {page.name: page.read_text(encoding="utf-8") for page in (DOCS / "reference").glob("*.md")}
    assert made == kept


def test_every_operation_of_the_official_package_is_in_the_contents() -> None:
    official = (DOCS.parent / "tests" / "contract" / "official_operations.txt").read_text().splitlines()
    contents = (DOCS / "reference" / "README.md").read_text(encoding="utf-8")
    names = [line.split()[0] for line in official if line and not line.startswith("#")]
    assert len(names) == 143
    assert [name for name in names if f"[`{name}`]" not in contents] == []
