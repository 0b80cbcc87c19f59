"""Measure the time and memory of imports, each in a new process."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import IO, Final, cast

from .probes import resident

_PROGRAM: Final = """
import time
{before}
print("ready", flush=True)
input()
start = time.perf_counter()
{measured}
print(time.perf_counter() - start, flush=True)
input()
"""


@dataclass(frozen=True)
class Import:
    """A measured import statement.

    Attributes:
        label: Its name in the table.
        measured: The statement.
        before: What is done before, unmeasured.
    """

    label: str
    measured: str
    before: str = ""


_FROM: Final = "from scenario_async import AsyncScenario"
_CLIENT: Final = f"{_FROM}; client = AsyncScenario(api_key='key', api_secret='secret')"

AIOHTTP: Final = Import("aiohttp", "import aiohttp")
PACKAGE: Final = Import("scenario_async, no name used", "import scenario_async")
LIBRARY: Final = Import("scenario_async", _FROM)
FIRST_USE: Final = Import("scenario_async, client.models", "client.models.training_images", before=_CLIENT)
SDK: Final = Import("sdk", "import scenario_sdk")
IMPORTS: Final = (AIOHTTP, PACKAGE, LIBRARY, FIRST_USE, SDK)


def cost(of: Import) -> tuple[float, int]:
    """Return the seconds and bytes that a statement costs in a new interpreter."""
    program = _PROGRAM.format(before=of.before, measured=of.measured)
    # Installed packages have compiled files, and with this variable, an editable one would have none.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own program
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        output, commands = cast("IO[str]", process.stdout), cast("IO[str]", process.stdin)
        output.readline()
        before = resident(process.pid)
        commands.write("\n")
        commands.flush()
        seconds = float(output.readline())
        memory = resident(process.pid) - before
        commands.write("\n")
    return seconds, memory
