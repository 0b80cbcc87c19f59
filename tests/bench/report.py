"""Make a table of the figures, with the targets beside them."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from .imports import AIOHTTP, FIRST_USE, LIBRARY, PACKAGE, SDK
from .marked import write_between
from .rounds import BATCH, Samples

OURS: Final = "scenario_async"
BLOCKING: Final = "scenario_async, blocking"
SDK_HTTPX: Final = "sdk, httpx"
SDK_BLOCKING: Final = "sdk, blocking"
BARE: Final = "aiohttp"
PLAIN: Final = "aiohttp, json"

COLUMNS: Final = (OURS, BATCH, BLOCKING, SDK_HTTPX, "sdk, aiohttp", SDK_BLOCKING, BARE, PLAIN)

_BOTH: Final = (("each", OURS), ("batch", BATCH))
"""The two ways in which the library uploads, as the bars name them."""


@dataclass(frozen=True)
class Row:
    """A line of the table: the median of each client, and the comparison with the targets."""

    label: str
    cells: Mapping[str, str]
    bars: Sequence[str] = ()

    def in_columns(self) -> list[str]:
        """Return the cells in the order of the columns; a cell without a figure is empty."""
        return [self.cells.get(column, "") for column in COLUMNS]


def rows(samples: Samples) -> list[Row]:
    """Return the lines of the table."""
    return [*_small_calls(samples), *_uploads(samples), *_imports(samples)]


def _row(samples: Samples, label: str, measure: str, shown: Callable[[float], str], *bars: str) -> Row:
    medians = {column: samples.median(measure, column) for column in COLUMNS}
    return Row(label, {column: shown(one) for column, one in medians.items() if one is not None}, bars)


def _small_calls(samples: Samples) -> Iterator[Row]:
    for label, measure in (("one at a time", "alone"), ("32 at a time", "together")):
        cpu = f"cpu_{measure}"
        awaited = _at_most(samples.ratio(cpu, OURS, BARE), 1.2, f"{BARE}")
        blocking = _at_most(samples.ratio(cpu, BLOCKING, SDK_BLOCKING), 0.45, f"{SDK_BLOCKING}")
        plain = f"{samples.ratio(cpu, OURS, PLAIN):.2f} times {PLAIN}"
        bars = (f"awaited {awaited}", f"awaited {plain}", f"blocking {blocking}")
        yield _row(samples, f"CPU per call, {label}, µs", cpu, _micro, *bars)
        yield _row(samples, f"calls per second, {label}", f"rate_{measure}", _whole)


def _uploads(samples: Samples) -> Iterator[Row]:
    speed = "upload bytes_per_second"
    best = max((one for one in COLUMNS if one.startswith("sdk")), key=lambda one: samples.known(speed, one))
    speeds = [
        f"{name} {_at_least(samples.ratio(speed, ours, other), 3, other)}"
        for name, ours in _BOTH
        for other in dict.fromkeys((best, SDK_HTTPX))
    ]
    speeds.append(f"batch {_at_least(samples.ratio(speed, BATCH, OURS), 0.9, 'each')}")
    yield _row(samples, "upload, 8 at a time, MB/s", speed, _mega, *speeds)
    yield _row(samples, "CPU of it, ms per MB", "upload cpu_per_byte", lambda one: f"{one * 1e9:.2f}")
    hold, memory = "upload longest_hold", "upload peak_memory"
    holds = _within(samples, hold, _milli, 0.030)
    yield _row(samples, "longest hold of the event loop, ms", hold, _milli, *holds)
    peaks = _within(samples, memory, _mega, 24e6)
    yield _row(samples, "memory above idle, all files, MB", memory, _mega, *peaks)
    yield _row(samples, "memory above idle, an eighth of the files, MB", "few peak_memory", _mega)
    yield _row(samples, "memory above idle, all files, 32 at a time, MB", "wide peak_memory", _mega)


def _imports(samples: Samples) -> Iterator[Row]:
    time_bar = _at_most(samples.ratio("import seconds", LIBRARY.label, AIOHTTP.label), 1.25, BARE)
    for unit, measure, shown, bars in (
        ("ms", "import seconds", _milli, (time_bar,)),
        ("MB", "import memory", _mega, ()),
    ):
        for label, places, against in (
            ("import", {OURS: LIBRARY, SDK_HTTPX: SDK, BARE: AIOHTTP}, bars),
            ("import, no name used", {OURS: PACKAGE}, ()),
            ("first client.models", {OURS: FIRST_USE}, ()),
        ):
            cells = {column: shown(samples.known(measure, one.label)) for column, one in places.items()}
            yield Row(f"{label}, {unit}", cells, against)


def _at_most(ratio: float, bar: float, other: str) -> str:
    return f"{ratio:.2f} times {other}, target ≤ {bar}: {_verdict(ratio <= bar)}"


def _at_least(ratio: float, bar: float, other: str) -> str:
    return f"{ratio:.2f} times {other}, target ≥ {bar}: {_verdict(ratio >= bar)}"


def _within(samples: Samples, measure: str, shown: Callable[[float], str], bar: float) -> list[str]:
    """Compare the median with a target, and show the largest value, which other programs can cause."""
    return [
        f"{name} {shown(median)}, target ≤ {shown(bar)}: {_verdict(median <= bar)} (largest {shown(largest)})"
        for name, ours in _BOTH
        for median, largest in ((samples.known(measure, ours), samples.largest(measure, ours)),)
    ]


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def _micro(seconds: float) -> str:
    return f"{seconds * 1e6:.0f}"


def _milli(seconds: float) -> str:
    return f"{seconds * 1e3:.1f}"


def _mega(size: float) -> str:
    return f"{size / 1e6:.1f}" if size < 1e8 else f"{size / 1e6:.0f}"


def _whole(number: float) -> str:
    return f"{number:,.0f}"


def conditions() -> str:
    """Return the machine and the versions as a line of text."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("aiohttp", "orjson", "scenario-sdk", "httpx"))
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {sys.platform} on {platform.machine()}, {python}, {packages}"


