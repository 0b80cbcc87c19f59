"""How the time and the cost of a sync grow up to ten million pictures.

``python -m tests.bench.library_growth [--write docs/images/library-growth.svg]`` syncs a thousand small
pictures to a sandbox, measures what each of them takes, and computes the rest from that:

- requests of N pictures = N × requests of one (its upload, and a 49th of a request about its collection);
- time without a rate limit = N × (the larger of: seconds of the service / pictures at a time; CPU seconds of
  one picture / processes);
- time under a rate limit = requests / rate, if that is longer;
- disk = N × (bytes of the ledger + bytes of the report) of one picture;
- data and the time of the line = N × 1 MB × 4/3 (pictures up to 4 MiB are sent as base64), and that / rate;
- memory is that of the process when it has ended, with 50 and with 1,000 pictures.

The service publishes no rate. Ten requests a second are an example, not a fact; so are 1 MB for a picture
and a line of 100 Mbit/s.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from math import log10
from pathlib import Path
from typing import Final

from attrs import frozen

from scenario_async._internal.display.page import size_text
from scenario_async.sandbox import Sandbox
from tests.library.pictures import fill

from .library import environment_of
from .plots import STYLE

MEASURED: Final = 1_000
COUNTS: Final = tuple(10**power for power in range(3, 8))
SERVICE: Final = 0.5
"""Seconds in which the service answers an upload."""
AT_ONCE: Final = 8
RATE: Final = 10.0
"""Requests a second of an account, as an example."""
PICTURE: Final = 1e6
"""Bytes of a picture, as an example."""
BASE64: Final = 4 / 3
LINE_RATE: Final = 100e6
"""Bits a second that a line carries up, as an example."""


@frozen
class PerPicture:
    """The cost of one picture.

    Attributes:
        requests: Requests to the service.
        cpu: Seconds of the client's processor.
        disk: Bytes of the ledger and of the report.
        memory: Bytes of the client's process at the end, of the smaller and of the larger sync.
    """

    requests: float
    cpu: float
    disk: float
    memory: tuple[int, int]


CLIENT: Final = """
import sys
from scenario_async import Scenario
from tests.bench.probes import resident

source, ledger, report = sys.argv[1:]
with Scenario() as client:
    done = client.assets.sync(source, collection="all", ledger=ledger, report=report)
print(resident())
sys.exit(1 if done.failures else 0)
"""


def measure() -> PerPicture:
    """Sync 50 pictures in one process and 1,000 in another, and return the difference per picture."""
    with tempfile.TemporaryDirectory() as name, Sandbox(decode_pictures=False) as sandbox:
        parent = Path(name)
        before, after = (
            _synced(sandbox, parent, start, count) for start, count in ((0, 50), (100, MEASURED))
        )
    more = MEASURED - 50  # imports and other fixed costs are in both, and cancel out
    return PerPicture(
        requests=(after[0] - before[0]) / more,
        cpu=(after[1] - before[1]) / more,
        disk=(after[2] - before[2]) / more,
        memory=(before[3], after[3]),
    )


def _synced(sandbox: Sandbox, parent: Path, start: int, count: int) -> tuple[int, float, int, int]:
    """Sync a number of pictures, and return requests, CPU seconds, and bytes on disk and in memory."""
    folder = fill(parent / f"pictures-{start}", count, start=start)
    files = [parent / f"{start}.sqlite3", parent / f"{start}.jsonl"]
    requests, cpu = len(sandbox.requests), _cpu_of_children()
    command = [sys.executable, "-c", CLIENT, str(folder), *map(str, files)]
    ran = subprocess.run(  # noqa: S603 - the program above
        command, check=True, env=environment_of(sandbox), stdout=subprocess.PIPE
    )
    cpu = _cpu_of_children() - cpu
    disk = sum(path.stat().st_size for file in files for path in parent.glob(f"{file.name}*"))
    return len(sandbox.requests) - requests, cpu, disk, int(ran.stdout)


def _cpu_of_children() -> float:
    """CPU seconds of the processes that were started and have ended, the kernel's share included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@frozen
