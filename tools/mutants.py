"""Mutation testing: change the code in small ways, and list the changes that no test notices.

Run by ``nox -s mutants``; what is changed, and by which tests it is to be noticed, is in pyproject.toml.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

MUTMUT: Final = (sys.executable, "-m", "mutmut")

ALL_OF: Final = "scenario_async._internal.http.retries*"
"""Mutants that are always tried; to try them makes the others too."""

SAMPLE: Final = 700
"""Mutants of the other files; to try all of them takes many hours."""

TIME_LIMIT: Final = 3000.0
"""Seconds for the sample."""


def main() -> None:
    """Try the mutants that the arguments name, or a sample, and print a report."""
    given = sys.argv[1:]
    run(given or [ALL_OF], None)
    if not given:
        run(sample(), TIME_LIMIT)
    report()


def run(names: Sequence[str], time_limit: float | None) -> None:
    """Try mutants; those that were not tried in time, in seconds, are left out."""
    process = subprocess.Popen([*MUTMUT, "run", *names])  # noqa: S603 - the arguments are of this project
    try:
        status = process.wait(time_limit)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        process.wait()
    else:
        if status:
            sys.exit(status)


def sample() -> Sequence[str]:
    """The names of mutants that were not tried yet, at equal distances, so that each file has its share."""
    names: list[str] = []
    for path in sorted(Path("mutants").rglob("*.meta")):
        status_of = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        names += [name for name, status in status_of.items() if status is None]
    return names[:: max(len(names) // SAMPLE, 1)]


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
