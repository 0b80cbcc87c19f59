"""Programs that tests run as processes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import IO, cast

_PATIENCE = 30.0
"""Seconds after which a program counts as hanging."""


class Program:
    """A running Python program: in a folder, with arguments, and with the environment of the tests."""

    def __init__(self, source: str, folder: Path, *arguments: str) -> None:
        file = folder / "program.py"
        file.write_text(dedent(source))
        self._process = subprocess.Popen(  # noqa: S603 - a program of the tests
            [sys.executable, "-E", str(file), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
        )

    def interrupt(self) -> None:
        """Send SIGINT, like Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def line(self) -> str:
        """The next line that it prints."""
        return cast("IO[str]", self._process.stdout).readline().strip()

    def proceed(self) -> None:
        """Send a line to its standard input."""
        stdin = cast("IO[str]", self._process.stdin)
        stdin.write("\n")
        stdin.flush()

    def output(self) -> list[str]:
        """The lines that it prints to its end; fail if it hangs, fails or writes to standard error."""
        try:
            output, errors = self._process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            output, errors = self._process.communicate()
            raise AssertionError(f"it hangs; it printed {output!r} and {errors!r}") from None
        assert (errors, self._process.returncode) == ("", 0), errors
        return output.splitlines()

    def kill(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.communicate()