class Line:
    """A line of the plot."""

    label: str
    seconds: Callable[[int, PerPicture], float]


def _unlimited(processes: int) -> Callable[[int, PerPicture], float]:
    def seconds(count: int, one: PerPicture) -> float:
        return count * max(SERVICE / (AT_ONCE * processes), one.cpu / processes)

    return seconds


def _limited(count: int, one: PerPicture) -> float:
    return max(_unlimited(4)(count, one), count * one.requests / RATE)


LINES: Final = (
    Line("one process, 8 at a time", _unlimited(1)),
    Line("four processes", _unlimited(4)),
    Line(f"four processes, {RATE:.0f} requests a second", _limited),
)
CLIENT_ALONE: Final = Line("the client's own work (CPU)", lambda count, one: count * one.cpu)
"""Drawn beside the others: what the client would take if the service answered at once."""


def table(one: PerPicture) -> list[str]:
    """The figures, as Markdown."""
    head = ["pictures", "requests", "CPU", "disk", "data", *(line.label for line in LINES), "the line"]
    rows = [f"| {' | '.join(head)} |", f"|{'---:|' * len(head)}"]
    for count in COUNTS:
        times = [duration(line.seconds(count, one)) for line in LINES]
        data = count * PICTURE * BASE64
        cells = [
            f"{count:,}",
            f"{count * one.requests:,.0f}",
            duration(count * one.cpu),
            size_text(round(count * one.disk)),
            size_text(round(data)),
            *times,
            duration(data * 8 / LINE_RATE),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def duration(seconds: float) -> str:
    """Return a number of seconds as readable text."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{seconds:.0f} s"


WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 760, 480, 70, 20, 290, 50
TIMES: Final = (
    (1, "1 s"),
    (60, "1 min"),
    (3600, "1 h"),
    (86400, "1 day"),
    (604800, "1 week"),
    (2592000, "30 days"),
)


def plot(one: PerPicture) -> str:
    """An SVG with logarithmic axes: pictures, and the time that they take."""
    low, high = 0.0, log10(4e6)

    def across(count: float) -> float:
        return LEFT + (log10(count) - 3) / 4 * (WIDTH - LEFT - RIGHT)

    def down(seconds: float) -> float:
        return TOP + (high - log10(seconds)) / (high - low) * (HEIGHT - TOP - BOTTOM)

    def text(x: float, y: float, words: str, rest: str = "") -> str:
        return f'<text x="{x:.0f}" y="{y:.0f}" {rest}>{words}</text>'

    drawn = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">']
    drawn += ["<title>Time of a sync against the number of pictures</title>", f"<style>{STYLE}</style>"]
    for seconds, label in TIMES:
        y = down(seconds)
        drawn.append(f'<path class="grid" d="M{LEFT} {y:.0f}H{WIDTH - RIGHT}"/>')
        drawn.append(text(LEFT - 8, y + 4, label, 'text-anchor="end"'))
    for count in COUNTS:
        x = across(count)
        drawn.append(f'<path class="grid" d="M{x:.0f} {TOP}V{HEIGHT - BOTTOM}"/>')
        drawn.append(text(x, HEIGHT - BOTTOM + 20, f"{count:,}", 'text-anchor="middle"'))
    drawn.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "pictures", 'text-anchor="middle"'))
    for number, line in enumerate([*LINES, CLIENT_ALONE]):
        points = " ".join(f"{across(count):.1f},{down(line.seconds(count, one)):.1f}" for count in COUNTS)
        drawn.append(f'<polyline class="line l{number}" points="{points}"/>')
        y = down(line.seconds(COUNTS[-1], one))
        drawn.append(text(WIDTH - RIGHT + 8, y + 4, line.label, f'class="t{number}"'))
    return "\n".join([*drawn, "</svg>\n"])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, and write the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args(arguments)
    one = measure()
    sys.stdout.write(f"{one}\n" + "\n".join(table(one)) + "\n")
    if options.write is not None:
        options.write.write_text(plot(one), encoding="utf-8")


if __name__ == "__main__":
    main()
