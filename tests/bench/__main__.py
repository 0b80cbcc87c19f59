"""``python -m tests.bench [--quick] [--write PAGE]``: measure all of it and print one table."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from rich.console import Console

from . import report, rounds


def main() -> None:
    """Measure, print, and write where told to."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="see that it runs; the figures mean nothing")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table into this Markdown page")
    options = parser.parse_args()
    started = time.monotonic()
    with Console(stderr=True).status("starting") as status:
        samples = rounds.run(rounds.QUICK if options.quick else rounds.Extent(), status.update)
    rows = report.rows(samples)
    report.show(rows)
    Console().print(f"measured in {time.monotonic() - started:.0f} s")
    if options.write is not None:
        report.write(rows, options.write)


if __name__ == "__main__":
    main()
