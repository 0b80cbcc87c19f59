"""Run the command line as a user does, in another process."""

from __future__ import annotations

import asyncio
import os
import signal
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import orjson
from attrs import frozen

PROGRAM: Final = str(Path(sysconfig.get_path("scripts")) / "scenario-async")

API_KEY: Final = "key-of-nobody-else"
API_SECRET: Final = "secret-of-nobody-else"

_PATIENCE: Final = 60.0
"""Seconds after which a command counts as hanging."""


@frozen
class Ended:
    """A command that has ended."""

    status: int
    output: str
    errors: str

    @property
    def json(self) -> Any:
        """The parsed JSON of its output."""
        return orjson.loads(self.output)


class Running:
    """A running command.

    Args:
        process: Its process.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def line(self) -> str:
        """The next line of its standard output."""
        assert self._process.stdout is not None
        return (await asyncio.wait_for(self._process.stdout.readline(), _PATIENCE)).decode().strip()

    def interrupt(self, number: int = signal.SIGINT) -> None:
        """Send SIGINT, like Ctrl-C, or another signal."""
        self._process.send_signal(number)

    async def ended(self, *, shows_secret: bool = False, within: float = _PATIENCE) -> Ended:
        """Wait for its end; check that it printed no traceback and no secret."""
        output, errors = await asyncio.wait_for(self._process.communicate(), within)
        assert self._process.returncode is not None
        ended = Ended(self._process.returncode, output.decode(), errors.decode())
        assert "Traceback" not in ended.errors + ended.output
        assert shows_secret or API_SECRET not in ended.errors + ended.output
        return ended

    async def kill(self) -> None:
        """Kill it."""
        if self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()


async def start(*arguments: str | os.PathLike[str]) -> Running:
    """Start ``scenario-async`` with arguments, in the environment of the test."""
    return await start_program(PROGRAM, *arguments)


async def start_program(*words: str | os.PathLike[str]) -> Running:
    """Start any program in the environment of the test."""
    return Running(
        await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    )


async def run(*arguments: str | os.PathLike[str]) -> Ended:
    """Run ``scenario-async`` with arguments to its end."""
    return await (await start(*arguments)).ended()


def words(lines: Iterable[str]) -> list[list[str]]:
    """The words of each line that is not empty."""
    return [line.split() for line in lines if line.strip()]
