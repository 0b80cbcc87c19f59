"""The entry point of ``scenario-async``, and its exit statuses."""

from __future__ import annotations

import sys
from typing import Any, Final

PROGRAM: Final = "scenario-async"

FAILED: Final = 1
"""A picture is not in the training set, or the service refused."""
MISUSE: Final = 2
"""The command itself is wrong."""
INTERRUPTED: Final = 130
"""Ctrl-C; what shells use for it."""


def main() -> None:
    """Run the command line."""
    stdout: Any = sys.stdout
    if hasattr(stdout, "reconfigure"):
        # A file's name need not be text, nor need a terminal know every letter of it.
        stdout.reconfigure(errors="backslashreplace")
    try:
        from scenario_async.cli.commands import group
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except ImportError as error:
        if error.name not in {"click", "rich"}:
            raise
        sys.exit(f"{PROGRAM}: the command line needs more: python -m pip install 'scenario-async[cli]'")
    group()
