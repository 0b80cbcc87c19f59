"""Mutation testing: change the code in small ways, and list the changes that no test notices.

Run by ``nox -s mutants``; pyproject.toml has the changed files and their tests.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

MUTMUT: Final = (sys.executable, "-m", "mutmut")

ALL_OF: Final = "scenario_async._internal.http.retries*"
"""Mutants that are always tried; mutmut creates the others at the same time."""

PER_ROUND: Final = 4
"""Mutants of each file in one round; to try all mutants takes more than a day. Each round begins with all
tests that reach its mutants, which takes minutes."""

TIME_LIMIT: Final = 3300.0
"""Seconds after which mutmut is stopped; to report takes some more."""


def main() -> None:
    """Try the mutants that the arguments name, or as many as there is time for, and print a report."""
    given = sys.argv[1:]
    if given:
        status = run(given, None)
    else:
        end = time.monotonic() + TIME_LIMIT
        status = run([ALL_OF], end)
        # mutmut starts with the mutants that few tests reach. Without rounds, it would never reach the
        # central files of the upload in this time.
        while not status and time.monotonic() < end and (names := next_round()):
            status = run(names, end)
    report()
    sys.exit(status)


def run(names: Sequence[str], end: float | None) -> int:
    """Try mutants, stop at a time of the monotonic clock, if one is given, and return mutmut's exit status.

    The status is 0 also if the time has passed; it is not 0 if a test fails without a mutant.
    """
    process = subprocess.Popen([*MUTMUT, "run", *names])  # noqa: S603 - the arguments are of this project
    try:
        status = process.wait(None if end is None else max(end - time.monotonic(), 0.0))
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        process.wait()
        return 0
    return status


def next_round() -> Sequence[str]:
    """Choose a few mutants of each file that were not tried yet."""
    names: list[str] = []
    for path in sorted(Path("mutants").rglob("*.meta")):
        status_of = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        not_tried = (name for name, status in status_of.items() if status is None)
        # The order of a checksum spreads them over the file, and is the same in each run.
        names += sorted(not_tried, key=lambda name: zlib.crc32(name.encode()))[:PER_ROUND]
    return names


def report() -> None:
    """Print the survivors, and how many mutants of each file have which result."""
    command = [*MUTMUT, "results", "--all", "true"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    by_module: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for line in output.splitlines():
        name, _, result = line.strip().rpartition(": ")
        if name and result != "not checked":
            by_module[name.rpartition(".")[0]][result] += 1
            if result == "survived":
                print(f"survived: {name}")
    total = sum(by_module.values(), Counter[str]())
    results = sorted(total)
    width = max(map(len, by_module), default=0)
    print(f"{'':{width}}  {'  '.join(results)}")
    for module, counts in [*sorted(by_module.items()), ("all", total)]:
        print(f"{module:{width}}  {'  '.join(f'{counts[result]:{len(result)}}' for result in results)}")


if __name__ == "__main__":
    main()
