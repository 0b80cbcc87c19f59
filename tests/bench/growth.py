"""How an upload grows: ``python -m tests.bench.growth [--write docs/benchmarks.md]``.

Uploads small pictures to a sandbox and adds them to a model: 50 to 20,000 pictures, 1 to 128 at a time, and
with 0 to 200 ms to the service and back. Each upload runs in a new process, after one upload of two pictures,
so that imports do not count. The official package uploads up to 500 pictures in the same way: each by itself
with a semaphore, then added in groups of ten. It computes no digests, keeps no ledger and does not check the
model. The sandbox works in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from attrs import asdict, frozen

from tests.upload.pictures import png_of

from .client import Stopwatch
from .link import process
from .marked import publish_between
from .plots import Plot, Series, drawing
from .probes import MemoryProbe
from .rounds import ROOT

COUNTS: Final = (50, 500, 5_000, 20_000)
AT_A_TIME: Final = (1, 8, 32, 128)
ROUND_TRIPS: Final = (0.0, 0.02, 0.08, 0.2)
SDK_AT_MOST: Final = 500
"""Pictures that the official package uploads at most."""

SIZE: Final = 10_000
"""Bytes of a picture."""
COUNT: Final = 200
"""Pictures where their number is not what is measured."""
CONCURRENCY: Final = 8
RATE: Final = 1e9
"""Bytes per second of a connection with a delay: no limit."""
GROUP: Final = 10
US, SDK = "scenario_async", "scenario-sdk"
KEYS: Final[Any] = {"api_key": "sandbox-key", "api_secret": "sandbox-secret"}


@frozen
class Figures:
    """The cost of one upload.

    Attributes:
        seconds: Of time.
        cpu: Seconds of the client's processor.
        memory: Bytes of the client's process above what it held before.
        requests: Sent by the client.
    """

    seconds: float
    cpu: float
    memory: int
    requests: int


async def measure(contestant: str, url: str, models: Sequence[str], folder: Path, at_a_time: int) -> Figures:
    """Upload two pictures to the first model, then a folder to the second."""
    upload = _upload_with_us if contestant == US else _upload_with_sdk
    warm_up = folder.with_name("two")
    await upload(url, models[0], warm_up, at_a_time)
    with MemoryProbe() as memory:
        watch = Stopwatch()
        requests = await upload(url, models[1], folder, at_a_time)
        cpu, seconds = watch.times()
    return Figures(seconds, cpu, memory.peak, requests)


async def _upload_with_us(url: str, model: str, folder: Path, at_a_time: int) -> int:
    import aiohttp

    from scenario_async import AsyncScenario

    requests = 0

    async def count(*_: object) -> None:
        nonlocal requests
        requests += 1

    counting = aiohttp.TraceConfig()
    counting.on_request_start.append(count)
    async with AsyncScenario(**KEYS, base_url=url, trace_configs=[counting]) as client:
        ledger = folder.with_suffix(".ledger")
        report = await client.models.training_images.upload(
            model, folder, concurrency=at_a_time, ledger=ledger
        )
    if not report.succeeded:
        raise RuntimeError(str(report))
    return requests


async def _upload_with_sdk(url: str, model: str, folder: Path, at_a_time: int) -> int:
    from scenario_sdk import AsyncScenario, DefaultAioHttpClient

    from .contestants import Sdk

    free, paths = asyncio.Semaphore(at_a_time), sorted(folder.iterdir())  # noqa: ASYNC240 - before what is measured
    async with AsyncScenario(**KEYS, base_url=url, http_client=DefaultAioHttpClient()) as client:
        one_by_one = Sdk(client)

        async def upload(path: Path) -> str:
            async with free:
                return await one_by_one.upload(path)

        ids = await asyncio.gather(*map(upload, paths))
        groups = [ids[start : start + GROUP] for start in range(0, len(ids), GROUP)]
        for group in groups:
            await client.models.training_images.add(model, asset_ids=group)
    return len(paths) + len(groups)


def run(contestant: str, count: int, at_a_time: int, round_trip: float) -> Figures:
    """Upload new pictures in a new process to a new sandbox."""
    with tempfile.TemporaryDirectory() as name, process("--service", "2") as service:
        url, models = cast("tuple[str, list[str]]", service)
        _fill(Path(name) / "two", 2, first=0)
        folder = _fill(Path(name) / "pictures", count, first=2)
        if not round_trip:
            return _in_new_process(contestant, url, models, folder, at_a_time)
        parts = urlsplit(url)
        with process("--line", str(parts.port), str(RATE), str(round_trip)) as port:
            slow = f"{parts.scheme}://127.0.0.1:{port}{parts.path}"
            return _in_new_process(contestant, slow, models, folder, at_a_time)


def _fill(folder: Path, count: int, *, first: int) -> Path:
    folder.mkdir()
    for number in range(first, first + count):
        (folder / f"{number:05}.png").write_bytes(png_of(SIZE, number))
    return folder


def _in_new_process(contestant: str, url: str, models: list[str], folder: Path, at_a_time: int) -> Figures:
    given = json.dumps([contestant, url, models, str(folder), at_a_time])
    program = [sys.executable, "-m", "tests.bench.growth", "--measure", given]
    done = subprocess.run(program, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - this module
    return Figures(**json.loads(done.stdout))


@frozen
class Row:
    """One upload and its cost; None if the official package does not run it."""

    count: int
    at_a_time: int
    round_trip: float
    us: Figures
    sdk: Figures | None


def rows(counts: Sequence[int]) -> Iterator[Row]:
    """Measure all uploads, one after another."""
    plan = [(count, CONCURRENCY, 0.0) for count in counts]
    plan += [(COUNT, at_a_time, 0.08) for at_a_time in AT_A_TIME]
    plan += [(COUNT, CONCURRENCY, round_trip) for round_trip in ROUND_TRIPS]
    for count, at_a_time, round_trip in plan:
        us = run(US, count, at_a_time, round_trip)
        sdk = run(SDK, count, at_a_time, round_trip) if count <= SDK_AT_MOST else None
        yield Row(count, at_a_time, round_trip, us, sdk)


def table(page: Path | None = None, largest: int = COUNTS[-1]) -> Iterator[str]:
    """Measure, draw the plots beside a page, and yield the lines of the table.

    The figures of the official package are after a slash.
    """
    head = ("pictures", "at a time", "round trip, ms", "ms per picture", "CPU, ms per picture")
    yield f"| {' | '.join(head)} | memory, MB | requests |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    counts = [count for count in COUNTS if count <= largest]
    measured: list[Row] = []
    for row in rows(counts):
        measured.append(row)
        both = [one for one in (row.us, row.sdk) if one is not None]
        cells = [f"{row.count:,}", f"{row.at_a_time}", f"{row.round_trip * 1000:g}"]
        cells.append(" / ".join(f"{one.seconds / row.count * 1000:.2f}" for one in both))
        cells.append(" / ".join(f"{one.cpu / row.count * 1000:.2f}" for one in both))
        cells.append(" / ".join(f"{one.memory / 1e6:.1f}" for one in both))
        cells.append(" / ".join(f"{one.requests:,}" for one in both))
        yield f"| {' | '.join(cells)} |"
    if page is not None:
        title = "Time, CPU, memory and requests of an upload"
        drawn = drawing(title, plots(measured, counts), columns=2)
        (page.parent / "images" / "upload-growth.svg").write_text(drawn, encoding="utf-8")


def plots(measured: Sequence[Row], counts: Sequence[int]) -> list[Plot]:
    """The plots: by the number of pictures, by how many at a time, and by the round trip."""
    first, second = len(counts), len(counts) + len(AT_A_TIME)
    by_count, by_at_a_time, by_delay = measured[:first], measured[first:second], measured[second:]
    pictures = ("pictures", [f"{count:,}" for count in counts])
    return [
        _plot("time, ms per picture", *pictures, by_count, "seconds", each=True, scale=1000),
        _plot("CPU, ms per picture", *pictures, by_count, "cpu", each=True, scale=1000),
        _plot("memory above idle, MB", *pictures, by_count, "memory", each=False, scale=1e-6),
        _plot("requests per picture", *pictures, by_count, "requests", each=True, scale=1),
        _plot(
            f"time of {COUNT} pictures at 80 ms, s", "at a time", [str(one) for one in AT_A_TIME],
            by_at_a_time, "seconds", each=False, scale=1,
        ),
        _plot(
            f"time of {COUNT} pictures, {CONCURRENCY} at a time, s", "round trip, ms",
            [f"{one * 1000:g}" for one in ROUND_TRIPS], by_delay, "seconds", each=False, scale=1,
        ),
    ]  # fmt: skip


def _plot(
    title: str, across: str, places: Sequence[str], of: Sequence[Row], name: str, *, each: bool, scale: float
) -> Plot:
    def value(row: Row, figures: Figures | None) -> float | None:
        if figures is None:
            return None
        found: float = asdict(figures)[name]
        return found * scale / (row.count if each else 1)

    series = [
        Series(US, [value(row, row.us) for row in of]),
        Series(SDK, [value(row, row.sdk) for row in of]),
    ]
    return Plot(title, across, places, series)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--write", type=Path, help="a page; the plots are put beside it")
    parser.add_argument("--largest", type=int, default=COUNTS[-1], help="the largest number of pictures")
    parser.add_argument("--measure", type=json.loads, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure is not None:
        contestant, url, models, folder, at_a_time = cast("list[Any]", given.measure)
        figures = asyncio.run(measure(contestant, url, models, Path(folder), at_a_time))
        sys.stdout.write(json.dumps(asdict(figures)))
        return
    publish_between("growth", table(given.write, given.largest), given.write)


if __name__ == "__main__":
    main()
