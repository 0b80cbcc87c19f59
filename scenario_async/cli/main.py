"""The entry point of ``scenario-async``."""

from __future__ import annotations

import sys
from typing import Any

from scenario_async.cli._internal.exit_status import INTERRUPTED


def main() -> None:
    """Run the command line."""
    stdout: Any = sys.stdout
    if hasattr(stdout, "reconfigure"):
        # The name of a file may be invalid text, and a terminal may not support each of its letters.
        stdout.reconfigure(errors="backslashreplace")
    try:
        from scenario_async.cli._internal.commands import group
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except ImportError as error:
        if error.name not in {"click", "rich"}:
            raise
        sys.exit("scenario-async: the command line needs more: python -m pip install 'scenario-async[cli]'")
    group()