_WIDTH: Final = 190
"""Characters that the table needs."""


def show(made: Sequence[Row]) -> None:
    """Print the table."""
    table = Table(title="Medians of all rounds; 1 MB is 1,000,000 bytes", title_justify="left")
    table.add_column("", max_width=26)
    for column in COLUMNS:
        table.add_column(column.replace(", ", ",\n"), justify="right", no_wrap=True)
    table.add_column("ratios and targets", no_wrap=True)
    for row in made:
        table.add_row(row.label, *row.in_columns(), "\n".join(row.bars))
    console = Console()
    # If the table does not fit, cutting it is more readable than narrow columns.
    console = console if console.width >= _WIDTH else Console(width=_WIDTH)
    console.print(table)
    console.print(conditions())


def row(*cells: object) -> str:
    """A line of a table for a page."""
    return f"| {' | '.join(map(str, cells))} |"


def publish(lines: Iterable[str], page: Path | None) -> None:
    """Print the lines of a table, and put them into a page, if one is given."""
    head = (row("measure", "target", OURS, "scenario-sdk 2.4.0"), row("---", "---", "---", "---"))
    table = "\n".join([*head, *lines])
    Console(soft_wrap=True).print(table, markup=False, highlight=False)
    if page is not None:
        replace_table(page, table)


def markdown(made: Sequence[Row]) -> str:
    """The table for a page."""
    lines = [["", *COLUMNS, "ratios and targets"], ["---", *["---:"] * len(COLUMNS), "---"]]
    lines += [[one.label, *one.in_columns(), "<br>".join(one.bars)] for one in made]
    return "\n".join(row(*line) for line in lines)


def write(made: Sequence[Row], page: Path) -> None:
    """Put the table into a page."""
    replace_table(page, markdown(made))


def replace_table(page: Path, table: str) -> None:
    """Put a table into a page, between the two comments that mark its place."""
    write_between(page, "table", [conditions(), "", table])
