"""The benchmarks run; tests do not check their figures."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from .report import COLUMNS
from .rounds import ROOT

LIMIT = 600  # seconds; beside other programs the quick run took more than two minutes


@pytest.mark.timeout(LIMIT + 10)
@pytest.mark.skipif(find_spec("scenario_sdk") is None, reason="the client to compare with is not installed")
def test_quick_run_writes_the_whole_table(tmp_path: Path) -> None:
    """A quick run measures every contestant, and puts one table between the marks of a page."""
    page = tmp_path / "page.md"
    page.write_text(
        "before\n<!-- table: begin -->\nan old table\n<!-- table: end -->\nafter\n", encoding="utf-8"
    )
    subprocess.run(  # noqa: S603 - our own interpreter and our own module
        [sys.executable, "-m", "tests.bench", "--quick", "--write", str(page)],
        cwd=ROOT,
        check=True,
        timeout=LIMIT,
    )
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "an old table" not in text
    head, _, *lines = [line.split(" | ") for line in text.splitlines() if line.startswith("|")]
    cells = {line[0].removeprefix("| "): dict(zip(head[1:], line[1:], strict=True)) for line in lines}
    cpu, speed = cells["CPU per call, 32 at a time, µs"], cells["upload, 8 at a time, MB/s"]
    measured = {column for column in COLUMNS if cpu[column]}
    assert measured == set(COLUMNS) - {"scenario_async, batch"}
    assert all(float(speed[column]) > 0 for column in COLUMNS)
    assert {column for column in COLUMNS if cells["import, ms"][column]} == {
        "scenario_async",
        "sdk, httpx",
        "aiohttp",
    }
