"""CPU of each documented form of a small call: ``python -m tests.bench.small_calls [--write PAGE]``.

This library beside bare aiohttp with hand-made JSON (and orjson), 32 calls at a time against a server in a
process of its own. Each figure comes from a fresh process; contestants take turns, and a round's ratio is of
two processes that ran one after the other. What the system's kernel does counts; the server does not.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Final

from . import forms
from .client import per_call
from .instructions import CONTESTANTS, TOGETHER, opened_call
from .marked import write_between
from .rounds import ROOT, running_server

ROUNDS: Final = 10
SECONDS: Final = 0.5
BARS: Final = {"ids": 1.2, "data URL": 1.2, "small bytes": 1.4, "list of 20": 1.5}


async def cpu_per_call(contestant: str, form: str, url: str) -> float:
    """CPU seconds of this process for each call, after a warm-up."""
    async with opened_call(contestant, form, url) as call:
        cpu, _ = await per_call(call, TOGETHER, SECONDS)
        return cpu


def row(form: str, url: str, rounds: int) -> str:
    """A form's line of the table."""
    figures: dict[str, list[float]] = {contestant: [] for contestant in CONTESTANTS}
    for number in range(rounds):
        for contestant in CONTESTANTS if number % 2 else CONTESTANTS[::-1]:
            program = [sys.executable, "-m", "tests.bench.small_calls", "--measure", contestant, form, url]
            done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - this module
            figures[contestant].append(float(done.stdout))
    ours, bare = (figures[contestant] for contestant in CONTESTANTS)
    ratios = sorted(one / other for one, other in zip(ours, bare, strict=True))
    median = statistics.median(ratios)
    bar = BARS.get(form)
    verdict = "" if bar is None else f"≤ {bar}: {'met' if median <= bar else '**MISSED**'}"
    cpu = " | ".join(f"{statistics.median(one) * 1e6:.0f}" for one in (ours, bare))
    return f"| {form} | {cpu} | {median:.2f} | {ratios[0]:.2f} to {ratios[-1]:.2f} | {verdict} |"


def main() -> None:
    """Measure all forms, print the table, and write it into a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--measure", nargs=3, metavar=("CONTESTANT", "FORM", "URL"))
    options = parser.parse_args()
    if options.measure:
        sys.stdout.write(str(asyncio.run(cpu_per_call(*options.measure))))
        return
    head = "| call | scenario_async, µs | aiohttp, µs | ratio, median | best and worst round | target |"
    lines = [head, "|---|---|---|---|---|---|"]
    with running_server() as url:
        for form in forms.FORMS:
            lines.append(row(form, url, options.rounds))
            sys.stdout.write(f"{lines[-1]}\n")
            sys.stdout.flush()
    if options.write is not None:
        write_between(options.write, "small calls", lines)


if __name__ == "__main__":
    main()
