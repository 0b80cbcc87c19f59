"""CPU of each documented form of a small call: ``python -m tests.bench.small_calls [--write PAGE]``.

Awaited: this library beside bare aiohttp with hand-made JSON (and orjson), 32 calls at a time. Blocking: this
library beside the official package, one call at a time. The server is in a process of its own. Each form is
measured with several pairs of new processes, which take turns of half a second. A ratio is of two successive
turns, so that a slow period of the machine affects both. The time in the system's kernel counts; the server's
time does not.
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
from typing import IO, Final, cast

from . import forms
from .client import Stopwatch, per_call, say
from .contestants import KEY, SECRET
from .instructions import CONTESTANTS, TOGETHER, opened_call
from .marked import publish_between
from .rounds import ROOT, running_server

PAIRS: Final = 3
TURNS: Final = 10
SECONDS: Final = 0.5
BLOCKING: Final = ("scenario_async, blocking", "scenario-sdk, blocking")
BLOCKING_FORMS: Final = ("ids", "data URL")
BLOCKING_BAR: Final = 0.45
BARS: Final = {"ids": 1.2, "data URL": 1.2, "small bytes": 1.4, "list of 20": 1.5}


async def answer_turns(contestant: str, form: str, url: str) -> None:
    """Print the CPU seconds of this process for each call, once for each line of standard input."""
    async with opened_call(contestant, form, url) as call:
        # The first half second has garbage collections of the imported modules, which then become rare.
        await per_call(call, TOGETHER, SECONDS)
        for _ in sys.stdin:
            cpu, _ = await per_call(call, TOGETHER, SECONDS)
            say(str(cpu))


def answer_blocking_turns(contestant: str, form: str, url: str) -> None:
    """Print the CPU seconds of this process for each blocking call, once for each line of standard input."""
    if contestant == BLOCKING[0]:
        from scenario_async import Scenario
    else:
        from scenario_sdk import Scenario  # type: ignore[assignment]
    with Scenario(api_key=KEY, api_secret=SECRET, base_url=url) as client:
        call = forms.of_client(client, form, takes_bytes=True)

        def turn() -> float:
            watch, calls, end = Stopwatch(), 0, time.perf_counter() + SECONDS
            while time.perf_counter() < end:
                call()
                calls += 1
            return watch.per_call(calls)[0]

        turn()
        for _ in sys.stdin:
            say(str(turn()))


class Contestant:
    """A process that measures when it is asked."""

    def __init__(self, name: str, form: str, url: str) -> None:
        program = [sys.executable, "-m", "tests.bench.small_calls", "--measure", name, form, url]
        self._process = subprocess.Popen(  # noqa: S603 - this module
            program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def turn(self) -> float:
        """Return the CPU seconds of one call, measured for half a second."""
        to, back = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)
        to.write("\n")
        to.flush()
        return float(back.readline())

    def end(self) -> None:
        """End the process."""
        self._process.communicate()


def row(form: str, url: str, pairs: int, contestants: tuple[str, ...], bar: float | None) -> str:
    """Return the line of the table for one form."""
    figures: dict[str, list[float]] = {contestant: [] for contestant in contestants}
    for _ in range(pairs):
        pair = [(Contestant(name, form, url), figures[name]) for name in contestants]
        for number in range(1 + TURNS):
            for contestant, its in pair if number % 2 else pair[::-1]:
                seconds = contestant.turn()
                if number:  # the first turn waits for the other process, which is still importing
                    its.append(seconds)
        for contestant, _ in pair:
            contestant.end()
    ours, other = (figures[contestant] for contestant in contestants)
    ratios = sorted(one / another for one, another in zip(ours, other, strict=True))
    median = statistics.median(ratios)
    verdict = "" if bar is None else f"≤ {bar}: {'met' if median <= bar else '**MISSED**'}"
    cpu = " | ".join(f"{statistics.median(one) * 1e6:.0f}" for one in (ours, other))
    against = f"{form}, against {contestants[1]}"
    return f"| {against} | {cpu} | {median:.2f} | {ratios[0]:.2f} to {ratios[-1]:.2f} | {verdict} |"


def table(pairs: int = PAIRS) -> Iterator[str]:
    """Measure all forms, and yield the lines of the table."""
    yield "| call | scenario_async, µs | the other, µs | ratio, median | best and worst turn | target |"
    yield "|---|---|---|---|---|---|"
    with running_server() as url:
        for form in forms.FORMS:
            yield row(form, url, pairs, CONTESTANTS, BARS.get(form))
        for form in BLOCKING_FORMS:
            yield row(form, url, pairs, BLOCKING, BLOCKING_BAR)


def main() -> None:
    """Measure all forms, print the table, and write it into a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--pairs", type=int, default=PAIRS, help="pairs of processes for each form")
    parser.add_argument("--measure", nargs=3, metavar=("CONTESTANT", "FORM", "URL"))
    options = parser.parse_args()
    if options.measure:
        if options.measure[0] in BLOCKING:
            answer_blocking_turns(*options.measure)
        else:
            asyncio.run(answer_turns(*options.measure))
        return
    publish_between("small calls", table(options.pairs), options.write)


if __name__ == "__main__":
    main()
