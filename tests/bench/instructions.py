"""Count the machine instructions of one small call: ``python -m tests.bench.instructions [FORM…]``.

Unlike time, they do not depend on other programs on the machine. Each count is the difference of two runs of
valgrind's callgrind, with few and with many calls, so that start and imports are left out. What runs in the
system's kernel is not counted.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from . import forms
from .contestants import KEY, SECRET, bare_session
from .rounds import ROOT, running_server

FEW: Final = 64
MANY: Final = 320
TOGETHER: Final = 32

CONTESTANTS: Final = ("scenario_async", "aiohttp")


def count(contestant: str, form: str, url: str) -> float:
    """Return the number of instructions of one call, while 32 calls run at a time."""
    few, many = (_instructions(contestant, form, url, calls) for calls in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def _instructions(contestant: str, form: str, url: str, calls: int) -> int:
    program = [sys.executable, "-m", "tests.bench.instructions", contestant, form, url, str(calls)]
    done = subprocess.run(  # noqa: S603 - our own module under valgrind
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *program],  # noqa: S607 - wherever it is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        raise RuntimeError(f"callgrind printed no count: {done.stderr[-500:]}")
    return int(found[1])


async def make_calls(contestant: str, form: str, url: str, calls: int) -> None:
    """Make a number of calls, 32 at a time."""
    async with opened_call(contestant, form, url) as call:

        async def some() -> None:
            for _ in range(calls // TOGETHER):
                await call()

        await asyncio.gather(*(some() for _ in range(TOGETHER)))


@asynccontextmanager
async def opened_call(contestant: str, form: str, url: str) -> AsyncGenerator[forms.Call]:
    """Open a client, and yield a function that makes one call."""
    if contestant == "scenario_async":
        from scenario_async import AsyncScenario

        async with AsyncScenario(api_key=KEY, api_secret=SECRET, base_url=url) as client:
            yield forms.of_client(client, form, takes_bytes=True)
    else:
        import orjson

        async with bare_session() as session:
            yield forms.of_aiohttp(session, url, form, orjson.dumps, orjson.loads)


def main(names: list[str]) -> None:
    """Print the instructions of each form, beside bare aiohttp's."""
    if len(names) == len(("contestant", "form", "url", "calls")) and names[0] in CONTESTANTS:
        asyncio.run(make_calls(names[0], names[1], names[2], int(names[3])))
        return
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is not installed")
    with running_server() as url:
        for form in names or forms.FORMS:
            ours, bare = (count(contestant, form, url) for contestant in CONTESTANTS)
            sys.stdout.write(f"{form:12} {ours:10,.0f} {bare:10,.0f} {ours / bare:.2f}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
