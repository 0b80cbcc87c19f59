"""CPU of each documented form of a small call: ``python -m tests.bench.small_calls [--write PAGE]``.

Awaited: this library beside bare aiohttp with hand-made JSON (and orjson), 32 calls at a time. Blocking: this
library beside the official package, one call at a time. The server is in a process of its own. Each figure
comes from a new process. Contestants take turns, and a ratio is of two processes, one after the other.
The time in the system's kernel counts; the server's time does not.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from . import forms
from .client import Stopwatch, per_call
from .contestants import KEY, SECRET
from .instructions import CONTESTANTS, TOGETHER, opened_call
from .marked import publish_between
from .rounds import ROOT, running_server

ROUNDS: Final = 10
SECONDS: Final = 0.5
BLOCKING: Final = ("scenario_async, blocking", "scenario-sdk, blocking")
BLOCKING_FORMS: Final = ("ids", "data URL")
BLOCKING_BAR: Final = 0.45
BARS: Final = {"ids": 1.2, "data URL": 1.2, "small bytes": 1.4, "list of 20": 1.5}


async def cpu_per_call(contestant: str, form: str, url: str) -> float:
    """CPU seconds of this process for each call, after a warm-up."""
    async with opened_call(contestant, form, url) as call:
        # The first half second has garbage collections of the imported modules, which then become rare.
        await per_call(call, TOGETHER, SECONDS)
        cpu, _ = await per_call(call, TOGETHER, SECONDS)
        return cpu


def cpu_per_blocking_call(contestant: str, form: str, url: str) -> float:
    """CPU seconds of this process for each blocking call, after a warm-up."""
    if contestant == BLOCKING[0]:
        from scenario_async import Scenario
    else:
        from scenario_sdk import Scenario  # type: ignore[assignment]
    with Scenario(api_key=KEY, api_secret=SECRET, base_url=url) as client:
        call = forms.of_client(client, form, takes_bytes=True)
        for seconds in (SECONDS, SECONDS):
            watch, calls, end = Stopwatch(), 0, time.perf_counter() + seconds
            while time.perf_counter() < end:
                call()
                calls += 1
        return watch.per_call(calls)[0]


def row(form: str, url: str, rounds: int, contestants: tuple[str, ...], bar: float | None) -> str:
    """Return the line of the table for one form."""
    figures: dict[str, list[float]] = {contestant: [] for contestant in contestants}
    for number in range(rounds):
        for contestant in contestants if number % 2 else contestants[::-1]:
            program = [sys.executable, "-m", "tests.bench.small_calls", "--measure", contestant, form, url]
            done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - this module
            figures[contestant].append(float(done.stdout))
    ours, other = (figures[contestant] for contestant in contestants)
    ratios = sorted(one / another for one, another in zip(ours, other, strict=True))
    median = statistics.median(ratios)
    verdict = "" if bar is None else f"≤ {bar}: {'met' if median <= bar else '**MISSED**'}"
    cpu = " | ".join(f"{statistics.median(one) * 1e6:.0f}" for one in (ours, other))
    against = f"{form}, against {contestants[1]}"
    return f"| {against} | {cpu} | {median:.2f} | {ratios[0]:.2f} to {ratios[-1]:.2f} | {verdict} |"


def table(rounds: int = ROUNDS) -> Iterator[str]:
    """Measure all forms, and yield the lines of the table."""
    yield "| call | scenario_async, µs | the other, µs | ratio, median | best and worst round | target |"
    yield "|---|---|---|---|---|---|"
    with running_server() as url:
        for form in forms.FORMS:
            yield row(form, url, rounds, CONTESTANTS, BARS.get(form))
        for form in BLOCKING_FORMS:
            yield row(form, url, rounds, BLOCKING, BLOCKING_BAR)


def main() -> None:
    """Measure all forms, print the table, and write it into a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--measure", nargs=3, metavar=("CONTESTANT", "FORM", "URL"))
    options = parser.parse_args()
    if options.measure:
        blocking = options.measure[0] in BLOCKING
        cpu = (
            cpu_per_blocking_call(*options.measure)
            if blocking
            else asyncio.run(cpu_per_call(*options.measure))
        )
        sys.stdout.write(str(cpu))
        return
    publish_between("small calls", table(options.rounds), options.write)


if __name__ == "__main__":
    main()
