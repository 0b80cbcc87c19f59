"""Put a table between the marks of a Markdown page."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path


def write_between(page: Path, mark: str, lines: Iterable[str]) -> None:
    """Replace the text between ``<!-- MARK: begin -->`` and ``<!-- MARK: end -->``.

    Raises:
        ValueError: The page has no such marks.
    """
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    text = page.read_text(encoding="utf-8")
    if begin not in text or end not in text:
        raise ValueError(f"{page} has no marks {begin} and {end}")
    before, rest = text.split(begin, 1)
    after = rest.split(end, 1)[1]
    page.write_text("\n".join([f"{before}{begin}", *lines, f"{end}{after}"]), encoding="utf-8")


def publish_between(mark: str, lines: Iterable[str], page: Path | None) -> None:
    """Print the lines of a table as they arrive, and put them into a page, if one is given."""
    shown: list[str] = []
    for line in lines:
        shown.append(line)
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    if page is not None:
        write_between(page, mark, shown)
