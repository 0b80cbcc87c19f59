"""``python -m tests.bench [--quick] [--write PAGE]``: measure all of it and print the tables.

All in one run: the clients side by side, small calls by kind, the first byte, slow connections, and growth.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from rich.console import Console

from . import first_byte, growth, link, report, rounds, small_calls
from .marked import publish_between


def main() -> None:
    """Measure, print, and write to the given file."""
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
    if not options.quick:
        publish_between("small calls", small_calls.table(), options.write)
        publish_between("first byte", first_byte.table(), options.write)
        publish_between("slow connection", link.table(), options.write)
        publish_between("growth", growth.table(options.write), options.write)


if __name__ == "__main__":
    main()
