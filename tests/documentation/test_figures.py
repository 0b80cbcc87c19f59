"""The figures of the README are those of the last measurement."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]


def rows_of(page: str, heading: str) -> list[list[str]]:
    """The cells of the table that begins with a heading, without its first two lines."""
    _, _, table = (ROOT / page).read_text(encoding="utf-8").partition(f"\n| {heading}")
    lines = table.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line[:1] == "|"]


def test_the_readme_has_the_figures_of_the_reliability_run() -> None:
    measured = rows_of("docs/reliability.md", "measure |")
    shown = rows_of("README.md", "50 pictures, a fifth")
    assert len(shown) == 4
    for row, (_, ours, theirs) in zip(measured, shown, strict=False):
        assert ours in row[2]
        assert theirs == row[3]
