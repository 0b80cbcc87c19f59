"""Run the commands that lead from a folder to pictures, and measure how long a person waits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

EXAMPLE: Final = Path(__file__).parents[2] / "docs" / "examples" / "dataset"
PROGRAM: Final = (sys.executable, "-m", "scenario_async")
SPEED: Final = "10"
"""How many times as fast as usual the sandbox's clock runs; ``--sandbox`` has the same."""


@contextmanager
def running_sandbox() -> Generator[dict[str, str]]:
    """Run ``scenario-async sandbox``, and yield the environment that it prints."""
    command = [*PROGRAM, "sandbox", "--port", "0", "--speed", SPEED]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        exports = [line.removeprefix("export ").strip().split("=", 1) for line in lines[1:]]
        try:
            yield dict(exports)
        finally:
            process.send_signal(signal.SIGINT)


def _run(environment: Mapping[str, str], *arguments: str | Path) -> tuple[str, float]:
    """Run a command, and return its output and its time in seconds."""
    began = time.monotonic()
    ran = subprocess.run(  # noqa: S603 - our own
        [*PROGRAM, *map(str, arguments)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return ran.stdout.decode(), time.monotonic() - began


def two_commands(folder: Path) -> tuple[float, float]:
    """Train, and then generate four pictures into a folder, with a sandbox in another process.

    Returns:
        The seconds of each command.
    """
    state = {"XDG_STATE_HOME": str(folder / "state")}
    train = ("train", EXAMPLE, "--name", "paper", "--type", "flux.1-lora", "--max-cost", "2000", "--yes")
    with running_sandbox() as environment:
        printed, training = _run({**environment, **state}, *train, "--json")
        model_id = json.loads(printed)["model_id"]
        generate = ("generate", model_id, "a lighthouse", "-n", "4", "--to", folder, "--yes")
        _, generating = _run({**environment, **state}, *generate)
    return training, generating


def one_command(folder: Path) -> float:
    """Train with a sandbox that the command starts itself, and return the seconds."""
    options = ("--name", "paper", "--type", "flux.1-lora", "--sandbox", "--to", folder)
    return _run({}, "train", EXAMPLE, *options)[1]
